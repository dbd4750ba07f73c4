"""Every setting is documented, and bad ones name themselves."""

import re
from pathlib import Path

import pytest

from deploy import env
from deploy.local.saying import ROOT

FOR_COMPOSE = 1


def documented(part: int = 0) -> list[str]:
    """Names in deploy/env.example: Aryk's settings, or (1) those that docker-compose.yml alone reads."""
    page = (ROOT / "deploy" / "env.example").read_text().split("# --- Read by docker-compose.yml only ---")
    return re.findall(r"^#?([A-Z][A-Z_]+)=", page[part], re.MULTILINE)


def read_by_the_settings() -> set[str]:
    """From the source, since `env.KNOWN` also holds what other tests asked for."""
    source = (ROOT / "deploy" / "settings.py").read_text()
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert sorted(documented()) == sorted(read_by_the_settings())


def test_no_setting_is_read_behind_the_documentation_s_back() -> None:
    assert read_by_the_settings() <= env.KNOWN
    assert {name for name in env.KNOWN if not name.startswith("TRIED_")} == read_by_the_settings()
    assert "os.environ" not in (ROOT / "deploy" / "settings.py").read_text()


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("long and secret\n")
    monkeypatch.setenv("TRIED_KEY_FILE", str(tmp_path / "key"))
    assert env.text("TRIED_KEY") == "long and secret"


@pytest.mark.parametrize("value", ["maybe", "2", "ja"])
def test_a_switch_that_is_neither_yes_nor_no_names_itself(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TRIED_FLAG", value)
    with pytest.raises(env.BadSetting, match="TRIED_FLAG must be yes or no"):
        env.flag("TRIED_FLAG", default=False)


def test_a_missing_setting_says_where_it_is_described() -> None:
    with pytest.raises(env.BadSetting, match=r"TRIED_NOTHING is not set. deploy/env.example"):
        env.text("TRIED_NOTHING")


@pytest.mark.parametrize("value", ["mysql://a@b/c", "postgres://host", "aryk"])
def test_a_database_that_is_no_postgresql_names_the_setting(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TRIED_DATABASE", value)
    with pytest.raises(env.BadSetting, match="TRIED_DATABASE must look like postgres://"):
        env.database("TRIED_DATABASE")


def test_a_choice_of_some_words_takes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.some_of("TRIED_ROADS", ("sms", "email")) == []
    monkeypatch.setenv("TRIED_ROADS", "email, sms")
    assert env.some_of("TRIED_ROADS", ("sms", "email")) == ["sms", "email"]
    monkeypatch.setenv("TRIED_ROADS", "sms,pigeon")
    with pytest.raises(env.BadSetting, match="TRIED_ROADS may hold only sms, email"):
        env.some_of("TRIED_ROADS", ("sms", "email"))
