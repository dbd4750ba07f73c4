"""Points in the polygons that operators imported."""

from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from reporting.places.models import Boundary, Dataset, Place

SMALLEST_FIRST = (Place.Kind.CITY, Place.Kind.AIMAK, Place.Kind.RAYON, Place.Kind.OBLAST, Place.Kind.COUNTRY)


def containing(latitude: float, longitude: float) -> list[Place]:
    """The places whose imported polygon contains a point in degrees WGS 84, smallest kind first."""
    newest = Dataset.objects.order_by("-loaded_at", "-id").values_list("id", "loaded_at").first()
    tree, owners = _index(newest)
    if tree is None:
        return []
    found = [owners[number] for number in tree.query(shapely.Point(longitude, latitude), predicate="intersects")]
    places = Place.objects.filter(pk__in=found, kind__in=SMALLEST_FIRST)
    return sorted(places, key=lambda place: SMALLEST_FIRST.index(Place.Kind(place.kind)))


@lru_cache(maxsize=1)
def _index(_newest: object) -> tuple[shapely.STRtree | None, list[int]]:
    """Built once for each state of the imported data, which its newest data set names."""
    rows = list(Boundary.objects.order_by("place_id").values_list("place_id", "geometry"))
    polygons: list[BaseGeometry] = [shapely.geometry.shape(geometry) for _, geometry in rows]
    return (shapely.STRtree(polygons), [place_id for place_id, _ in rows]) if rows else (None, [])
