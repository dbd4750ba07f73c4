"""The operator's page names every verb, command and script there is."""

import re

from deploy.local.saying import ROOT

PAGE = (ROOT / "docs" / "operating.md").read_text()


def test_every_make_verb_is_described() -> None:
    verbs = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(verbs) >= 5
    assert sorted(re.findall(r"^\| `make (\w+)` \|", PAGE, re.MULTILINE)) == sorted(verbs)


def test_every_command_is_described() -> None:
    ours = {path.stem for path in (ROOT / "reporting/management/commands").glob("*.py") if path.stem != "__init__"}
    assert ours
    assert ours <= set(re.findall(r"^\| `manage.py (\w+)` \|", PAGE, re.MULTILINE))


def test_every_script_is_described() -> None:
    scripts = [path for path in (ROOT / "deploy").iterdir() if path.is_file() and path.stat().st_mode & 0o100]
    assert len(scripts) == 2
    assert not [path.name for path in scripts if f"`deploy/{path.name} " not in PAGE]
