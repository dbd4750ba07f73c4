"""Reading places. They are public facts, so nobody has to be asked who is looking."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.places.models import Place

UP = "parent__parent__parent__parent"


@dataclass(frozen=True)
class Neighbourhood:
    """A rayon or city with everything in it that a phone must know."""

    rayon: Place | None
    rayons: list[Place]
    aimaks: list[Place]
    villages: list[Place]


def chain(place: Place) -> list[Place]:
    """The place and everything it lies in, nearest first: village, aiyl aimak, rayon, oblast."""
    found, here = [], Place.objects.select_related(UP).get(pk=place.pk)
    upper: Place | None = here
    while upper is not None:
        found.append(upper)
        upper = upper.parent
    return found


def reference_places(rayon_code: str) -> Neighbourhood:
    """The rayons and cities there are, and the aiyl aimaks and villages of the one asked for, or of the first."""
    rayons = list(Place.objects.filter(kind__in=(Place.Kind.RAYON, Place.Kind.CITY)).order_by("kind", "code"))
    rayons = [rayon for rayon in rayons if rayon.kind == Place.Kind.RAYON or _stands_alone(rayon, rayons)]
    rayon = next((place for place in rayons if place.code == rayon_code), rayons[0] if rayons else None)
    if rayon is None:
        return Neighbourhood(None, [], [], [])
    inside = Place.objects.filter(parent=rayon)
    aimaks = list(inside.filter(kind=Place.Kind.AIMAK).order_by("code"))
    villages = Place.objects.filter(kind__in=(Place.Kind.VILLAGE, Place.Kind.CITY), parent__in=[rayon, *aimaks])
    own = [rayon] if rayon.kind == Place.Kind.CITY else []
    return Neighbourhood(rayon, rayons, aimaks, [*own, *villages.order_by("name_ky", "code")])


def _stands_alone(city: Place, rayons: Iterable[Place]) -> bool:
    """A city that is a unit of its own, not a town inside a rayon."""
    return city.parent_id not in {rayon.pk for rayon in rayons}
