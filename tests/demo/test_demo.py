"""The Batken demo is whole: real places, an office for each unit, and every kind of report finds somebody."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from reporting.cases.categories import Category
from reporting.cases.models import Assignment
from reporting.people.models import Office, User
from reporting.places.models import Place
from reporting.routing.models import Rule
from reporting.sync import keys
from tests.demo.copied import lay_out
from tests.given import a_report, a_routed_case, follow
from tests.phones import Phone


@pytest.fixture
def demo(db: None, settings: Settings) -> None:
    settings.DEBUG = True
    lay_out()
    keys.rotate(at=timezone.now())


def test_it_prints_the_accounts(db: None, settings: Settings) -> None:
    settings.DEBUG = True
    out = StringIO()
    call_command("load_demo", stdout=out)
    for username in ("officer-ak-sai", "officer-batken", "mediator-batken", "liaison-kg-tj", "operator"):
        assert username in out.getvalue()
        assert User.objects.filter(username=username).exists()


def test_loading_twice_changes_nothing(demo: None) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Place, Office, Rule, Category, User)]

    before = counts()
    call_command("load_demo", stdout=StringIO())
    assert counts() == before


def test_every_village_lies_in_an_aimak_or_a_city_and_inside_the_oblast(demo: None) -> None:
    villages = Place.objects.filter(kind=Place.Kind.VILLAGE).select_related("parent")
    assert villages.count() == 212
    for village in villages:
        assert village.parent is not None
        assert village.parent.kind in (Place.Kind.AIMAK, Place.Kind.CITY)
        if village.latitude is not None and village.longitude is not None:
            assert 39.1 < village.latitude < 40.4
            assert 69.2 < village.longitude < 72.4


def test_every_name_is_written_in_its_own_script(demo: None) -> None:
    for place in Place.objects.all():
        assert re.search("[а-яңөү]", place.name_ky), place.name_ky
        assert place.name_en.isascii(), place.name_en


def test_every_unit_has_an_office_that_says_it_is_a_demo(demo: None) -> None:
    units = Place.objects.filter(kind__in=("aimak", "rayon", "city"))
    assert units.count() == 40
    for unit in units:
        assert unit.offices.filter(kind="local").count() == 1, unit
    assert all("демо" in office.name_ky and "demo" in office.name_en for office in Office.objects.all())


@pytest.mark.parametrize("village", ["41705214848010", "41705410000010", "41705420000010", "41705258610000"])
def test_every_category_finds_an_office_from_anywhere(demo: None, village: str) -> None:
    phone = Phone()
    codes = Category.objects.filter(below=None).values_list("code", flat=True)
    reports = {
        (code, audience): a_report(phone, {"category": code, "village": village, "audience": audience})
        for code in codes
        for audience in ("mediator", "office", "border")
    }
    follow()
    for (code, audience), report in reports.items():
        held = Assignment.objects.get(case=report.case_id, role="responsible")
        expected = "mediation" if audience == "mediator" or code == "quarrel" else "local"
        assert held.office.kind == expected
        assert held.office.code != "mediation-national"


def test_water_at_ak_sai_comes_to_its_aiyl_okmotu(demo: None) -> None:
    case = a_routed_case(Phone(), {"village": "41705214848010", "audience": "border"})
    held = {item.office.code: item.role for item in case.assignments.all()}
    assert held == {"okmotu-ak-sai": "responsible", "mediation-batken": "copy", "border-kg-tj": "copy"}


def test_the_reference_of_a_rayon_is_small(demo: None) -> None:
    body = Client().get("/api/v1/reference?rayon=41705214000000", headers={"accept-encoding": "gzip"})
    assert body["Content-Encoding"] == "gzip"
    assert len(body.content) < 9_000


def test_it_is_not_loaded_on_a_real_server(db: None, settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="not a demo"):
        call_command("load_demo")
