"""Villages from a GeoNames country dump: 19 columns, tab-separated, no header."""

import math
import re
from collections import defaultdict
from dataclasses import dataclass

from reporting.places import boundaries
from reporting.places.loading_files import Source, clean, degrees, geonames_id, ours, take_names
from reporting.places.models import Dataset, Place

COLUMNS = 19
COUNTRY = "KG"
GONE = ("PPLH", "PPLQ", "PPLW", "PPLX")
"""Historical, abandoned and destroyed places, and mere sections of one."""
CYRILLIC = re.compile(r"[а-яёүөңА-ЯЁҮӨҢ][а-яёүөңА-ЯЁҮӨҢ .()’'-]*")
KYRGYZ = re.compile(r"[үөң]", re.IGNORECASE)
RUSSIAN = re.compile(r"дж|[щцф]|ск(?:ий|ое|ая)\b", re.IGNORECASE)
TOWN_WORDS = re.compile(r"\(city\)|\b(?:city|town|шаары|город)\b|(?:^г\.)|(?:\bш\.)", re.IGNORECASE)

KM_A_DEGREE = 111.2
SAME_VILLAGE_KM = 3.0
SAME_UNIT_KM = 20.0
"""An aiyl aimak's villages lie no further from its centre than this; namesakes of other aimaks mostly do."""


@dataclass(frozen=True)
class Settlement:
    """One line of feature class P, checked."""

    geonameid: int
    names: dict[str, str]
    latitude: float
    longitude: float


def parse(source: Source) -> list[Settlement]:
    """The living settlements of the country."""
    found: list[Settlement] = []
    seen: dict[int, int] = {}
    for number, line in enumerate(source.watched(source.text.split("\n")), 1):
        if not line.strip():
            continue
        cells = line.rstrip("\r").split("\t")
        if len(cells) != COLUMNS:
            source.refuse(number, f"{len(cells)} columns instead of GeoNames' {COLUMNS}")
        geonameid = geonames_id(source, number, cells[0])
        if geonameid in seen:
            source.refuse(number, f"GeoNames id {geonameid} is also in line {seen[geonameid]}")
        seen[geonameid] = number
        latitude, longitude = degrees(source, number, cells[4], cells[5])
        if cells[6] == "P" and cells[8] == COUNTRY and cells[7] not in GONE:
            found.append(Settlement(geonameid, _names(source, number, cells), latitude, longitude))
    if not found:
        source.refuse(None, f"no settlements of {COUNTRY} (feature class P) in it")
    return found


def store(source: Source, settlements: list[Settlement], dataset: Dataset) -> None:
    """Settlements into the database, inside the caller's transaction. Parents are settled after."""
    ids = [settlement.geonameid for settlement in settlements]
    kept = {place.geonameid: place for place in Place.objects.select_related("dataset").filter(geonameid__in=ids)}
    unmatched = _without_id()
    for settlement in source.watched(settlements):
        place = (
            kept.get(settlement.geonameid) or _city(settlement) or _village(settlement, unmatched) or _new(settlement)
        )
        corrects = ours(place, dataset)
        take_names(place, settlement.names, replace=corrects and place.kind == Place.Kind.VILLAGE)
        place.geonameid = settlement.geonameid
        if corrects or place.latitude is None:
            place.latitude, place.longitude = settlement.latitude, settlement.longitude
        if corrects:
            place.dataset = dataset
        place.save()


def cyrillic_names(alternates: list[str]) -> dict[str, str]:
    """Kyrgyz and Russian among alternate names whose language is not marked.

    Only names wholly in the two alphabets count. One with ө, ү or ң is Kyrgyz, one without is Russian; where all lack them the
    one with дж, щ, ц, ф or -ский is Russian, and a single name serves as both.
    """
    usable = [name for name in alternates if CYRILLIC.fullmatch(name)]
    if not usable:
        return {}
    kyrgyz = min(usable, key=lambda name: (not KYRGYZ.search(name), bool(RUSSIAN.search(name))))
    russian = min(usable, key=lambda name: (bool(KYRGYZ.search(name)), not RUSSIAN.search(name)))
    return {"ky": kyrgyz} if KYRGYZ.search(russian) else {"ky": kyrgyz, "ru": russian}


def _names(source: Source, number: int, cells: list[str]) -> dict[str, str]:
    latin = clean(source, number, cells[1])
    if not latin:
        source.refuse(number, "no name")
    alternates = [name.strip() for name in cells[3].split(",") if 0 < len(name.strip()) <= 200]
    return {"en": latin, **cyrillic_names([latin, *alternates])}


def _new(settlement: Settlement) -> Place:
    return Place(code=f"gn-{settlement.geonameid}", kind=Place.Kind.VILLAGE)


def _city(settlement: Settlement) -> Place | None:
    """The city that a settlement is: its polygon contains the point and it bears the name. It is no village of its own."""
    wanted = {_plain(name) for name in settlement.names.values()}
    for place in boundaries.containing(settlement.latitude, settlement.longitude):
        named = place.kind == Place.Kind.CITY and wanted & {_plain(name) for name in place.names.values()}
        if named and place.geonameid is None:
            return place
    return None


def _without_id() -> dict[str, list[Place]]:
    """Villages that another source named and that no dump was matched with yet, by each of their names."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in Place.objects.filter(kind=Place.Kind.VILLAGE, geonameid=None).select_related("parent", "dataset"):
        for name in {_plain(name) for name in place.names.values()}:
            found[name].append(place)
    return found


def _village(settlement: Settlement, unmatched: dict[str, list[Place]]) -> Place | None:
    """The one village that bears the name and lies there, as far as is known; several that might be it are none."""
    names = {_plain(name) for name in settlement.names.values()}
    namesakes = {place.pk: place for name in names for place in unmatched[name] if place.geonameid is None}
    near = [place for place in namesakes.values() if _may_lie_at(place, settlement)]
    return near[0] if len(near) == 1 else None


def _may_lie_at(village: Place, settlement: Settlement) -> bool:
    """By its own coordinates; where those are not known, by those of the unit it belongs to."""
    own = village.latitude is not None and village.longitude is not None
    known = village if own else village.parent
    if known is None or known.latitude is None or known.longitude is None:
        return False
    north = known.latitude - settlement.latitude
    east = (known.longitude - settlement.longitude) * math.cos(math.radians(settlement.latitude))
    return math.hypot(north, east) * KM_A_DEGREE <= (SAME_VILLAGE_KM if own else SAME_UNIT_KM)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", TOWN_WORDS.sub(" ", name).lower())
