"""Demo offices for every unit of the oblast, the rules between them, and one account per role. Each name says *demo*."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from reporting.cases.categories import Category
from reporting.people import memberships
from reporting.people.models import Membership, Office, User
from reporting.places.models import Place
from reporting.routing.models import Copy, Rule

Kind, Level = Office.Kind, Office.Level
SECTIONS = {"KG-TJ": "тажик", "KG-UZ": "өзбек", "KG-KZ": "казак"}
SECTIONS_RU = {"KG-TJ": "таджикском", "KG-UZ": "узбекском", "KG-KZ": "казахском"}


@dataclass(frozen=True)
class Login:
    """A demo account: a role, never a person."""

    username: str
    role: str
    office: str


LOGINS = (
    Login("officer-ak-sai", Membership.Role.OFFICER, "okmotu-ak-sai"),
    Login("officer-batken", Membership.Role.OFFICER, "rayon-batken"),
    Login("supervisor-batken", Membership.Role.SUPERVISOR, "rayon-batken"),
    Login("mediator-batken", Membership.Role.MEDIATOR, "mediation-batken"),
    Login("mediator-batken-2", Membership.Role.MEDIATOR, "mediation-batken"),
    Login("mediator-national", Membership.Role.MEDIATOR, "mediation-national"),
    Login("liaison-kg-tj", Membership.Role.LIAISON, "border-kg-tj"),
    Login("operator", Membership.Role.OPERATOR, ""),
)


def load_offices(places: dict[str, Place]) -> dict[str, Office]:
    """Every office by code."""
    found: dict[str, Office] = {}

    def office(code: str, kind: str, level: str, names: tuple[str, str, str], **more: Any) -> Office:
        ky, ru, en = (f"{name} ({label})" for name, label in zip(names, ("демо", "демо", "demo"), strict=True))
        found[code], _ = Office.objects.update_or_create(
            code=code, defaults={"kind": kind, "level": level, "name_ky": ky, "name_ru": ru, "name_en": en, **more}
        )
        return found[code]

    national = ("Улуттук арачылар кеңсеси", "Национальное бюро посредников", "National mediation office")
    top = office("mediation-national", Kind.MEDIATION, Level.NATIONAL, national)
    oblast = next(place for place in places.values() if place.kind == Place.Kind.OBLAST)
    above = _oblast_offices(office, oblast, top)
    for place in places.values():
        if place.parent_id == oblast.pk:
            _rayon_offices(office, place, *above)
    for place in places.values():
        if place.kind in (Place.Kind.AIMAK, Place.Kind.CITY) and place.parent_id != oblast.pk and place.parent:
            _aimak_office(office, place, found[f"rayon-{_slug(place.parent)}"])
    for section, adjective in SECTIONS.items():
        names = (
            f"Чек ара кызматы, {adjective} тилкеси",
            f"Пограничная служба на {SECTIONS_RU[section]} участке",
            f"Border service, {section} section",
        )
        office(f"border-{section.lower()}", Kind.BORDER, Level.OBLAST, names, section=section)
    return found


def _oblast_offices(office: Any, oblast: Place, top: Office) -> tuple[Office, Office]:
    envoy = (
        "Президенттин Баткен облусундагы өкүлчүлүгү",
        "Представительство Президента в Баткенской области",
        "Envoy of the President in Batken oblast",
    )
    mediators = ("Баткен облусунун арачылары", "Посредники Баткенской области", "Mediators of Batken oblast")
    local = office("oblast-batken", Kind.LOCAL, Level.OBLAST, envoy, place=oblast)
    return local, office("mediation-oblast-batken", Kind.MEDIATION, Level.OBLAST, mediators, place=oblast, parent=top)


def _rayon_offices(office: Any, place: Place, local: Office, mediation: Office) -> None:
    slug = _slug(place)
    if place.kind == Place.Kind.CITY:
        names = (f"{place.name_ky}нын мэриясы", f"Мэрия: {place.name_ru}", f"{place.name_en} administration")
        slug += "-city"
    else:
        names = (
            f"{place.name_ky}нун администрациясы",
            f"Администрация: {place.name_ru}",
            f"{place.name_en} administration",
        )
    mediators = (f"{place.name_ky}: арачылар", f"Посредники: {place.name_ru}", f"Mediators of {place.name_en}")
    office(f"rayon-{slug}", Kind.LOCAL, Level.RAYON, names, place=place, parent=local)
    office(f"mediation-{slug}", Kind.MEDIATION, Level.RAYON, mediators, place=place, parent=mediation)


def _aimak_office(office: Any, place: Place, parent: Office) -> None:
    stem_ky = place.name_ky.replace(" айыл аймагы", "")
    stem_en = place.name_en.replace(" aiyl aimak", "")
    names = (f"{stem_ky} айыл өкмөтү", f"Айыл окмоту: {stem_ky}", f"{stem_en} aiyl okmotu")
    if place.kind == Place.Kind.CITY:
        names = (f"{place.name_ky}нын мэриясы", f"Мэрия: {place.name_ru}", f"{place.name_en} administration")
    office(f"okmotu-{_slug(place)}", Kind.LOCAL, Level.AIMAK, names, place=place, parent=parent)


def _slug(place: Place) -> str:
    name = place.name_en.split("(")[0]
    for word in (" aiyl aimak", " rayon", " city", " town", " oblast"):
        name = name.replace(word, "")
    return slugify(name)


def load_rules(categories: list[tuple[Category, dict[str, Any]]], offices: dict[str, Office]) -> None:
    """One rule a category, the mediators for the rest, and the catch-all."""
    targets: dict[str, tuple[str, str]] = {
        "aimak": (Kind.LOCAL, Level.AIMAK),
        "rayon": (Kind.LOCAL, Level.RAYON),
        "mediation": (Kind.MEDIATION, Level.RAYON),
    }
    for number, (category, row) in enumerate(categories, 1):
        kind, level = targets[row["to"]]
        rule = _rule(f"{category.name_en} → {kind}", 10 * number, category=category, kind=kind, level=level)
        if row["to"] != "mediation":
            Copy.objects.get_or_create(rule=rule, kind=Kind.MEDIATION, level=Level.RAYON)
        if row["border"]:
            Copy.objects.get_or_create(rule=rule, kind=Kind.BORDER, level="")
    _rule("Whatever else → mediators", 900, kind=Kind.MEDIATION, level=Level.RAYON)
    Rule.objects.update_or_create(
        catch_all=True,
        defaults={"title": "Catch-all", "priority": 1000, "office": offices["mediation-national"], "active": True},
    )


def _rule(title: str, priority: int, **target: Any) -> Rule:
    rule, _ = Rule.objects.update_or_create(title=title, catch_all=False, defaults={"priority": priority, **target})
    return rule


def load_logins(offices: dict[str, Office], *, password: str, at: datetime) -> None:
    """The accounts. An account that is there keeps its password."""
    encoded = make_password(password)  # once: the password is known to everybody, and encoding is slow on purpose
    for login in LOGINS:
        user, is_new = User.objects.get_or_create(
            username=login.username, defaults={"is_staff": True, "language": "ky"}
        )
        if is_new:
            user.password = encoded
        user.is_superuser = login.role == Membership.Role.OPERATOR
        user.save()
        if login.office:
            memberships.give(user=user, office=offices[login.office], role=login.role, by="system", at=at)
