"""Strict readers of environment settings.

Every setting is read through here, once. A bad or missing value raises `BadSetting`, whose sentence names the key and what it
should be. A setting is also read from the file that `NAME_FILE` names, so that secrets need not stand in the environment.
`KNOWN` collects what was asked for; a test compares it with `deploy/env.example`.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN: set[str] = set()


class BadSetting(ImproperlyConfigured):
    """A setting is missing or cannot be read; the sentence says which and what it should be."""


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or of the file that `NAME_FILE` names, or the default. Without a default it must be set."""
    KNOWN.add(name)
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE: cannot read {path}: {error.strerror}.") from None
    value = os.environ.get(name, default)
    if value is None:
        raise BadSetting(f"{name} is not set. deploy/env.example says what it is for.")
    return value


def flag(name: str, default: bool) -> bool:
    """A yes/no setting: `1 true yes on` or `0 false no off`."""
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise BadSetting(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas; empty items are dropped."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def some_of(name: str, choices: tuple[str, ...]) -> list[str]:
    """A list separated by commas of some of these words, none unless it is set."""
    chosen = words(name)
    if set(chosen) - set(choices):
        raise BadSetting(f"{name} may hold only {', '.join(choices)}, separated by commas.")
    return [choice for choice in choices if choice in chosen]


def secrets(name: str) -> dict[str, str]:
    """Secrets by name, `name:secret` separated by commas; each of at least 32 characters."""
    pairs = dict(item.partition(":")[::2] for item in words(name))
    if any(not key or len(secret) < 32 for key, secret in pairs.items()):
        raise BadSetting(f"{name} must be name:secret, separated by commas, each secret of at least 32 characters.")
    return pairs


def database(name: str) -> dict[str, object]:
    """A Django `DATABASES` entry from `postgres://user:password@host:port/name`; a host may be a socket folder, escaped."""
    parts = urlsplit(text(name))
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise BadSetting(f"{name} must look like postgres://user:password@host:5432/name (PostgreSQL 15 or newer).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }
