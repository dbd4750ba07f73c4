"""Promise 4: what cannot wait stands first, and the officer reads why."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from reporting.cases.categories import Category, Question
from reporting.cases.models import Case
from reporting.cases.queries import waiting_for
from reporting.cases.urgency import urgent_because
from reporting.people.access import staff_viewer
from reporting.sync.rendering import followed_cases
from tests.admin.test_cases import logged_in
from tests.given import MONDAY, a_routed_case
from tests.people import People
from tests.phones import Phone
from tests.valley import Valley

YES_NO, CHOICE, NUMBER = Question.Kind.YES_NO, Question.Kind.CHOICE, Question.Kind.NUMBER
CHOICES = [{"code": code, "names": {"ky": code, "en": code.title()}} for code in ("shut", "broken")]


def question(kind: str, urgent_if: str) -> Question:
    return Question(code="asked", kind=kind, urgent_if=urgent_if, choices=CHOICES, name_ky="?", name_en="Asked?")


@pytest.mark.parametrize(
    ("kind", "urgent_if", "answer", "urgent"),
    [
        (YES_NO, "yes", "yes", True),
        (YES_NO, "yes", "no", False),
        (YES_NO, "yes, dont_know", "dont_know", True),
        (YES_NO, "", "yes", False),
        (CHOICE, "broken", "broken", True),
        (CHOICE, "broken", "shut", False),
        (NUMBER, "50", 50, True),
        (NUMBER, "50", 49, False),
        (NUMBER, "50", "many", False),
        (NUMBER, "many", 50, False),
        (NUMBER, "50", None, False),
        (YES_NO, "yes", True, False),
    ],
)
def test_an_answer_makes_urgent_what_staff_said_it_should(
    kind: str, urgent_if: str, answer: object, urgent: bool
) -> None:
    assert urgent_because([question(kind, urgent_if)], {"asked": answer}) == (["asked"] if urgent else [])


def test_a_question_that_was_not_answered_is_not_urgent() -> None:
    assert urgent_because([question(YES_NO, "yes")], {"another": "yes"}) == []


@pytest.mark.parametrize(
    ("kind", "urgent_if", "possible"),
    [
        (YES_NO, "yes", True),
        (YES_NO, "ja", False),
        (CHOICE, "shut,broken", True),
        (CHOICE, "yes", False),
        (NUMBER, "50", True),
        (NUMBER, "many", False),
        (NUMBER, "", True),
    ],
)
def test_staff_are_told_when_nobody_could_answer_so(kind: str, urgent_if: str, possible: bool) -> None:
    if possible:
        question(kind, urgent_if).clean()
    else:
        with pytest.raises(ValidationError):
            question(kind, urgent_if).clean()


@pytest.mark.parametrize(
    "choices",
    [
        [],
        "many",
        CHOICES[:1],
        [CHOICES[0], CHOICES[0]],
        [CHOICES[0], "few"],
        [CHOICES[0], {"code": "few"}],
        [CHOICES[0], {"code": "few or none", "names": {"ky": "Аз"}}],
        [CHOICES[0], {"code": "few", "names": {"en": "Few"}}],
        [CHOICES[0], {"code": "few", "names": {"ky": "Аз", "de": "Wenig"}}],
        [CHOICES[0], {"code": "few", "names": {"ky": ""}}],
        [CHOICES[0], {"code": "few", "names": {"ky": "Аз"}, "icon": "<svg>"}],
        [{"code": f"c{n}", "names": {"ky": "Аз"}} for n in range(13)],
    ],
)
def test_staff_are_told_of_choices_that_no_phone_could_show(choices: object) -> None:
    asked = question(CHOICE, "")
    asked.choices = choices
    with pytest.raises(ValidationError, match="choices"):
        asked.clean()


def test_a_group_stands_in_no_other_group(valley: Valley) -> None:
    valley.road.parent = valley.water
    valley.road.clean()
    valley.road.save()
    for category, parent in ((valley.water, valley.road), (valley.water, valley.water)):
        category.parent = parent
        with pytest.raises(ValidationError):
            category.clean()


@pytest.fixture
def asked(valley: Valley) -> Category:
    """Water: no water at all cannot wait."""
    Question.objects.filter(category=valley.water).update(urgent_if="yes")
    return valley.water


def test_an_urgent_case_stands_before_older_ones_and_after_danger(aijan: Phone, cast: People, asked: Category) -> None:
    plain = a_routed_case(aijan)
    urgent = a_routed_case(aijan, {"answers": {"dry": "yes"}})
    dangerous = a_routed_case(aijan, {"danger": True})
    assert list(waiting_for(staff_viewer(cast.bakyt))) == [dangerous, urgent, plain]


def test_the_officer_reads_what_makes_it_urgent_also_after_the_question_changed(
    aijan: Phone, cast: People, asked: Category
) -> None:
    case = a_routed_case(aijan, {"answers": {"dry": "yes"}})
    Question.objects.update(urgent_if="")
    client = logged_in(cast.bakyt)
    seen = client.get(f"/admin/reporting/case/{case.pk}/change/").content.decode()
    assert "Суу токтодубу? — ооба" in seen
    assert f"❗ {case.number}" in client.get("/admin/reporting/case/").content.decode()


def test_a_mediator_is_told(aijan: Phone, cast: People, asked: Category) -> None:
    case = a_routed_case(aijan, {"answers": {"dry": "yes"}})
    seen = followed_cases(staff_viewer(cast.dilnoza), [case.pk], at=MONDAY)[case.pk]
    assert seen["urgent"] is True


def test_what_was_taken_back_says_no_more_what_was_answered(aijan: Phone, cast: People, asked: Category) -> None:
    case = a_routed_case(aijan, {"answers": {"dry": "yes"}})
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().pk, {}))
    case.refresh_from_db()
    assert (case.urgent, case.urgent_because) == (False, [])


def test_a_group_with_no_rule_of_its_own_is_still_with_somebody(aijan: Phone, valley: Valley) -> None:
    group = Category.objects.create(code=f"group-{uuid.uuid4().hex[:4]}", icon="land-line", name_ky="Жер")
    valley.road.parent = group
    valley.road.save()
    case = a_routed_case(aijan, {"category": group.code})
    assert Case.objects.get(pk=case.pk).assignments.exists()
