"""Reading places. They are public facts, so nobody has to be asked who is looking."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from reporting.places import boundaries, circles
from reporting.places.models import Place

UP = "parent__parent__parent__parent"


@dataclass(frozen=True)
class Neighbourhood:
    """A rayon or city with everything in it that a phone must know."""

    rayon: Place | None
    rayons: list[Place]
    aimaks: list[Place]
    """Aiyl aimaks, and towns that are part of the rayon."""
    villages: list[Place]


def chain(place: Place) -> list[Place]:
    """The place and everything it lies in, nearest first: village, aiyl aimak, rayon, oblast. No query where it came with `UP`."""
    return circles.upwards(place)


def reference_places(*codes: str) -> Neighbourhood:
    """The rayons and cities there are, and the aiyl aimaks and villages of the first one named that is there, or of the first there is."""
    rayons = list(Place.objects.filter(kind__in=(Place.Kind.RAYON, Place.Kind.CITY)).order_by("kind", "code"))
    rayons = [rayon for rayon in rayons if rayon.kind == Place.Kind.RAYON or _stands_alone(rayon, rayons)]
    if not rayons:
        return Neighbourhood(None, [], [], [])
    there = {place.code: place for place in rayons}
    rayon = next((there[code] for code in codes if code in there), rayons[0])
    aimaks = list(Place.objects.filter(parent=rayon, kind__in=(Place.Kind.AIMAK, Place.Kind.CITY)).order_by("code"))
    inside = Place.objects.filter(kind=Place.Kind.VILLAGE, parent__in=[rayon, *aimaks]).order_by("name_ky", "code")
    towns = [place for place in (rayon, *aimaks) if place.kind == Place.Kind.CITY]
    return Neighbourhood(rayon, rayons, aimaks, [*towns, *inside])


def nearest_village(latitude: float, longitude: float) -> Place | None:
    """The village or town whose known coordinates are nearest to a point in degrees WGS 84, with all that it lies in (`UP`).

    Where the point is in an imported polygon, of those in the smallest such unit that has any, or its rayon or city where that has none.
    None where no coordinates are known at all. What lies in no unit is not offered to phones, and not taken here.
    """
    north, east = F("latitude") - latitude, (F("longitude") - longitude) * math.cos(math.radians(latitude))
    away = north * north + east * east
    known = Place.objects.filter(latitude__isnull=False, longitude__isnull=False)
    offered = known.filter(Q(kind=Place.Kind.CITY) | Q(kind=Place.Kind.VILLAGE, parent__isnull=False))
    nearest = offered.select_related(UP).order_by(away, "code")
    for unit in boundaries.containing(latitude, longitude):
        found = nearest.filter(_within(unit)).first()
        if found is not None:
            return found
        if unit.kind in (Place.Kind.RAYON, Place.Kind.CITY):
            return Place.objects.select_related(UP).get(pk=unit.pk)
    return nearest.first()


def _within(unit: Place) -> Q:
    return Q(pk=unit.pk) | Q(parent=unit) | Q(parent__parent=unit) | Q(parent__parent__parent=unit)


def _stands_alone(city: Place, rayons: Iterable[Place]) -> bool:
    """A city that is a unit of its own, not a town inside a rayon."""
    return city.parent_id not in {rayon.pk for rayon in rayons}
