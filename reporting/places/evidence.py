"""Where something happened, when sources disagree.

The village that the resident chose wins over a GPS point and any polygon it falls in; what village belongs to what aiyl aimak was
decided when places were loaded, where the operator's table wins over polygons. Within the known error of a border the outcome is
*uncertain*, and the village still decides. What was looked at is named, so that a decision can be understood years later.
"""

from dataclasses import dataclass

from reporting.places import borders, boundaries
from reporting.places.models import Dataset, Place
from reporting.places.queries import chain

GPS_ELSEWHERE = "gps_elsewhere"
NO_COORDINATES = "no_coordinates"
"""The village's own are not known; those of what it lies in stand for them."""
BY_POSITION = "by_position"
"""The reporter named no village; this one is the nearest to where the phone was."""


@dataclass(frozen=True)
class Whereabouts:
    """The village that decides, its border section (empty: none near), and what was looked at.

    `notes` holds `gps_elsewhere` (the point lies in another unit than the village), `no_coordinates` and `by_position`.
    """

    village: Place
    section: str
    uncertain: bool
    datasets: tuple[str, ...]
    notes: tuple[str, ...] = ()


def whereabouts(*, village: Place, point: tuple[float, float] | None, named: bool = True) -> Whereabouts:
    """What is known of a village, and of the phone's position (latitude, longitude in degrees) where it gave one. Not `named`: the
    village was found by the position.
    """
    places = chain(village)
    loaded = Dataset.objects.in_bulk({place.dataset_id for place in places if place.dataset_id})
    datasets = [str(loaded[place.dataset_id]) for place in places if place.dataset_id]
    notes = [] if named else [BY_POSITION]
    if point is not None and not _agrees(point, places):
        notes.append(GPS_ELSEWHERE)
    if village.latitude is None:
        notes.append(NO_COORDINATES)
    known = next(
        ((p.latitude, p.longitude) for p in places if p.latitude is not None and p.longitude is not None), point
    )
    if known is None:
        return Whereabouts(village, "", True, _once(datasets), tuple(notes))
    location = borders.locate(*known)
    looked_at = [location] if named or point is None else [location, borders.locate(*point)]
    uncertain = NO_COORDINATES in notes or any(one.uncertain or one.country != borders.HOME for one in looked_at)
    return Whereabouts(village, location.section, uncertain, _once([*datasets, borders.source()]), tuple(notes))


def _agrees(point: tuple[float, float], places: list[Place]) -> bool:
    """Whether a point lies in no imported polygon of a unit that the village is not in."""
    containing = boundaries.containing(*point)
    return all(place in places for place in containing)


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
