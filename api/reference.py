"""What a phone must know to report offline: places of one rayon, offices, categories and their questions."""

import hashlib
import json
from functools import lru_cache
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from reporting.cases.categories import Category, Question
from reporting.people import groupkeys
from reporting.people.models import Office
from reporting.people.tokens import base64url
from reporting.places.borders import locate
from reporting.places.models import Place
from reporting.places.names import LANGUAGES
from reporting.places.queries import Neighbourhood, reference_places
from reporting.routing.decision import LEVELS
from reporting.sync import keys

JSON = dict[str, Any]


@method_decorator(gzip_page, name="dispatch")
class Reference(APIView):
    """Public facts; asked for without a bearer, so that no profile is tied to a rayon."""

    authentication_classes = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("rayon", OpenApiTypes.STR, description="The code of a rayon or city."),
            OpenApiParameter(
                "languages", OpenApiTypes.STR, description="As in “ky,uz”: names in these alone, save villages'."
            ),
        ],
        responses=OpenApiTypes.OBJECT,
        operation_id="reference",
    )
    def get(self, request: Request) -> HttpResponse:
        """The reference of one rayon, or of the default one where it is not there (any more); 304 while it has not changed."""
        rayon = request.query_params.get("rayon", "")
        asked = request.query_params.get("languages", "").split(",")
        languages = [language for language in LANGUAGES if language in asked]
        body = _rendered(reference_places(rayon[:32], settings.REFERENCE_DEFAULT_RAYON), languages or list(LANGUAGES))
        version = hashlib.sha256(body).hexdigest()[:16]
        tag = f'"{version}"'
        if tag in request.headers.get("If-None-Match", ""):
            response = HttpResponse(status=304)
        else:
            content = b'{"version":"' + version.encode() + b'",' + body[1:]
            response = _packed(content, request.headers.get("Accept-Encoding", ""), best=len(languages) == 1)
        response["ETag"], response["Cache-Control"] = tag, "no-cache"
        return response


def _packed(content: bytes, accepted: str, *, best: bool) -> HttpResponse:
    """As Brotli where the browser takes it. Else gzip, by the decorator. `best`, which is slow, is for a phone's first visit in its one
    language: it waits for every byte of this. Who asks for ever other languages together is not to keep the server busy.
    """
    if "br" not in accepted:
        return HttpResponse(content, content_type="application/json")
    response = HttpResponse(
        _brotli(content) if best else brotli.compress(content, quality=5), content_type="application/json"
    )
    response["Content-Encoding"], response["Vary"] = "br", "Accept-Encoding"
    return response


@lru_cache(maxsize=128)
def _brotli(content: bytes) -> bytes:
    """Best and slow, so once for each rayon and version."""
    packed: bytes = brotli.compress(content)
    return packed


