"""What is above itself has no end above it: whoever goes up must stop, and nobody may make it so."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=Model)


def upwards(row: Row) -> list[Row]:
    """The row and everything above it by `parent`, nearest first, each once."""
    found: list[Row] = []
    upper: Row | None = row
    while upper is not None and upper not in found:
        found.append(upper)
        upper = getattr(upper, "parent", None)
    return found


def refuse(row: Model) -> None:
    """Raises ValidationError where going up from this row comes back, to it or to one above it."""
    if getattr(upwards(row)[-1], "parent_id", None) is not None:
        raise ValidationError({"parent": _("This would put it above itself.")})
