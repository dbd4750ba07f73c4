"""What operators keep is what the phone can show."""

import json
import re

import pytest
from django.test import Client

from deploy.local.saying import ROOT
from reporting.admin.reference import MOST_QUESTIONS, PICTURES
from reporting.cases.categories import Category, Question
from tests.admin.test_cases import logged_in
from tests.people import People
from tests.valley import Valley

DRAWINGS = (ROOT / "frontend/src/ui/icons.tsx").read_text()


def drawn() -> set[str]:
    """The names under which the phone draws a picture of a category."""
    block = re.search(r"const CATEGORIES.*?^};", DRAWINGS, re.MULTILINE | re.DOTALL)
    assert block
    return set(re.findall(r'^  "?([a-z-]+)"?: \[', block[0], re.MULTILINE))


def test_an_operator_is_offered_the_pictures_that_the_phone_draws() -> None:
    assert {*PICTURES} - {"other"} == drawn()
    assert len(PICTURES) == len({*PICTURES})


@pytest.mark.parametrize("area", [path.name for path in (ROOT / "demo").iterdir() if path.is_dir()])
def test_each_picture_of_a_demonstration_is_drawn(area: str) -> None:
    rows = json.loads((ROOT / "demo" / area / "categories.json").read_text())
    named = {row.get("icon", row["code"]) for row in rows}
    choices = [choice for row in rows for asked in row.get("questions", []) for choice in asked.get("choices", [])]
    named |= {choice["icon"] for choice in choices if "icon" in choice}
    assert len(named) > 1
    assert named - {*PICTURES} == set()


def saved(client: Client, category: Category, icon: str) -> int:
    """The category's page as an operator's browser sends it."""
    names = {f"name_{language}": getattr(category, f"name_{language}") for language in ("ky", "ru", "en", "tg", "uz")}
    data = {"code": category.code, "icon": icon, "position": "0", "active": "on"} | names
    data |= {"questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0"}
    return client.post(f"/admin/reporting/category/{category.pk}/change/", data).status_code


def test_a_picture_that_is_not_drawn_cannot_be_chosen_and_one_that_was_there_stays(
    valley: Valley, cast: People
) -> None:
    category = Category.objects.create(code="well", icon="well", name_ky="Кудук")
    client = logged_in(cast.olga)
    page = client.get(f"/admin/reporting/category/{category.pk}/change/").content.decode()
    assert re.search(r'<option value="well"\s+selected', page)
    assert 'value="pasture"' in page
    assert saved(client, category, "no-such") == 200
    assert saved(client, category, "well") == 302
    category.refresh_from_db()
    assert category.icon == "well"
    assert saved(client, category, "pasture") == 302
    category.refresh_from_db()
    assert category.icon == "pasture"


def test_a_new_category_has_no_picture_until_one_is_chosen(valley: Valley, cast: People) -> None:
    page = logged_in(cast.olga).get("/admin/reporting/category/add/").content.decode()
    assert re.search(r'<select name="icon".*?<option value=""', page, re.DOTALL)
    made = {f"name_{language}": "" for language in ("ru", "en", "tg", "uz")} | {"name_ky": "Кудук", "code": "well"}
    data = made | {"icon": "", "position": "0", "questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0"}
    assert logged_in(cast.olga).post("/admin/reporting/category/add/", data).status_code == 200
    assert not Category.objects.filter(code="well").exists()


@pytest.mark.parametrize("path", ["place", "office"])
def test_an_operator_finds_a_place_and_an_office_by_a_name_in_each_language(
    valley: Valley, cast: People, path: str
) -> None:
    found = valley.village if path == "place" else valley.okmotu
    names = {"ky": "Ак-Сай", "ru": "Оксайское", "tg": "Оқсой", "uz": "Oqsoyi", "en": "White Brook"}
    type(found).objects.filter(pk=found.pk).update(**{f"name_{language}": name for language, name in names.items()})
    for name in names.values():
        page = logged_in(cast.olga).get(f"/admin/reporting/{path}/", {"q": name}).content.decode()
        assert f"/admin/reporting/{path}/{found.pk}/change/" in page, name


def test_no_more_questions_are_offered_than_somebody_answers(valley: Valley, cast: People) -> None:
    category = Category.objects.create(code="well", icon="other", name_ky="Кудук")
    for number in range(MOST_QUESTIONS):
        Question.objects.create(category=category, code=f"q{number}", kind="yes_no", name_ky="Суу барбы?")
    page = logged_in(cast.olga).get(f"/admin/reporting/category/{category.pk}/change/").content.decode()
    assert 'name="questions-4-code"' in page
    assert f'name="questions-MAX_NUM_FORMS" value="{MOST_QUESTIONS}"' in page
