"""Who makes a formal appeal: name, address and contact, sealed with the key file from the moment they are read.

The law on appeals (No. 67 of 4 May 2007) wants them; nobody but the office that must answer is shown them. They are sealed as soon as an
operation is opened, so that what waits, what is refused and what is backed up holds them sealed too.
"""

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from reporting.people import keyfile

_PURPOSE = b"aryk appeal identity 1"
MOST = {"name": 200, "address": 300, "contact": 200}


@dataclass(frozen=True)
class Identity:
    """As the reporter wrote it."""

    name: str
    address: str
    contact: str


def seal(said: Any, *, report: uuid.UUID) -> str | None:
    """The sealed form of `{name, address, contact}` as base64, tied to its report; None when it is anything else.

    Raises Unavailable when the key file is away: then nothing is taken in, and the phone comes again.
    """
    if not isinstance(said, dict) or set(said) != set(MOST):
        return None
    if not all(isinstance(said[key], str) and 0 < len(said[key].strip()) <= most for key, most in MOST.items()):
        return None
    content = json.dumps(asdict(Identity(**said)), ensure_ascii=False).encode()
    return base64.b64encode(keyfile.wrap(content, purpose=_PURPOSE, tied_to=report)).decode()


def opener() -> Callable[[bytes, uuid.UUID], Identity]:
    """Opens what `seal` sealed to a report, for the one office that may see it; the key file is read once. Both raise Unavailable."""
    unwrapped = keyfile.opener(_PURPOSE)
    return lambda sealed, report: Identity(**json.loads(unwrapped(sealed, report)))
