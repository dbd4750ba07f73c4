"""Where a reporter wants neutral notices: a telephone number or an e-mail address, sealed with the key file from the moment it is read.

Nobody is shown it. It is sealed as soon as an operation is opened, so that what waits holds it sealed too; what is refused holds none.
"""

import base64
import re
import uuid
from typing import Any

from reporting.people import keyfile

MOST = 254
_PURPOSE = b"aryk notify address 1"
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_MAIL = re.compile(r"[A-Za-z0-9_][\w.+%-]*@[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+", re.ASCII)


def is_address(said: Any) -> bool:
    """A telephone number as +996…, or an e-mail address of at most 254 characters."""
    return isinstance(said, str) and len(said) <= MOST and bool(_NUMBER.fullmatch(said) or _MAIL.fullmatch(said))


def seal(said: Any, *, report: uuid.UUID) -> str | None:
    """The sealed form as base64, tied to its report; None when it is no address. Its length does not tell a number from a long address.

    Raises Unavailable when the key file is away: then nothing is taken in, and the phone comes again.
    """
    if not is_address(said):
        return None
    return base64.b64encode(keyfile.wrap(said.ljust(MOST).encode(), purpose=_PURPOSE, tied_to=report)).decode()


def open_sealed(sealed: bytes, *, report: uuid.UUID) -> str:
    """What `seal` sealed. Raises Unavailable."""
    return keyfile.unwrap(sealed, purpose=_PURPOSE, tied_to=report).decode().rstrip()
