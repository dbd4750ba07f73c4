"""Which border section a point lies on, how far the line is, and whether an enclave is what lies there.

Source: the polygons of `tzfpy` (timezone-boundary-builder, © OpenStreetMap contributors, ODbL). They are approximate: against
OpenStreetMap's own lines in the Fergana area their worst error is 734 m (Tajik section) and 1,219 m (Uzbek section). A point nearer
to the line than that is *uncertain*. No line is asserted here; whoever decides routes by village.

Distances are on a local equirectangular plane around the point, within 0.1 % over the 50 km that are looked at.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import shapely
import tzfpy
from shapely.geometry.base import BaseGeometry

REACH_M = 50_000
DEGREE_M = 111_195.0
HOME = "KG"
ZONES = {
    "KG": ("Asia/Bishkek",),
    "TJ": ("Asia/Dushanbe",),
    "UZ": ("Asia/Tashkent", "Asia/Samarkand"),
    "KZ": ("Asia/Almaty", "Asia/Qyzylorda"),
}
ERROR_M = {"TJ": 734.0, "UZ": 1219.0, "KZ": 1219.0}
"""The worst known error of a section's line; for the Kazakh one nothing is known, so the worst of the others stands for it."""

ENCLAVES = {
    "Vorukh": (39.853, 70.577),
    "Sokh": (39.968, 71.13),
    "Shohimardon": (39.983, 71.805),
    "Jangail": (40.2024, 71.6656),
    "Chon-Qora": (40.2435, 71.0357),
}


@dataclass(frozen=True)
class Location:
    """Where a point is: country by these polygons, nearest section (empty: none within 50 km), metres to its line."""

    country: str
    section: str
    distance_m: float | None
    enclave: str
    uncertain: bool


@lru_cache(maxsize=4096)
def locate(latitude: float, longitude: float) -> Location:
    """The location of a point in degrees WGS 84."""
    point = shapely.Point(longitude, latitude)
    country = next((code for code, land in _lands().items() if land.contains(point)), "")
    if country and country != HOME:
        neighbour, distance = country, _distance_m(point, _lands()[HOME])
    else:
        reached = {code: _distance_m(point, land) for code, land in _lands().items() if code != HOME}
        neighbour = min(reached, key=lambda code: reached[code])
        distance = reached[neighbour]
    if distance > REACH_M:
        return Location(country, "", None, "", uncertain=False)
    enclave = _enclave(point, neighbour, distance if country in ("", HOME) else 0.0)
    return Location(country, f"{HOME}-{neighbour}", round(distance), enclave, distance <= ERROR_M[neighbour])


def source() -> str:
    """What was asked, of which edition."""
    return f"tzfpy {tzfpy.data_version()} (approximate)"


def load() -> None:
    """Read the polygons now rather than with the first report."""
    _lands()


@lru_cache(maxsize=1)
def _lands() -> dict[str, BaseGeometry]:
    """Country → polygons around Kyrgyzstan, prepared."""
    lands = {}
    for code, zones in ZONES.items():
        parts = [shapely.from_geojson(tzfpy.get_tz_polygon_geojson(zone)) for zone in zones]
        land = shapely.make_valid(shapely.union_all(parts, grid_size=1e-7)) if len(parts) > 1 else _only(parts[0])
        lands[code] = shapely.clip_by_rect(land, 68.0, 38.5, 81.5, 44.5)
        shapely.prepare(lands[code])
    return lands


def _only(collection: BaseGeometry) -> BaseGeometry:
    return shapely.make_valid(shapely.union_all(shapely.get_parts(collection)))


def _distance_m(point: shapely.Point, land: BaseGeometry) -> float:
    """Metres from a point to land; infinite when there is none within reach."""
    squeeze = math.cos(math.radians(point.y))
    high, wide = REACH_M / DEGREE_M, REACH_M / DEGREE_M / squeeze
    near = shapely.clip_by_rect(land, point.x - wide, point.y - high, point.x + wide, point.y + high)
    if near.is_empty:
        return math.inf
    flat = shapely.transform(near, lambda xy: (xy - (point.x, point.y)) * (squeeze * DEGREE_M, DEGREE_M))
    return float(flat.distance(shapely.Point(0, 0)))


def _enclave(point: shapely.Point, neighbour: str, distance: float) -> str:
    """The enclave that the point lies in or that the nearest foreign land is."""
    for name, part in _enclaves(neighbour):
        if _distance_m(point, part) <= distance + 1:
            return name
    return ""


@lru_cache(maxsize=4)
def _enclaves(country: str) -> list[tuple[str, BaseGeometry]]:
    parts = shapely.get_parts(_lands()[country])
    mainland = max(parts, key=lambda part: part.area)
    return [
        (name, part)
        for name, (latitude, longitude) in ENCLAVES.items()
        for part in parts
        if part is not mainland and part.contains(shapely.Point(longitude, latitude))
    ]
