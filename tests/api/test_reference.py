"""What a phone takes along to report offline."""

import gzip
import json

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from reporting.cases.categories import Category, Question
from reporting.people.models import Office
from reporting.places.models import Place
from tests.phones import Phone
from tests.valley import Valley


def test_a_phone_learns_villages_offices_and_categories(valley: Valley) -> None:
    body = Client().get("/api/v1/reference?rayon=05-B").json()
    assert body["rayon"] == "05-B"
    assert [village["code"] for village in body["villages"]] == ["05-B-1-1"]
    assert body["villages"][0]["aimak"] == "05-B-1"
    assert body["aimaks"][0]["office"] == "okmotu"
    assert {category["code"] for category in body["categories"]} == {"water-gate", "road"}
    assert body["categories"][1]["questions"][0]["kind"] == "yes_no"
    assert {"okmotu", "rayon", "border", "mediation"} <= {office["code"] for office in body["offices"]}


def test_offices_are_named_from_the_nearest_on_and_liaisons_where_their_section_is(valley: Valley) -> None:
    def told() -> list[str]:
        return [office["code"] for office in Client().get("/api/v1/reference?rayon=05-B").json()["offices"]]

    Office.objects.create(code="elsewhere", name_ky="Башка", kind="border", level="national", section="KG-KZ")
    assert told()[0] == "okmotu"
    assert "border" in told()
    assert "elsewhere" not in told()
    Place.objects.update(latitude=None)
    assert "elsewhere" in told()


def test_a_phone_learns_on_which_roads_notices_leave(valley: Valley, settings: Settings) -> None:
    assert Client().get("/api/v1/reference").json()["notices"] == []
    settings.NOTICES = ["email"]
    assert Client().get("/api/v1/reference").json()["notices"] == ["email"]


def test_a_rayon_that_is_not_there_any_more_gives_the_default_one(valley: Valley, settings: Settings) -> None:
    Place.objects.create(code="05-A", kind=Place.Kind.CITY, name_ky="Баткен шаары", parent=valley.rayon.parent)

    def given(asked: str) -> object:
        return Client().get(f"/api/v1/reference{asked}").json()["rayon"]

    assert given("?rayon=nowhere") == "05-A", "the first, where there is no default one"
    settings.REFERENCE_DEFAULT_RAYON = "05-B"
    assert given("?rayon=nowhere") == given("") == "05-B"
    assert given("?rayon=05-A") == "05-A"


def test_without_any_place_there_is_still_an_answer(db: None) -> None:
    assert Client().get("/api/v1/reference").json()["villages"] == []


