"""Which reports count: a partial form whose whole has come is not told again."""

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class Counted(models.QuerySet[M]):
    """Reports."""

    def counting(self) -> Self:
        """One for each thing that was said."""
        return self.filter(completed_by=None)
