"""What routing looks things up in, each read once for a batch of cases. What staff change meanwhile counts from the next batch on."""

from functools import cached_property

from reporting.cases.categories import Category
from reporting.people.models import Office
from reporting.places.models import Place
from reporting.places.queries import UP
from reporting.routing.models import Rule


class Book:
    """Rules, offices, and the villages and categories that came up. Make one for a batch and let go of it."""

    def __init__(self) -> None:
        self._villages: dict[int, Place] = {}
        self._categories: dict[int, Category] = {}

    @cached_property
    def rules(self) -> list[Rule]:
        """Those in force, with their copies."""
        return list(Rule.objects.filter(active=True).prefetch_related("copies"))

    @cached_property
    def offices(self) -> list[Office]:
        """Those that work."""
        return list(Office.objects.filter(active=True))

    def village(self, pk: int) -> Place:
        """A village with all that it lies in."""
        if pk not in self._villages:
            self._villages[pk] = Place.objects.select_related(UP).get(pk=pk)
        return self._villages[pk]

    def category(self, pk: int) -> Category:
        """A category by its key."""
        if pk not in self._categories:
            self._categories[pk] = Category.objects.get(pk=pk)
        return self._categories[pk]
