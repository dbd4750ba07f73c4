"""What reports are read against, each looked up once for some seconds. What staff change counts for reports from then on."""

import time

from django.db.models import QuerySet

from reporting.cases.categories import Category
from reporting.cases.models import Term
from reporting.places.evidence import Whereabouts, whereabouts
from reporting.places.models import Place
from reporting.places.queries import UP

KEPT_SECONDS = 10.0


class Catalogue:
    """Categories, villages, where these lie, and terms, as they came up. What is not there is looked for anew: it may just have come."""

    def __init__(self) -> None:
        self._categories: dict[str, Category] = {}
        self._villages: dict[str, Place] = {}
        self._whereabouts: dict[int, Whereabouts] = {}
        self._terms: dict[str, list[Term]] = {}

    def category(self, code: str) -> Category | None:
        """Also one that is not in use any more: it was, when the phone that now comes online had its list."""
        found = self._categories.get(code) or Category.objects.filter(code=code).first()
        if found is not None:
            self._categories[code] = found
        return found

    def village(self, code: str) -> Place | None:
        """With all that it lies in."""
        found = self._villages.get(code) or villages().select_related(UP).filter(code=code).first()
        if found is not None:
            self._villages[code] = found
        return found

    def whereabouts(self, village: Place) -> Whereabouts:
        """What is known of a village when the phone gave no position."""
        if village.pk not in self._whereabouts:
            self._whereabouts[village.pk] = whereabouts(village=village, point=None)
        return self._whereabouts[village.pk]

    def terms(self, track: str) -> list[Term]:
        """Those of a track, whenever they are in force."""
        if track not in self._terms:
            self._terms[track] = list(Term.objects.filter(track=track))
        return self._terms[track]


_kept = (0.0, Catalogue())


def recent() -> Catalogue:
    """One that began at most `KEPT_SECONDS` ago. A row that was deleted since lets an operation fail, and the phone comes again."""
    global _kept  # noqa: PLW0603 - threads that meet here make one too many
    began, known = _kept
    if time.monotonic() - began > KEPT_SECONDS:
        known = Catalogue()
        _kept = (time.monotonic(), known)
    return known


def villages() -> QuerySet[Place]:
    """Where a report may be from: a rayon where the phone has none of its villages."""
    return Place.objects.filter(kind__in=(Place.Kind.VILLAGE, Place.Kind.CITY, Place.Kind.RAYON))
