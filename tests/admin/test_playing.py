"""An officer's browser asks for a recording in parts."""

import pytest

from reporting.admin.playing import in_parts
from reporting.media.showing import Shown

SOUND = Shown(b"0123456789", "audio/mp4")


@pytest.mark.parametrize(
    ("wanted", "status", "content", "said"),
    [
        ("", 200, b"0123456789", None),
        ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=4-2", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("pages=1-2", 200, b"0123456789", None),
    ],
)
def test_a_part_is_given_as_it_is_asked_for(wanted: str, status: int, content: bytes, said: str | None) -> None:
    response = in_parts(SOUND, wanted)
    assert (response.status_code, response.content, response.headers.get("Content-Range")) == (status, content, said)
    assert response["Accept-Ranges"] == "bytes"
