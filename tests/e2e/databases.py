"""What lies in a phone's databases, read inside its own browser, and whether it is whole."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Page

from deploy.local.saying import ROOT

DUMPING = (ROOT / "frontend/tests/store/golden/dump.js").read_text().replace("export async", "async")
OWN = "/^aryk(-[0-9a-f]{8}-[0-9a-f-]{27})?$/"
"""The registry and the profiles' databases."""

JSON = dict[str, Any]


def dumped(page: Page) -> list[JSON]:
    """Every database of Aryk's at the address that is open in this page."""
    mine = f"(await indexedDB.databases()).filter(({{ name }}) => {OWN}.test(name))"
    found: list[JSON] = page.evaluate(
        f"async () => {{ {DUMPING}; return Promise.all({mine}.map(({{ name }}) => dump(name))) }}"
    )
    return sorted(found, key=lambda one: str(one["name"]))


def load(page: Page, databases: list[JSON]) -> None:
    """In place of what is there; the app must not be open."""
    page.evaluate(f"async (all) => {{ {DUMPING}; for (const one of all) await load(one) }}", databases)


def rows(database: JSON, store: str) -> list[JSON]:
    """The values of one store, opened where the profile has no lock; `key` beside each that has no key of its own."""
    found = next(one for one in database["stores"] if one["name"] == store)
    if found["keyPath"] is None:
        return [{"key": row["key"], "value": row["value"]} for row in found["rows"]]
    return [opened(database, row["value"]) for row in found["rows"]]


def opened(database: JSON, row: JSON) -> JSON:
    """What is sealed under the profile's data keys, opened with nothing of the phone's own code."""
    facts = next(one for one in database["stores"] if one["name"] == "facts")
    keys: JSON = next((row["value"] for row in facts["rows"] if row["key"] == "keys"), {})
    if "plain" not in keys:
        return row
    ring = base64.b64decode(keys["plain"]["$bytes"])

    def unsealed(sealed: JSON) -> Any:
        raw = base64.b64decode(sealed["$bytes"])
        key = ring[32 * raw[0] : 32 * raw[0] + 32]
        return json.loads(AESGCM(key).decrypt(raw[1:13], raw[13:], None))

    if "sealed" in row:
        return {**row, **unsealed(row["sealed"])}
    return {**row, "opened": unsealed(row["opened"])} if row.get("opened") else row


def profile(page: Page) -> JSON:
    """The database of the only profile, after a look at whether everything in it belongs together."""
    (found,) = [one for one in dumped(page) if one["name"] != "aryk"]
    assert_whole(found)
    return found


def assert_whole(database: JSON) -> None:
    """A report, its operation and its photos are one: none of them is here without the others."""
    reports = {report["id"] for report in rows(database, "reports") if not report["withdrawn"]}
    created = [one for one in rows(database, "operations") if one["type"] == "report.create"]
    media = {medium["id"]: medium for medium in rows(database, "media")}
    assert sorted(one["entityId"] for one in created) == sorted(reports), (
        "a report without its operation, or the reverse"
    )
    for operation in created:
        named = (
            {medium["id"] for medium in json.loads(operation["opened"])["operation"]["media"]}
            if operation["opened"]
            else None
        )
        here = {medium["id"] for medium in media.values() if medium["opId"] == operation["opId"]}
        assert named in (None, here), "an operation names photos that are not here"
    kept = {row["key"]: base64.b64decode(row["value"]["$buffer"]) for row in rows(database, "mediaBytes")}
    assert set(kept) <= set(media), "bytes that belong to nothing"
    for medium in media.values():
        if medium["state"] == "pending":
            assert hashlib.sha256(kept[medium["id"]]).hexdigest() == medium["sha256"], "a photo is not whole"
