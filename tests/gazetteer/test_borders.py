"""Where the border is, as far as anybody can say. The points and what each source says of them were compiled in 2026."""

import pytest

from reporting.places.borders import ENCLAVES, ERROR_M, locate

# name, latitude, longitude, country and section by OpenStreetMap (© its contributors, ODbL), metres to that line
POINTS = [
    ("Batken", 40.06, 70.82, "KG", "KG-TJ", 7476),
    ("Samarkandyk", 39.9981, 70.54589, "KG", "KG-TJ", 824),
    ("Ak-Tatyr", 39.9599, 70.48451, "KG", "KG-TJ", 1048),
    ("Kapchygay", 39.8855, 70.52527, "KG", "KG-TJ", 498),
    ("Kok-Tash", 39.945, 70.61, "KG", "KG-TJ", 2962),
    ("Vorukh", 39.853, 70.577, "TJ", "KG-TJ", 2742),
    ("Ravon in Sokh", 39.968, 71.13, "UZ", "KG-UZ", 1012),
    ("Shohimardon", 39.983, 71.805, "UZ", "KG-UZ", 1452),
    ("Jangail", 40.2024, 71.6656, "UZ", "KG-UZ", 282),
    ("Chon-Qora", 40.2435, 71.0357, "UZ", "KG-UZ", 365),
    ("Isfara", 40.126, 70.625, "TJ", "KG-TJ", 3942),
    ("Chorku", 39.967, 70.575, "TJ", "KG-TJ", 505),
    ("Osh", 40.5151, 72.8083, "KG", "KG-UZ", 7587),
    ("Kara-Suu", 40.705, 72.862, "KG", "KG-UZ", 201),
    ("Razzakov", 39.83895, 69.5276, "KG", "KG-TJ", 10207),
    ("Kyzyl-Kiya", 40.25684, 72.12793, "KG", "KG-UZ", 6894),
    ("Barak", 40.667, 72.767, "UZ", "KG-UZ", 1241),
    ("Ak-Sai by GeoNames", 39.87438, 70.52211, "TJ", "KG-TJ", 446),
    ("Chaldovar", 42.76, 73.46, "KZ", "KG-KZ", 2252),
    ("Bishkek", 42.87, 74.59, "KG", "KG-KZ", 20186),
]


@pytest.mark.parametrize(("name", "latitude", "longitude", "country", "section", "metres"), POINTS)
def test_a_reference_point_is_where_openstreetmap_has_it(
    name: str, latitude: float, longitude: float, country: str, section: str, metres: float
) -> None:
    found = locate(latitude, longitude)
    assert (found.country, found.section) == (country, section)
    assert found.distance_m is not None
    assert abs(found.distance_m - metres) <= max(ERROR_M[section[3:]], 0.1 * metres)


@pytest.mark.parametrize("name", ENCLAVES)
def test_the_five_enclaves_are_known(name: str) -> None:
    assert locate(*ENCLAVES[name]).enclave == name


def test_a_village_beside_an_enclave_is_told_which() -> None:
    assert locate(39.8855, 70.52527).enclave == "Vorukh"


def test_within_the_error_of_the_line_it_is_uncertain() -> None:
    assert locate(39.87438, 70.52211).uncertain
    assert not locate(40.06, 70.82).uncertain


def test_far_from_every_line_there_is_no_section() -> None:
    naryn = locate(41.43, 75.99)
    assert (naryn.country, naryn.section, naryn.distance_m) == ("KG", "", None)