def test_what_has_not_changed_is_not_sent_again(valley: Valley) -> None:
    first = Client().get("/api/v1/reference")
    again = Client().get("/api/v1/reference", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Place.objects.filter(code="05-B-1-1").update(name_ky="Ак-Сай 2")
    assert Client().get("/api/v1/reference", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_more_villages_take_no_more_queries(valley: Valley) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get("/api/v1/reference")
        return len(captured)

    few = queries()
    Place.objects.bulk_create(
        Place(code=f"v{n}", kind="village", name_ky=f"v{n}", parent=valley.aimak) for n in range(20)
    )
    assert queries() == few


def test_a_category_names_its_group_and_a_choice_its_picture(valley: Valley) -> None:
    group = Category.objects.create(code="land", icon="land-line", name_ky="Жер")
    Category.objects.filter(code="road").update(parent=group)
    pictured = [{"code": "shut", "icon": "water-gate", "names": {"ky": "Жабык"}}]
    Question.objects.create(category=group, code="what", kind="choice", name_ky="Эмне?", choices=pictured)
    categories = {one["code"]: one for one in Client().get("/api/v1/reference").json()["categories"]}
    assert categories["road"]["parent"] == "land"
    assert "parent" not in categories["land"]
    assert categories["land"]["questions"][0]["choices"] == pictured


def test_villages_say_where_they_are_only_where_it_is_known(valley: Valley) -> None:
    Place.objects.create(code="05-B-1-2", kind="village", name_ky="Белгисиз", parent=valley.aimak)
    villages = {one["code"]: one for one in Client().get("/api/v1/reference").json()["villages"]}
    assert villages["05-B-1-1"]["at"] == [39.89, 70.55]
    assert "at" not in villages["05-B-1-2"]


def test_a_report_may_name_every_village_and_town(aijan: Phone, valley: Valley) -> None:
    """With villages of its own or without; not an aiyl aimak."""
    for code in ("05-B-2", "05-B-3"):
        Place.objects.create(code=code, kind="city", name_ky=code, parent=valley.rayon)
    Place.objects.create(code="05-B-2-1", kind="village", name_ky="05-B-2-1", parent=Place.objects.get(code="05-B-2"))
    Place.objects.create(code="05-B-4", kind="village", name_ky="05-B-4", parent=valley.rayon)
    told = aijan.client.get("/api/v1/reference?rayon=05-B").json()
    assert [(one["code"], one["office"]) for one in told["aimaks"]] == [
        ("05-B-1", "okmotu"),
        ("05-B-2", None),
        ("05-B-3", None),
    ]
    villages = {one["code"]: one["aimak"] for one in told["villages"]}
    assert villages == {"05-B-1-1": "05-B-1", "05-B-2": None, "05-B-2-1": "05-B-2", "05-B-3": None, "05-B-4": None}
    for code in [*villages, told["rayon"]]:
        assert aijan.sync(aijan.filed({"village": code}))["results"][0]["status"] == "applied"
    assert aijan.sync(aijan.filed({"village": "05-B-1"}))["results"][0]["code"] == "unknown_village"


@pytest.mark.parametrize(("accepted", "packed"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_it_is_packed_as_the_browser_takes_it(valley: Valley, accepted: str, packed: str | None) -> None:
    response = Client().get("/api/v1/reference", headers={"accept-encoding": accepted})
    assert response.headers.get("Content-Encoding") == packed
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[packed](response.content)
    assert json.loads(unpacked)["rayon"] == "05-B"
    assert "Accept-Encoding" in response["Vary"]


def test_names_that_a_phone_shows_anyway_are_left_out(valley: Valley) -> None:
    """It shows a person's own, else the Russian, else the Kyrgyz, else the English name."""
    same = {"ky": "Ак-Сай", "ru": "Ак-Сай", "tg": "Ак-Сай", "uz": "Oqsoy", "en": "Ak-Say"}
    other = {"ky": "Кызыл-Жол", "ru": "Кызыл-Джол", "tg": "Кызыл-Джол", "uz": "", "en": "Kyzyl-Jol"}
    for code, names in (("here", same), ("there", other)):
        Place.objects.create(
            code=code,
            kind="village",
            parent=valley.aimak,
            **{f"name_{language}": name for language, name in names.items()},
        )
    given = {one["code"]: one["names"] for one in Client().get("/api/v1/reference").json()["villages"]}
    assert given["here"] == {"ky": "Ак-Сай", "uz": "Oqsoy", "en": "Ak-Say"}
    assert given["there"] == {"ky": "Кызыл-Жол", "ru": "Кызыл-Джол", "en": "Kyzyl-Jol"}


def test_the_english_names_of_villages_travel_only_where_english_is_spoken(valley: Valley) -> None:
    names = {"name_ky": "Кызыл-Жол", "name_ru": "Кызыл-Джол", "name_en": "Kyzyl-Jol"}
    Place.objects.filter(code="05-B-1-1").update(**names)

    def given(languages: str) -> dict[str, dict[str, str]]:
        villages = Client().get(f"/api/v1/reference?languages={languages}").json()["villages"]
        return {one["code"]: one["names"] for one in villages}

    assert given("ky,uz")["05-B-1-1"] == {"ky": "Кызыл-Жол", "ru": "Кызыл-Джол"}
    assert given("ky,en")["05-B-1-1"] == {"ky": "Кызыл-Жол", "ru": "Кызыл-Джол", "en": "Kyzyl-Jol"}


def test_a_choice_that_was_written_wrongly_keeps_no_phone_from_the_rest(valley: Valley) -> None:
    choices = ["shut", {"code": "open"}, {"code": "broken", "names": {"ky": "Бузук"}}]
    Question.objects.create(category=valley.road, code="how", kind="choice", name_ky="Кандай?", choices=choices)
    road = next(one for one in Client().get("/api/v1/reference").json()["categories"] if one["code"] == "road")
    asked = next(one for one in road["questions"] if one["code"] == "how")
    assert asked["choices"] == choices[2:]


def test_a_phone_asks_for_the_languages_that_are_spoken_on_it(valley: Valley) -> None:
    names = {"name_ky": "Жер", "name_ru": "Земля", "name_uz": "Yer", "name_tg": "Замин"}
    Category.objects.create(code="land", icon="land-line", **names)
    Category.objects.create(code="sky", icon="", name_ky="Асман", name_ru="Небо")
    Place.objects.filter(code="05-B-1-1").update(name_ru="Ак-Сай на реке", name_uz="Oqsoy")

    def given(languages: str) -> tuple[object, object, object]:
        body = Client().get(f"/api/v1/reference?languages={languages}").json()
        categories = {one["code"]: one["names"] for one in body["categories"]}
        assert body["villages"][0]["names"].keys() >= {"ky", "ru", "uz"}
        return body["languages"], categories["land"], categories["sky"]

    assert given("ky") == (["ky"], {"ky": "Жер"}, {"ky": "Асман"})
    assert given("uz,ky") == (
        ["ky", "uz"],
        {"ky": "Жер", "uz": "Yer"},
        {"ky": "Асман", "ru": "Небо"},
    )
    assert given("xx")[0] == given("")[0] == ["ky", "ru", "tg", "uz", "en"]


def test_who_asks_for_another_language_is_not_told_that_nothing_has_changed(valley: Valley) -> None:
    first = Client().get("/api/v1/reference?languages=ky")
    other = Client().get("/api/v1/reference?languages=ky,en", headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200
