"""A place that has no name in somebody's language is shown by the one that its speakers read best."""

import pytest
from django.utils.translation import override

from reporting.places.models import Place
from reporting.places.names import LANGUAGES


@pytest.mark.parametrize("language", ["tg", "uz"])
def test_without_a_tajik_or_uzbek_name_the_russian_one_is_shown_else_the_kyrgyz(language: str) -> None:
    place = Place(name_ky="Жаңы-Жер", name_ru="Джаны-Джер", name_en="Dzhany-Dzher")
    with override(language):
        assert str(place) == "Джаны-Джер"
        place.name_ru = ""
        assert str(place) == "Жаңы-Жер"
        setattr(place, f"name_{language}", "Yangi yer")
        assert str(place) == "Yangi yer"


def test_a_place_with_a_kyrgyz_name_alone_is_shown_by_it_to_everybody() -> None:
    assert {Place(name_ky="Жаңы-Жер").name(language) for language in LANGUAGES} == {"Жаңы-Жер"}
