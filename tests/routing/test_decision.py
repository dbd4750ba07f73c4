"""Promises 3 and 5: some office always has it, and never one that the reporter did not allow."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.cases.audience import kinds_allowed
from reporting.cases.models import Audience
from reporting.people.models import Office
from reporting.routing.decision import Decision, Facts, decide, one_level_up
from reporting.routing.models import Alarm, Rule
from tests.valley import Valley


def rules() -> list[Rule]:
    return list(Rule.objects.filter(active=True).prefetch_related("copies"))


def offices() -> list[Office]:
    return list(Office.objects.all())


def facts(valley: Valley) -> Facts:
    return Facts(
        category=valley.water.pk,
        places=(valley.village.pk, valley.aimak.pk, valley.rayon.pk, valley.oblast.pk),
        section="KG-TJ",
        track="signal",
        audience=Audience.BORDER,
        excluded=frozenset(),
    )


def names(decision: Decision) -> tuple[str, list[str]]:
    assert decision.responsible is not None
    return decision.responsible.office.code, sorted(copy.office.code for copy in decision.copies)


def test_the_first_matching_rule_names_the_office_and_the_copies(valley: Valley) -> None:
    assert names(decide(facts(valley), rules=rules(), offices=offices())) == ("okmotu", ["border", "mediation"])


def test_without_leave_the_border_liaison_gets_no_copy(valley: Valley) -> None:
    decision = decide(replace(facts(valley), audience=Audience.OFFICE), rules=rules(), offices=offices())
    assert names(decision) == ("okmotu", ["mediation"])


def test_for_the_mediator_only_the_mediators_are_responsible(valley: Valley) -> None:
    decision = decide(replace(facts(valley), audience=Audience.MEDIATOR), rules=rules(), offices=offices())
    assert names(decision) == ("mediation", [])


def test_the_office_it_is_about_is_passed_over_for_the_one_above(valley: Valley) -> None:
    decision = decide(replace(facts(valley), excluded=frozenset({valley.okmotu.pk})), rules=rules(), offices=offices())
    assert names(decision)[0] == "rayon"
    assert decision.responsible is not None
    assert [office.code for office in decision.responsible.passed_over] == ["okmotu"]


def test_another_section_s_border_office_gets_no_copy(valley: Valley) -> None:
    decision = decide(replace(facts(valley), section="KG-UZ"), rules=rules(), offices=offices())
    assert "border" not in names(decision)[1]


def test_a_rule_that_finds_no_office_raises_an_alarm_and_the_next_decides(valley: Valley) -> None:
    Office.objects.filter(kind="local").update(active=False)
    decision = decide(facts(valley), rules=rules(), offices=offices())
    assert names(decision)[0] == "mediation"
    assert (Alarm.Kind.RULE_NAMES_NOBODY, valley.rules["water"]) in decision.alarms


def test_with_no_rules_at_all_the_national_mediators_have_it_and_an_alarm_rings(valley: Valley) -> None:
    decision = decide(facts(valley), rules=[], offices=offices())
    assert names(decision)[0] == "mediation-national"
    assert decision.alarms


def test_when_the_catch_all_s_office_is_what_it_is_about_another_mediation_office_has_it(valley: Valley) -> None:
    about = frozenset({valley.national_mediators.pk, valley.mediators.pk})
    only = replace(facts(valley), audience=Audience.MEDIATOR, excluded=about)
    other = Office.objects.create(code="mediation-oblast", kind="mediation", level="oblast", place=valley.oblast)
    decision = decide(only, rules=rules(), offices=offices())
    assert names(decision)[0] == other.code


def test_when_nobody_at_all_may_read_it_an_alarm_says_so(valley: Valley) -> None:
    about = frozenset({valley.national_mediators.pk, valley.mediators.pk})
    decision = decide(
        replace(facts(valley), audience=Audience.MEDIATOR, excluded=about), rules=rules(), offices=offices()
    )
    assert decision.responsible is None
    assert Alarm.Kind.NO_OFFICE in [kind for kind, _ in decision.alarms]


def test_a_dispute_goes_one_level_up_and_never_to_whom_it_is_about(valley: Valley) -> None:
    about_rayon = replace(facts(valley), excluded=frozenset({valley.rayon_office.pk}))
    above = one_level_up(valley.okmotu, facts(valley), offices=offices())
    assert above == valley.rayon_office
    assert one_level_up(valley.okmotu, about_rayon, offices=offices()) == valley.oblast_office
    assert one_level_up(valley.oblast_office, facts(valley), offices=offices()) is None


def test_an_office_that_is_above_itself_holds_up_no_dispute(valley: Valley) -> None:
    Office.objects.filter(pk=valley.oblast_office.pk).update(parent=valley.rayon_office)
    about = replace(facts(valley), excluded=frozenset({valley.rayon_office.pk, valley.oblast_office.pk}))
    assert one_level_up(valley.okmotu, about, offices=offices()) is None
    assert one_level_up(valley.rayon_office, about, offices=offices()) is None


@pytest.mark.parametrize("below", ["okmotu", "rayon", "oblast"])
def test_no_office_is_put_above_itself(below: str, valley: Valley) -> None:
    valley.oblast_office.full_clean()
    valley.oblast_office.parent = Office.objects.get(code=below)
    with pytest.raises(ValidationError) as refused:
        valley.oblast_office.full_clean()
    assert list(refused.value.message_dict) == ["parent"]


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_the_rules_say_nobody_gets_it_whom_the_reporter_did_not_allow(data: st.DataObject) -> None:
    every = [
        Office(pk=number, code=str(number), kind=kind, level=level, active=data.draw(st.booleans()))
        for number, (kind, level) in enumerate(
            data.draw(
                st.lists(
                    st.tuples(st.sampled_from(Office.Kind.values), st.sampled_from(Office.Level.values)), max_size=8
                )
            ),
            1,
        )
    ]
    excluded = data.draw(st.frozensets(st.integers(1, 8)))
    audience = data.draw(st.sampled_from(Audience.values))
    asked = Facts(category=1, places=(1,), section="KG-TJ", track="signal", audience=audience, excluded=excluded)
    some = [
        Rule(pk=number, priority=number, kind=kind, level=level, title="")
        for number, (kind, level) in enumerate(
            data.draw(
                st.lists(
                    st.tuples(st.sampled_from(Office.Kind.values), st.sampled_from(["", *Office.Level.values])),
                    max_size=4,
                )
            ),
            1,
        )
    ]
    for rule in some:
        vars(rule)["_prefetched_objects_cache"] = {"copies": Rule.objects.none()}
    decision = decide(asked, rules=some, offices=every)
    chosen = [decision.responsible, *decision.copies] if decision.responsible else []
    for choice in chosen:
        assert choice is not None
        assert choice.office.kind in kinds_allowed(audience)
        assert choice.office.pk not in excluded
        assert choice.office.active
    if decision.responsible is None:
        allowed = [o for o in every if o.active and o.kind == Office.Kind.MEDIATION and o.pk not in excluded]
        assert not allowed
