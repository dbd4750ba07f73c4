"""A small valley to test in: one village at the border, the offices above it, one rule per kind of thing."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from reporting.cases.categories import Category, Question
from reporting.cases.models import Term
from reporting.people.models import Office
from reporting.places.models import Place
from reporting.routing.models import Copy, Rule
from reporting.sync import keys

AK_SAI = (39.8903, 70.5497)


@dataclass(frozen=True)
class Valley:
    """Rows that exist in the database."""

    village: Place
    aimak: Place
    rayon: Place
    oblast: Place
    okmotu: Office
    rayon_office: Office
    oblast_office: Office
    border: Office
    mediators: Office
    national_mediators: Office
    water: Category
    road: Category
    rules: dict[str, Rule] = field(default_factory=dict)


def lay_out() -> Valley:
    """Make the valley, and the key that phones seal to."""
    keys.rotate(at=timezone.now())
    oblast = _place("05", Place.Kind.OBLAST, "Баткен облусу", None)
    rayon = _place("05-B", Place.Kind.RAYON, "Баткен району", oblast)
    aimak = _place("05-B-1", Place.Kind.AIMAK, "Ак-Сай айылдык аймагы", rayon)
    village = _place("05-B-1-1", Place.Kind.VILLAGE, "Ак-Сай", aimak, AK_SAI)
    kind, level = Office.Kind, Office.Level
    oblast_office = _office("oblast", kind.LOCAL, level.OBLAST, oblast, None)
    rayon_office = _office("rayon", kind.LOCAL, level.RAYON, rayon, oblast_office)
    national_mediators = _office("mediation-national", kind.MEDIATION, level.NATIONAL, None, None)
    water = Category.objects.create(
        code="water-gate", icon="water-gate", name_ky="Суу", name_ru="Вода", name_en="Water"
    )
    Question.objects.create(category=water, code="dry", kind=Question.Kind.YES_NO, name_ky="Суу токтодубу?")
    valley = Valley(
        village=village,
        aimak=aimak,
        rayon=rayon,
        oblast=oblast,
        okmotu=_office("okmotu", kind.LOCAL, level.AIMAK, aimak, rayon_office),
        rayon_office=rayon_office,
        oblast_office=oblast_office,
        border=_office("border", kind.BORDER, level.OBLAST, None, None, section="KG-TJ"),
        mediators=_office("mediation", kind.MEDIATION, level.RAYON, rayon, national_mediators),
        national_mediators=national_mediators,
        water=water,
        road=Category.objects.create(code="road", icon="road", name_ky="Жол", name_ru="Дорога", name_en="Road"),
    )
    _terms()
    _rules(valley)
    return valley


def _place(
    code: str, kind: str, name: str, parent: Place | None, point: tuple[float, float] | tuple[None, None] = (None, None)
) -> Place:
    latitude, longitude = point
    return Place.objects.create(
        code=code, kind=kind, name_ky=name, name_ru=name, parent=parent, latitude=latitude, longitude=longitude
    )


def _office(
    code: str, kind: str, level: str, place: Place | None, parent: Office | None, *, section: str = ""
) -> Office:
    return Office.objects.create(
        code=code,
        kind=kind,
        level=level,
        place=place,
        parent=parent,
        section=section,
        name_ky=f"{code} (ky)",
        name_ru=f"{code} (ru)",
        name_en=code,
    )


def _terms() -> None:
    for track, purpose, amount, unit in (
        ("signal", "register", 24, "hours"),
        ("signal", "answer", 10, "working_days"),
        ("appeal", "register", 1, "working_days"),
        ("appeal", "answer", 14, "working_days"),
    ):
        Term.objects.create(
            track=track, purpose=purpose, amount=amount, unit=unit, in_force_from=date(2020, 1, 1), source="test"
        )


def _rules(valley: Valley) -> None:
    local, mediation = Office.Kind.LOCAL, Office.Kind.MEDIATION
    water = Rule.objects.create(
        title="Water: the place's own office", priority=10, category=valley.water, kind=local, level=Office.Level.AIMAK
    )
    Copy.objects.create(rule=water, kind=mediation, level=Office.Level.RAYON)
    Copy.objects.create(rule=water, kind=Office.Kind.BORDER)
    among = Rule.objects.create(
        title="Whatever else: the mediators", priority=900, kind=mediation, level=Office.Level.RAYON
    )
    last = Rule.objects.create(title="Catch-all", priority=1000, catch_all=True, office=valley.national_mediators)
    valley.rules.update(water=water, mediators=among, catch_all=last)
