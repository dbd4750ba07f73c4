"""When sources disagree, the village decides, and what was looked at is named."""

from datetime import UTC, datetime

import pytest

from reporting.cases import work
from reporting.cases.models import Case
from reporting.people.models import Office
from reporting.places.evidence import whereabouts
from reporting.places.models import Boundary, Dataset, Place
from tests.given import a_routed_case
from tests.phones import JSON, Phone, only
from tests.valley import Valley

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def boundary(place: Place, west: float, south: float, east: float, north: float) -> Dataset:
    dataset = Dataset.objects.create(name=f"polygons of {place.code}", sha256=place.code, loaded_at=NOW)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    Boundary.objects.create(place=place, geometry={"type": "Polygon", "coordinates": [ring]}, dataset=dataset)
    return dataset


def test_a_point_in_another_unit_does_not_move_the_report(valley: Valley) -> None:
    other = Place.objects.create(code="06", kind=Place.Kind.RAYON, name_ky="Башка", parent=valley.oblast)
    boundary(other, 72.0, 40.0, 73.0, 41.0)
    found = whereabouts(village=valley.village, point=(40.5, 72.5))
    assert (found.village, found.section, found.notes) == (valley.village, "KG-TJ", ("gps_elsewhere",))


def test_a_point_in_the_village_s_own_rayon_agrees(valley: Valley) -> None:
    boundary(valley.rayon, 70.0, 39.0, 71.0, 41.0)
    assert whereabouts(village=valley.village, point=(39.9, 70.5)).notes == ()


def test_a_village_without_coordinates_is_uncertain_and_still_accepted(valley: Valley) -> None:
    Place.objects.filter(pk=valley.village.pk).update(latitude=None)
    valley.village.refresh_from_db()
    found = whereabouts(village=valley.village, point=None)
    assert (found.section, found.uncertain, found.notes) == ("", True, ("no_coordinates",))


def test_the_case_says_which_data_placed_it(aijan: Phone) -> None:
    case = a_routed_case(aijan)
    kept = Case.objects.get(pk=case.pk)
    assert kept.section == "KG-TJ"
    assert any(name.startswith("tzfpy ") for name in kept.place_evidence)


def test_a_village_at_the_line_is_marked_uncertain(aijan: Phone, valley: Valley) -> None:
    Place.objects.filter(pk=valley.village.pk).update(latitude=39.87438, longitude=70.52211)
    assert a_routed_case(aijan).border_uncertain


HERE = {"village": None, "position": {"lat": 39.98, "lon": 70.6, "accuracy_m": 30}}


def beside(valley: Valley, parent: Place) -> Place:
    """A village some two kilometres from `HERE`; the valley's own is farther away."""
    return Place.objects.create(
        code="beside", kind=Place.Kind.VILLAGE, name_ky="Жанында", parent=parent, latitude=39.99, longitude=70.62
    )


def test_without_a_village_the_one_nearest_to_the_phone_decides(aijan: Phone, valley: Valley) -> None:
    near = beside(valley, valley.rayon)
    Place.objects.create(code="nowhere", kind=Place.Kind.VILLAGE, name_ky="Эч жерде", latitude=39.98, longitude=70.6)
    case = a_routed_case(aijan, HERE)
    assert case.village == near
    assert case.place_evidence[-1] == "by_position"
    assert responsible(case) == valley.rayon_office
    told = aijan.sees("report", case.reports.get().id)
    assert told is not None
    assert told["village"] == {"code": near.code, "names": near.names}


def test_the_unit_in_whose_polygon_the_phone_is_wins_over_a_nearer_village(aijan: Phone, valley: Valley) -> None:
    other = Place.objects.create(code="06", kind=Place.Kind.RAYON, name_ky="Башка", parent=valley.oblast)
    beside(valley, other)
    boundary(valley.rayon, 70.0, 39.0, 70.61, 41.0)
    assert a_routed_case(aijan, HERE).village == valley.village


def test_where_no_coordinates_are_known_a_village_must_be_named(aijan: Phone) -> None:
    Place.objects.update(latitude=None)
    assert only(aijan.sync(aijan.filed(HERE)))["code"] == "unknown_village"


def test_who_has_none_of_a_rayon_s_villages_reports_from_the_rayon(aijan: Phone, valley: Valley) -> None:
    case = a_routed_case(aijan, {**HERE, "village": valley.rayon.code, "audience": "office"})
    assert (case.village, case.section, case.border_uncertain) == (valley.rayon, "KG-TJ", True)
    assert responsible(case) == valley.rayon_office


def test_a_phone_across_the_line_is_uncertain_however_sure_its_village_is(aijan: Phone) -> None:
    abroad = {"lat": 39.6, "lon": 69.9, "accuracy_m": 10}
    assert a_routed_case(aijan, {**HERE, "position": abroad}).border_uncertain


@pytest.mark.parametrize("position", [None, {"lat": 39.98, "lon": 70.6, "accuracy_m": 2_001}])
def test_what_does_not_tell_the_village_does_not_stand_for_it(aijan: Phone, position: JSON | None) -> None:
    refused = only(aijan.sync(aijan.filed({**HERE, "position": position})))
    assert (refused["status"], refused["code"]) == ("rejected", "invalid")


def responsible(case: Case) -> Office:
    held = work.responsible(case)
    assert held is not None
    return held.office
