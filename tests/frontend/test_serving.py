"""The phone app is served with a strict policy, the right types and clear errors."""

import gzip
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pwa import app_settings

from frontend import built

PAGE = b"<!doctype html><title>Aryk</title><style>a{color:red}</style><script type=module src=/static/app/a-12345678.js></script>"
WORKER = b"self.addEventListener('fetch', () => {});" * 20


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of our own, so that no test depends on Node."""
    monkeypatch.setattr(built, "DIST", tmp_path)
    monkeypatch.setattr(app_settings, "PWA_SERVICE_WORKER_PATH", str(tmp_path / "serviceworker.js"))
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "carry.html").write_bytes(PAGE)
    (tmp_path / "serviceworker.js").write_bytes(WORKER)
    (tmp_path / "serviceworker.js.gz").write_bytes(gzip.compress(WORKER))
    return tmp_path


@pytest.mark.usefixtures("dist")
@pytest.mark.parametrize("address", ["/", "/carry"])
def test_a_page_allows_nothing_that_is_not_its_own(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == rules["worker-src"] == "'self'"
    assert rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    # Nothing comes from anybody else either, least of all a picture or a recording that would tell them who looks.
    sources = {source for rule in rules.values() for source in rule.split() if not source.startswith("'sha256-")}
    assert sources == {"'none'", "'self'", "blob:", "data:"}
    assert [rule for rule in rules if "data:" in rules[rule]] == ["img-src"]


@pytest.mark.usefixtures("dist")
def test_the_policy_names_the_pages_own_style_by_its_hash(client: Client) -> None:
    digest = b64encode(sha256(b"a{color:red}").digest()).decode()
    assert f"'sha256-{digest}'" in client.get("/")["Content-Security-Policy"]


@pytest.mark.usefixtures("dist")
def test_the_page_tells_nobody_where_its_reader_came_from(client: Client) -> None:
    response = client.get("/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.usefixtures("dist")
@pytest.mark.parametrize("address", ["/", "/serviceworker.js"])
def test_a_browser_asks_for_the_newest_and_is_told_when_it_has_it(client: Client, address: str) -> None:
    first = client.get(address)
    assert first["Cache-Control"] == "no-cache"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_new_build_is_seen_without_a_restart(client: Client, dist: Path) -> None:
    before = client.get("/")["ETag"]
    (dist / "index.html").write_bytes(PAGE + b"<!-- newer -->")
    assert client.get("/")["ETag"] != before


@pytest.mark.usefixtures("dist")
def test_the_worker_is_a_script_of_the_whole_site(client: Client) -> None:
    response = client.get("/serviceworker.js")
    assert (response.status_code, response.content) == (200, WORKER)
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Service-Worker-Allowed"] == "/"


@pytest.mark.usefixtures("dist")
def test_the_worker_travels_compressed_to_those_who_read_it(client: Client) -> None:
    response = client.get("/serviceworker.js", headers={"accept-encoding": "gzip, deflate"})
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == WORKER
    assert "Accept-Encoding" in response["Vary"]
    refused = client.get("/serviceworker.js", headers={"accept-encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused


@pytest.mark.parametrize(
    ("address", "file"), [("/", "index.html"), ("/carry", "carry.html"), ("/serviceworker.js", "serviceworker.js")]
)
def test_what_is_not_built_is_said_in_words(client: Client, dist: Path, address: str, file: str) -> None:
    (dist / file).unlink()
    response = client.get(address)
    assert response.status_code == 503
    assert "not built" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_the_manifest_has_its_own_type_an_id_and_icons_that_exist(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    manifest = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert "max-age" in response["Cache-Control"]
    assert manifest["id"] == manifest["scope"] == manifest["start_url"] == "/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    static = Path(built.__file__).parent / "static"
    for icon in manifest["icons"]:
        assert re.match(r"^/static/frontend/", icon["src"])
        assert (static / icon["src"].removeprefix("/static/")).is_file()


def test_the_manifest_speaks_the_language_of_the_phone_and_names_nothing_as_a_calendar(
    client: Client, dist: Path
) -> None:
    def manifest(query: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(client.get(f"/manifest.webmanifest?{query}").content)
        return found

    assert manifest("lang=uz")["name"] == "Aryk", "not built, so not known"
    (dist / "names.json").write_text(json.dumps({"ky": ["Арык", "Календарь"], "uz": ["Ariq", "Kalendar"]}))
    assert [manifest(f"lang={lang}")["lang"] for lang in ("uz", "ky", "<b>", "")] == ["uz", "ky", "ky", "ky"]
    assert manifest("lang=uz")["name"] == manifest("lang=uz")["short_name"] == "Ariq"
    plain = manifest("lang=uz&look=calendar")
    assert (plain["name"], plain["start_url"]) == ("Kalendar", "/#/days")
    assert plain["id"] != manifest("lang=uz")["id"], "it is installed beside the other, not in its place"
    assert not re.search("ar[yi][kq]|Арык", json.dumps(plain, ensure_ascii=False), re.IGNORECASE)
    static = Path(built.__file__).parent / "static"
    assert all((static / icon["src"].removeprefix("/static/")).is_file() for icon in plain["icons"])


def test_a_browser_that_asks_for_an_icon_beside_the_page_gets_the_apps(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/frontend/icons/aryk-192.png")
    assert "max-age" in response["Cache-Control"]


@pytest.mark.usefixtures("dist")
def test_nothing_is_posted_to_the_page(client: Client) -> None:
    assert client.post("/").status_code in (403, 405)