def _rendered(near: Neighbourhood, languages: list[str]) -> bytes:
    offices = _offices(near)
    of_place = {office.place_id: office.code for office in offices if office.kind == Office.Kind.LOCAL}
    codes = {aimak.pk: aimak.code for aimak in near.aimaks}
    content = {
        "languages": languages,
        "rayon": near.rayon.code if near.rayon else None,
        "rayons": _only(languages, [_named(rayon) for rayon in near.rayons]),
        "aimaks": _only(languages, [_named(aimak) | {"office": of_place.get(aimak.pk)} for aimak in near.aimaks]),
        "villages": [
            _looked_for(languages, village) | {"aimak": codes.get(village.parent_id or 0)} | _at(village)
            for village in near.villages
        ],
        "offices": _only(languages, [_named(office) for office in offices]),
        "categories": _only(languages, _categories()),
        "sync_key": _sync_key(),
        "group_keys": _group_keys(offices),
        "sms_number": settings.SMS_NUMBER or None,
        "notices": settings.NOTICES,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _only(languages: list[str], part: Any) -> Any:
    """The same with its names in these languages."""
    if isinstance(part, list):
        return [_only(languages, one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _spoken(languages, value) if key == "names" else _only(languages, value) for key, value in part.items()
    }


def _looked_for(languages: list[str], village: Place) -> JSON:
    """A village keeps all its names, since it is looked for by any spelling; but not the English one, which sounds like the Kyrgyz."""
    named = _named(village)
    if "en" not in languages and len(named["names"]) > 1:
        named["names"].pop("en", None)
    return named


def _spoken(languages: list[str], names: dict[str, str]) -> dict[str, str]:
    """Where one of them is missing, with the name that a phone shows instead."""
    kept = {language: name for language, name in names.items() if language in languages}
    if len(kept) < len(languages):
        instead = next((language for language in ("ru", "ky", *names) if language in names), None)
        kept |= {instead: names[instead]} if instead else {}
    return kept


def _sync_key() -> JSON | None:
    key = keys.current()
    return None if key is None else {"id": bytes(key.key_id).hex(), "public": base64url(bytes(key.public))}


def _group_keys(offices: list[Office]) -> JSON | None:
    """The nearest mediators' group that has both of its keys, and these two points; None: nobody can be told in confidence who reports."""
    groups = [office for office in offices if office.kind == Office.Kind.MEDIATION]
    pairs = groupkeys.pairs(groups)
    able = [office for office in groups if office.pk in pairs]
    if not able:
        return None
    nearest = min(able, key=lambda office: LEVELS.index(office.level))
    return {"office": nearest.code, "public": [base64url(bytes(key.public)) for key in pairs[nearest.pk]]}


def _offices(near: Neighbourhood) -> list[Office]:
    """Offices a report from here may come to, or be about, nearest first: of these places, of what they lie in, and without a place."""
    places = {None, *(place.pk for place in (*near.aimaks, *near.villages))}
    if near.rayon is not None:
        places |= {near.rayon.pk, near.rayon.parent_id}
    sections = _sections(near)
    active = Office.objects.filter(active=True).order_by("code")
    here = [one for one in active if one.place_id in places and (not sections or one.section in sections)]
    return sorted(here, key=lambda office: LEVELS.index(office.level))


def _sections(near: Neighbourhood) -> set[str]:
    """Those that border liaisons of these villages answer for, and "" of every other office; empty where no village's place is known."""
    known = [
        locate(place.latitude, place.longitude)
        for place in near.villages
        if place.latitude is not None and place.longitude is not None
    ]
    return {"", *(found.section for found in known)} if known else set()


def _categories() -> list[JSON]:
    categories = Category.objects.filter(active=True).select_related("parent").prefetch_related("questions")
    return [
        _named(category)
        | {"icon": category.icon, "questions": [_question(question) for question in category.questions.all()]}
        | ({"parent": category.parent.code} if category.parent else {})
        for category in categories
    ]


def _at(village: Place) -> JSON:
    """Where it is, to a hundred metres: enough to offer the nearest first."""
    if village.latitude is None or village.longitude is None:
        return {}
    return {"at": [round(village.latitude, 3), round(village.longitude, 3)]}


def _question(question: Question) -> JSON:
    """A choice that was written wrongly is not offered; it must not keep phones from everything else."""
    choices = [_choice(one) for one in question.choices if isinstance(one, dict) and isinstance(one.get("names"), dict)]
    return _named(question) | {"kind": question.kind, "choices": choices}


def _choice(choice: JSON) -> JSON:
    """The database keeps names in an order of its own; in ours they pack better."""
    names = {language: choice["names"][language] for language in LANGUAGES if language in choice["names"]}
    return choice | {"names": _needed(names)}


def _named(row: Place | Office | Category | Question) -> JSON:
    return {"code": row.code, "names": _needed(row.names)}


def _needed(names: dict[str, str]) -> dict[str, str]:
    """Without those that a phone shows anyway where there are none: the Russian, else the Kyrgyz name."""
    common = names.get("ru") or names.get("ky")
    same = {language for language, name in names.items() if name == common and language not in ("ky", "ru")}
    if common == names.get("ky"):
        same.add("ru")
    return {language: name for language, name in names.items() if language not in same}
