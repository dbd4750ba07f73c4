"""Operators' files into places: boundaries, then settlements, then the village table, all in one transaction or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from reporting.errors import BadReference
from reporting.places import boundaries, loading_boundaries, loading_geonames, loading_table
from reporting.places.loading_files import Source, read
from reporting.places.models import Dataset, Place

GEONAMES_LICENCE = "CC BY 4.0 (GeoNames)"


@dataclass(frozen=True)
class Order:
    """What to load: any of three files, the date they are valid on, and the boundaries' level, columns and licence."""

    geonames: Path | None = None
    boundaries: Path | None = None
    level: int = 2
    columns: dict[str, str] = field(default_factory=dict)
    villages_table: Path | None = None
    valid_on: date | None = None
    licence: str = ""


@dataclass(frozen=True)
class Loaded:
    """How many rows each file had, and how many villages are in no unit."""

    units: int
    settlements: int
    links: int
    homeless: int


def load(order: Order, *, at: datetime, say: Callable[[str], None]) -> Loaded:
    """Load the files of one order. Loading again updates.

    Raises BadReference with file, line and reason; then nothing was changed.
    """
    if not (order.geonames or order.boundaries or order.villages_table):
        raise BadReference("no file was named")
    with transaction.atomic():
        units = _load_boundaries(order, at, say)
        settlements = _load_geonames(order, at, say)
        links = _load_table(order, at, say)
        homeless = settle()
        _refuse_circles()
    return Loaded(units, settlements, links, homeless)


def settle() -> int:
    """Give villages that no table placed the smallest unit whose polygon holds them. Returns how many lie in none."""
    unplaced = Place.objects.filter(kind=Place.Kind.VILLAGE).filter(
        Q(parent_source="polygon") | Q(parent_source="", parent=None)
    )
    homeless = 0
    for village in unplaced.exclude(latitude=None).exclude(longitude=None):
        around = boundaries.containing(village.latitude or 0.0, village.longitude or 0.0)
        parent = around[0] if around else None
        homeless += parent is None
        if village.parent_id != (parent.pk if parent else None):
            village.parent, village.parent_source = parent, "polygon" if parent else ""
            village.save(update_fields=["parent", "parent_source"])
    return homeless


def _refuse_circles() -> None:
    """Raises BadReference where a place would lie in itself, by these files or by what was there before."""
    above = dict(Place.objects.values_list("pk", "parent_id"))
    for place, parent in above.items():
        passed: set[int] = {place}
        upper: int | None = parent
        while upper is not None and upper not in passed:
            passed.add(upper)
            upper = above[upper]
        if upper is not None:
            raise BadReference(f"{Place.objects.get(pk=upper).code} would lie in itself")


def _load_boundaries(order: Order, at: datetime, say: Callable[[str], None]) -> int:
    if order.boundaries is None:
        return 0
    source = read(order.boundaries, unit="feature", say=say)
    units, said = loading_boundaries.parse(source, order.level, order.columns)
    dataset = _record(f"Boundaries level {order.level}", source, order, at, licence=order.licence, valid_on=said)
    loading_boundaries.store(source, units, order.level, dataset)
    return len(units)


def _load_geonames(order: Order, at: datetime, say: Callable[[str], None]) -> int:
    if order.geonames is None:
        return 0
    source = read(order.geonames, unit="line", say=say)
    settlements = loading_geonames.parse(source)
    dataset = _record("GeoNames", source, order, at, licence=GEONAMES_LICENCE, valid_on=None)
    loading_geonames.store(source, settlements, dataset)
    return len(settlements)


def _load_table(order: Order, at: datetime, say: Callable[[str], None]) -> int:
    if order.villages_table is None:
        return 0
    source = read(order.villages_table, unit="line", say=say)
    links = loading_table.parse(source)
    dataset = _record("Village table", source, order, at, licence=order.licence, valid_on=None)
    loading_table.store(source, links, dataset)
    return len(links)


def _record(name: str, source: Source, order: Order, at: datetime, *, licence: str, valid_on: date | None) -> Dataset:
    """The row that decisions name. The same file again keeps its row, and what was said of it unless said anew."""
    dataset, made = Dataset.objects.get_or_create(
        name=name,
        sha256=source.sha256,
        defaults={"valid_on": order.valid_on or valid_on, "licence": licence, "loaded_at": at},
    )
    if not made:
        dataset.valid_on, dataset.licence = order.valid_on or dataset.valid_on, licence or dataset.licence
        dataset.loaded_at = at
        dataset.save()
    return dataset
