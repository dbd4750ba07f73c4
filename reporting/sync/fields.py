"""Strict reading of an operation's fields: each reader gives a value of one type within bounds, or says which field is wrong."""

import re
import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from reporting.errors import Rejected

MAX_MS = 4_102_444_800_000
"""The year 2100: clocks lie, but a later one is not a time."""


class Fields:
    """Typed access to one JSON object. Every reader raises Rejected `invalid` naming the field."""

    def __init__(self, value: Any, name: str = "operation") -> None:
        if not isinstance(value, dict):
            raise _wrong(name, "must be an object")
        self.value, self.path = value, name

    def text(self, name: str, *, most: int, least: int = 0) -> str:
        """A string of `least` to `most` characters. Blanks alone are empty."""
        value = self._get(name)
        if not isinstance(value, str) or not least <= len(value) <= most or (least and not value.strip()):
            raise _wrong(name, f"must be text of {least} to {most} characters")
        return value

    def choice(self, name: str, choices: Collection[str]) -> str:
        """One of some words."""
        value = self._get(name)
        if not isinstance(value, str) or value not in choices:
            raise _wrong(name, f"must be one of: {', '.join(sorted(choices))}")
        return value

    def flag(self, name: str) -> bool:
        """true or false."""
        value = self._get(name)
        if not isinstance(value, bool):
            raise _wrong(name, "must be true or false")
        return value

    def whole(self, name: str, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._get(name)
        if type(value) is not int or not least <= value <= most:
            raise _wrong(name, f"must be a whole number from {least} to {most}")
        return value

    def number(self, name: str, *, least: float, most: float) -> float:
        """A finite number within bounds."""
        value = self._get(name)
        if type(value) not in (int, float) or not least <= value <= most:
            raise _wrong(name, f"must be a number from {least:g} to {most:g}")
        return float(value)

    def id(self, name: str) -> uuid.UUID:
        """A UUID."""
        value = self._get(name)
        try:
            return uuid.UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise _wrong(name, "must be a UUID") from None

    def instant(self, name: str) -> datetime:
        """Milliseconds since 1970 UTC."""
        return datetime.fromtimestamp(self.whole(name, least=0, most=MAX_MS) / 1000, UTC)

    def heard(self) -> datetime:
        """The server's time that the phone heard last before the operation, so that it was made later, whatever its clock says."""
        value = self.value.get("last_server_ms")
        if type(value) is not int or not 0 <= value <= MAX_MS:
            return datetime.fromtimestamp(0, UTC)
        return datetime.fromtimestamp(value / 1000, UTC)

    def day(self, name: str) -> date:
        """`YYYY-MM-DD`."""
        value = self._get(name)
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except (ValueError, TypeError):
            raise _wrong(name, "must be a day as YYYY-MM-DD") from None

    def digest(self, name: str) -> bytes:
        """A SHA-256 in hex."""
        value = self.text(name, least=64, most=64)
        if not re.fullmatch("[0-9a-f]{64}", value):
            raise _wrong(name, "must be a SHA-256 in lower-case hex")
        return bytes.fromhex(value)

    def object(self, name: str) -> "Fields":
        """A nested object."""
        return Fields(self._get(name), name)

    def objects(self, name: str, *, most: int) -> "list[Fields]":
        """A list of at most `most` objects."""
        value = self._get(name)
        if not isinstance(value, list) or len(value) > most:
            raise _wrong(name, f"must be a list of at most {most}")
        return [Fields(item, name) for item in value]

    def absent(self, name: str) -> bool:
        """Whether a field that may be null is null. The field itself must be there."""
        return self._get(name) is None

    def _get(self, name: str) -> Any:
        if name not in self.value:
            raise _wrong(name, "is missing")
        return self.value[name]


def _wrong(name: str, why: str) -> Rejected:
    return Rejected("invalid", f"“{name}” {why}.")
