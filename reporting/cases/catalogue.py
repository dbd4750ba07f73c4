"""What reports are read against, each looked up once for a batch of them. What staff change meanwhile counts from the next batch on."""

from django.db.models import QuerySet

from reporting.cases.models import Category, Term
from reporting.places.evidence import Whereabouts, whereabouts
from reporting.places.models import Place
from reporting.places.queries import UP


class Catalogue:
    """Categories, villages, where these lie, and terms, as they came up. Make one for a batch and let go of it."""

    def __init__(self) -> None:
        self._categories: dict[str, Category | None] = {}
        self._villages: dict[str, Place | None] = {}
        self._whereabouts: dict[int, Whereabouts] = {}
        self._terms: dict[str, list[Term]] = {}

    def category(self, code: str) -> Category | None:
        """One that reports may name."""
        if code not in self._categories:
            self._categories[code] = Category.objects.filter(code=code, active=True).first()
        return self._categories[code]

    def village(self, code: str) -> Place | None:
        """With all that it lies in."""
        if code not in self._villages:
            self._villages[code] = villages().select_related(UP).filter(code=code).first()
        return self._villages[code]

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


def villages() -> QuerySet[Place]:
    """Where a report may be from."""
    return Place.objects.filter(kind__in=(Place.Kind.VILLAGE, Place.Kind.CITY))
