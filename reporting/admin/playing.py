"""A recording in parts: Safari plays one only from a server that gives it the part that it asks for."""

import re

from django.http import HttpResponse

from reporting.media.showing import HEADERS, Shown

ONE_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def in_parts(shown: Shown, wanted: str) -> HttpResponse:
    """The part that a `Range` header wants (206), 416 where there is none, or the whole."""
    size = len(shown.content)
    headers = HEADERS | {"Accept-Ranges": "bytes"}
    asked = ONE_RANGE.fullmatch(wanted)
    if asked is None:
        return HttpResponse(shown.content, content_type=shown.content_type, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    if first > last:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    part = shown.content[first : last + 1]
    headers |= {"Content-Range": f"bytes {first}-{last}/{size}"}
    return HttpResponse(part, status=206, content_type=shown.content_type, headers=headers)
