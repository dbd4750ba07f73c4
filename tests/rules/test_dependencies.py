"""Whatever is installed has its line in docs/dependencies.md, and no line outlives its package."""

import json
import re

from deploy.local.saying import ROOT

PACKAGE = ROOT / "frontend" / "package.json"


def declared() -> list[str]:
    lines = [
        line
        for name in ("requirements.in", "requirements-dev.in", "requirements-local.in")
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    return [re.split(r"[\[<>=!~; ]", line)[0] for line in lines] + of_the_phone_app()


def of_the_phone_app() -> list[str]:
    package = json.loads(PACKAGE.read_text()) if PACKAGE.exists() else {}
    return [*package.get("dependencies", {}), *package.get("devDependencies", {})]


def explained() -> list[str]:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    if not PACKAGE.exists():
        page = page.partition("## The phone app")[0]
    return re.findall(r"^- `([^`]+)`: \S.{8,}$", page, re.MULTILINE)


def test_every_dependency_is_explained_once_and_nothing_else_is() -> None:
    assert sorted(explained()) == sorted(declared())
