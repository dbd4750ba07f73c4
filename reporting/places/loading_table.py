"""Which village belongs to which aiyl aimak, by the operator's word. It wins over every polygon.

CSV with a header, separated by commas or semicolons. Columns: `village_code` or `geonameid` (or both), `aimak_code`; optional
`name_ky, name_ru, name_en, latitude, longitude` of the village (needed are `village_code` and a name to add one that is unknown),
and `aimak_name_ky, aimak_name_ru, aimak_name_en, rayon_code` (needed are a name and the rayon to add an aiyl aimak).
"""

import csv
import io
from dataclasses import dataclass

from reporting.places.loading_files import LONGEST_CODE, Source, clean, degrees, geonames_id, known, soate, take_names
from reporting.places.models import Dataset, Place
from reporting.places.names import LANGUAGES

COLUMNS = (
    *("village_code", "geonameid", "aimak_code", "rayon_code", "latitude", "longitude"),
    *(f"{whose}name_{language}" for whose in ("", "aimak_") for language in LANGUAGES),
)
HOLDERS = (Place.Kind.AIMAK, Place.Kind.CITY)
UPPER = (Place.Kind.RAYON, Place.Kind.CITY)


@dataclass(frozen=True)
class Link:
    """One line, checked for form."""

    number: int
    cells: dict[str, str]
    geonameid: int | None
    point: tuple[float, float] | None


def parse(source: Source) -> list[Link]:
    """The lines of the table."""
    header = source.text.split("\n", 1)[0]
    mark = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(source.text, newline=""), delimiter=mark, strict=True)
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
        _check_header(source, list(reader.fieldnames))
        links = [_link(source, reader.line_num, row) for row in source.watched(reader)]
    except csv.Error as error:
        source.refuse(reader.line_num, f"broken CSV ({error})")
    if not links:
        source.refuse(None, "no lines in it")
    return links


def store(source: Source, links: list[Link], dataset: Dataset) -> None:
    """Links into the database, inside the caller's transaction."""
    seen: dict[int, int] = {}
    for link in source.watched(links):
        village = _village(source, link)
        take_names(village, _named(link, ""), replace=True)
        if link.point:
            village.latitude, village.longitude = link.point
        village.parent, village.parent_source, village.dataset = _aimak(source, link, dataset), "table", dataset
        village.save()
        if village.pk in seen:
            source.refuse(link.number, f"the village is also in line {seen[village.pk]}")
        seen[village.pk] = link.number


def _check_header(source: Source, names: list[str]) -> None:
    if strange := sorted(set(names) - set(COLUMNS)):
        source.refuse(1, f"unknown columns: {', '.join(strange)[:100]}")
    if len(names) != len(set(names)):
        source.refuse(1, "a column is there twice")
    if "aimak_code" not in names or not {"village_code", "geonameid"} & set(names):
        source.refuse(1, "columns aimak_code and village_code (or geonameid) must be there")


def _link(source: Source, number: int, row: dict[str, str]) -> Link:
    if None in row or None in row.values():
        source.refuse(number, "not as many cells as the header has columns")
    cells = {key: clean(source, number, value) for key, value in row.items()}
    for key in ("village_code", "aimak_code", "rayon_code"):
        clean(source, number, cells.get(key, ""), longest=LONGEST_CODE)
    if not cells["aimak_code"] or not (cells.get("village_code") or cells.get("geonameid")):
        source.refuse(number, "the village's or the aiyl aimak's code is empty")
    latitude, longitude = cells.get("latitude", ""), cells.get("longitude", "")
    return Link(
        number=number,
        cells=cells,
        geonameid=geonames_id(source, number, cells["geonameid"]) if cells.get("geonameid") else None,
        point=degrees(source, number, latitude, longitude) if latitude or longitude else None,
    )


def _named(link: Link, whose: str) -> dict[str, str]:
    return {language: link.cells.get(f"{whose}name_{language}", "") for language in LANGUAGES}


def _village(source: Source, link: Link) -> Place:
    code = link.cells.get("village_code", "")
    by_id = Place.objects.filter(geonameid=link.geonameid).first() if link.geonameid else None
    by_code = known(code, Place.Kind.VILLAGE)
    if by_id and by_code and by_id != by_code:
        source.refuse(link.number, f"village_code is {by_code.code}, but geonameid is {by_id.code}")
    found = by_id or by_code
    if found is None and not (code and any(_named(link, "").values())):
        source.refuse(link.number, f"unknown village “{code or link.geonameid}”")
    found = found or Place(code=soate(code), kind=Place.Kind.VILLAGE)
    if found.kind != Place.Kind.VILLAGE:
        source.refuse(link.number, f"{found.code} is a {found.kind}, not a village")
    if link.geonameid and found.geonameid not in (None, link.geonameid):
        source.refuse(link.number, f"{found.code} has GeoNames id {found.geonameid}, not {link.geonameid}")
    found.geonameid = found.geonameid or link.geonameid
    return found


def _aimak(source: Source, link: Link, dataset: Dataset) -> Place:
    code, rayon_code = link.cells["aimak_code"], link.cells.get("rayon_code", "")
    found, rayon = known(code, *HOLDERS), known(rayon_code, *UPPER)
    if rayon_code and (rayon is None or rayon.kind not in UPPER):
        source.refuse(link.number, f"unknown rayon “{rayon_code}”")
    if found is None and not (rayon and any(_named(link, "aimak_").values())):
        source.refuse(link.number, f"unknown parent: aiyl aimak “{code}”, and no name and rayon_code to add it")
    found = found or Place(code=soate(code), kind=Place.Kind.AIMAK, dataset=dataset)
    if found.kind not in HOLDERS:
        source.refuse(link.number, f"{found.code} is a {found.kind}, not an aiyl aimak or city")
    take_names(found, _named(link, "aimak_"), replace=True)
    if rayon and found.kind == Place.Kind.AIMAK:
        found.parent, found.parent_source = rayon, "table"
    found.save()
    return found
