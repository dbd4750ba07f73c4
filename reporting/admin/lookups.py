"""What may be asked of a list by its address. Django lets any field be asked for, also those that no page shows."""

from typing import Any, ClassVar

from django.http import HttpRequest


class OnlyItsFilters:
    """A list answers to the filters it shows and to nothing else: no probing of hidden fields or of what refers to a row."""

    list_filter: ClassVar[Any]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Whether `lookup` belongs to one of the filters on the page."""
        shown = {_name(item) for item in self.list_filter}
        name, _, condition = lookup.partition("__")
        return name in shown and condition in ("", "exact", "isempty", "isnull")


def _name(item: Any) -> str:
    """A filter is a field's name, a field's name with a class, or a class with a parameter of its own."""
    if isinstance(item, str):
        return item
    return str(item[0] if isinstance(item, tuple) else item.parameter_name)
