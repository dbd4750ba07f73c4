"""What exists is named where people look for it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls.resolvers import RoutePattern

from api.problems import CODES
from api.urls import urlpatterns
from reporting.admin.casepage import KINDS
from reporting.cases.models import Status
from reporting.media.models import Medium

ROOT = Path(__file__).resolve().parents[2]


def test_every_make_verb_is_in_the_readme() -> None:
    verbs = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert 5 <= len(verbs) <= 9
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert not [verb for verb in verbs if f"make {verb}" not in readme]


def test_the_readme_is_one_screen_and_its_links_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 60
    links = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def test_every_endpoint_is_in_the_protocol() -> None:
    protocol = (ROOT / "docs" / "sync.md").read_text()
    names = [
        re.sub(r"<\w+:\w+>", "{id}", str(item.pattern))
        for item in urlpatterns
        if isinstance(item.pattern, RoutePattern)
    ]
    assert len(names) >= 6
    assert not [name for name in names if f"/api/v1/{name}" not in protocol and name != "media/{id}"]


def test_every_answer_that_a_client_may_get_is_in_the_protocol() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "reporting").rglob("*.py"))
    codes = set(re.findall(r'Rejected\(\s*"(\w+)"', source))
    assert len(codes) >= 10
    protocol = (ROOT / "docs" / "sync.md").read_text()
    words = codes | set(KINDS) | set(Status.values) | set(Medium.State.values) - {"uploading"} | set(CODES.values())
    assert not [word for word in words if f"`{word}`" not in protocol]


def test_the_notice_that_other_clients_must_show_is_ours() -> None:
    said = (ROOT / "locale" / "en" / "LC_MESSAGES" / "phone.po").read_text()
    notice = re.findall(r'msgctxt "consent\.(?:readers|name|phone|erased|counted)"\nmsgid "(.+)"', said)
    assert len(notice) == 5
    protocol = " ".join((ROOT / "docs" / "sync.md").read_text().replace("\n> ", " ").split())
    assert " ".join(notice) in protocol
    (version,) = re.findall(
        r"const VERSION = (\d+);", (ROOT / "frontend" / "src" / "actions" / "consenting.ts").read_text()
    )
    assert re.search(rf"\bVersion {version}\b", protocol)


@pytest.mark.parametrize("language", ["ky", "ru", "tg", "uz", "en"])
def test_the_notice_says_in_every_language_that_whoever_runs_the_server_can_read_it(language: str) -> None:
    said = (ROOT / "locale" / language / "LC_MESSAGES" / "phone.po").read_text()
    (readers,) = re.findall(r'msgctxt "consent\.readers"\nmsgid ".+"\nmsgstr "(.+)"', said)
    assert re.search("server|сервер", readers, re.IGNORECASE)


def test_as_long_as_nothing_sends_notices_it_is_said_that_nothing_does() -> None:
    code = [path for folder in ("reporting", "api", "deploy") for path in (ROOT / folder).rglob("*.py")]
    asking = [path.name for path in code if "address_for_notices" in path.read_text()]
    nothing_sends = asking == ["notifying.py"]
    for page in ("docs/operating.md", "docs/threat-model.md", "deploy/env.example"):
        assert ("Nothing sends notices" in (ROOT / page).read_text()) == nothing_sends, page
    said = (ROOT / "locale" / "en" / "LC_MESSAGES" / "phone.po").read_text()
    told = re.findall(r'msgctxt "notify\.(?:means|given)"\nmsgid ".+"\nmsgstr "(.+)"', said)
    assert ["No message comes yet" in words for words in told] == [nothing_sends, nothing_sends]


def test_every_vector_is_named_in_the_protocol() -> None:
    protocol = (ROOT / "docs" / "sync.md").read_text()
    vectors = {path.name for path in (ROOT / "tests" / "vectors").glob("*.json")}
    assert vectors == set(re.findall(r"tests/vectors/(\w+\.json)", protocol))


def test_every_test_that_the_threat_model_names_is_there() -> None:
    model = (ROOT / "docs" / "threat-model.md").read_text()
    source = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    names = set(re.findall(r"`(test_\w+)`", model))
    assert len(names) >= 40
    assert not [name for name in names if f"def {name}(" not in source]
    files = set(re.findall(r"`((?:frontend/)?tests/[\w./-]+)`", model))
    assert not [file for file in files if not (ROOT / file).exists()]


def test_the_api_describes_itself(db: None) -> None:
    document = Client().get("/api/v1/schema").json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/sync", "/api/v1/media", "/api/v1/reference", "/api/v1/grant"} <= set(document["paths"])
