"""Oblasts, rayons and cities with their polygons, from OCHA COD-AB GeoJSON or a file with other columns."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from reporting.errors import BadReference
from reporting.places.loading_files import Source, city_code, clean, known, on_earth, ours, soate, take_names
from reporting.places.models import Boundary, Dataset, Place
from reporting.places.names import LANGUAGES

WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
MENDED_SHARE = 1e-6
"""A ring that touches itself is mended when its area stays the same to a millionth; anything worse is refused."""
FIELDS = ("code", "parent", "name_ky", "name_ru", "name_en", "name_tg", "name_uz", "type")
KINDS = {1: (Place.Kind.OBLAST, Place.Kind.CITY), 2: (Place.Kind.RAYON, Place.Kind.CITY)}


@dataclass(frozen=True)
class Unit:
    """One feature, checked."""

    number: int
    code: str
    pcode: str
    parent: str
    parent_names: dict[str, str]
    names: dict[str, str]
    kind: Place.Kind
    geometry: dict[str, Any]


def columns_of(level: int, mapping: dict[str, str]) -> dict[str, str]:
    """Which property holds what: COD-AB's names for a level, unless mapped otherwise."""
    if level not in KINDS:
        raise BadReference(f"level {level} is not 1 or 2")
    if unknown := sorted(set(mapping) - set(FIELDS)):
        raise BadReference(f"--map knows {', '.join(FIELDS)}, not {', '.join(unknown)}")
    usual = {f"name_{code}": f"ADM{level}_{code.upper()}" for code in LANGUAGES}
    usual |= {"code": f"ADM{level}_PCODE", "parent": f"ADM{level - 1}_PCODE", "type": f"ADM{level}TYP_EN"}
    return usual | mapping


def parse(source: Source, level: int, mapping: dict[str, str]) -> tuple[list[Unit], date | None]:
    """Every unit of the file, and the date it says it is valid on."""
    columns = columns_of(level, mapping)
    features = _features(source)
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(source.watched(features), 1):
        unit = _unit(source, number, feature, level, columns)
        if unit.code in seen:
            source.refuse(number, f"code {unit.code} is also in feature {seen[unit.code]}")
        seen[unit.code] = number
        units.append(unit)
    return units, _valid_on(features)


def store(source: Source, units: list[Unit], level: int, dataset: Dataset) -> None:
    """Units and their polygons into the database, inside the caller's transaction."""
    seen: dict[int, int] = {}
    for unit in source.watched(units):
        place = known(unit.pcode, *KINDS[level]) or Place(code=unit.code, kind=unit.kind)
        if place.pk and place.kind not in KINDS[level]:
            source.refuse(unit.number, f"code {unit.code} is a {place.kind} already")
        corrects = ours(place, dataset)
        take_names(place, unit.names, replace=corrects)
        place.pcode = unit.pcode
        if corrects:
            place.dataset = dataset
        if level > 1 and (corrects or place.parent is None):
            place.parent, place.parent_source = _parent(source, unit, dataset), "table"
        place.save()
        if place.pk in seen:
            source.refuse(unit.number, f"the same unit as feature {seen[place.pk]}")
        seen[place.pk] = unit.number
        Boundary.objects.update_or_create(place=place, defaults={"geometry": unit.geometry, "dataset": dataset})


def _features(source: Source) -> list[Any]:
    try:
        document = json.loads(source.text)
    except json.JSONDecodeError as error:
        raise BadReference(f"{source.path.name}, line {error.lineno}: broken JSON ({error.msg})") from error
    except (RecursionError, ValueError) as error:
        raise BadReference(f"{source.path.name}: broken JSON ({error})") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        source.refuse(None, "not a GeoJSON FeatureCollection with features")
    if (crs := document.get("crs")) and not json.dumps(crs).rstrip('"} ').endswith(WGS84):
        source.refuse(None, "coordinates must be WGS 84 degrees (CRS84)")
    return features


def _unit(source: Source, number: int, feature: Any, level: int, columns: dict[str, str]) -> Unit:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        source.refuse(number, "no properties")
    cells = {key: clean(source, number, properties.get(column)) for key, column in columns.items()}
    pcode = clean(source, number, cells["code"], longest=20)
    names = {key[5:]: name for key, name in cells.items() if key.startswith("name_") and name}
    if not pcode or not names:
        source.refuse(number, f"columns {columns['code']} and {columns['name_en']} (or another name) must be filled")
    parents = {code: clean(source, number, properties.get(f"ADM{level - 1}_{code.upper()}")) for code in LANGUAGES}
    city = any(word in cells["type"].lower() for word in ("city", "town")) or "(city)" in names.get("en", "")
    code = city_code(pcode) if city else soate(pcode)
    return Unit(
        number=number,
        code=code,
        pcode=pcode,
        parent=cells["parent"][:20],
        parent_names={code: name for code, name in parents.items() if name},
        names=names,
        kind=KINDS[level][1 if city else 0],
        geometry=_geometry(source, number, feature.get("geometry")),
    )


def _geometry(source: Source, number: int, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or given.get("type") not in ("Polygon", "MultiPolygon"):
        source.refuse(number, "the geometry is not a Polygon or MultiPolygon")
    try:
        shape = shapely.force_2d(shapely.geometry.shape(given))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        source.refuse(number, f"the polygon cannot be read ({error})")
    corners = shapely.get_coordinates(shape)
    if shape.is_empty or not all(on_earth(latitude, longitude) for longitude, latitude in corners.tolist()):
        source.refuse(number, "the polygon is empty or has coordinates outside the globe")
    found: dict[str, Any] = json.loads(shapely.to_geojson(_mended(source, number, shape)))
    return found


def _mended(source: Source, number: int, shape: BaseGeometry) -> BaseGeometry:
    if shape.is_valid:
        return shape
    parts = shapely.get_parts(shapely.make_valid(shape))
    mended = shapely.union_all([part for part in parts if part.geom_type in ("Polygon", "MultiPolygon")])
    if shape.area <= 0 or abs(mended.area - shape.area) > shape.area * MENDED_SHARE:
        source.refuse(number, f"the polygon is invalid ({shapely.is_valid_reason(shape)})")
    return mended


def _parent(source: Source, unit: Unit, dataset: Dataset) -> Place:
    """The oblast of a rayon or city: known, or made from the columns that COD-AB repeats in every row."""
    if unit.parent == unit.pcode:
        source.refuse(unit.number, f"{unit.pcode} would lie in itself")
    found = known(unit.parent, *KINDS[1])
    if found is not None and found.kind not in KINDS[1]:
        source.refuse(unit.number, f"parent {unit.parent} is a {found.kind}, not an oblast")
    if found is None and not (unit.parent and unit.parent_names):
        source.refuse(unit.number, f"unknown parent “{unit.parent}”")
    if found is None:
        found = Place(code=soate(unit.parent), pcode=unit.parent, kind=Place.Kind.OBLAST, dataset=dataset)
        take_names(found, unit.parent_names, replace=True)
        found.save()
    return found


def _valid_on(features: list[Any]) -> date | None:
    """The newest `validOn` (COD-AB) of the features, where they carry one."""
    said = [str(feature["properties"].get("validOn", "")) for feature in features]
    try:
        return max((date.fromisoformat(day[:10]) for day in said if day), default=None)
    except ValueError:
        return None
