"""What Vite has built: files of `dist/`, each beside its compressed forms."""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

DIST = Path(__file__).resolve().parent / "dist"

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""Content-Encoding and the suffix of its file, the smallest first."""


@dataclass(frozen=True)
class Built:
    """One file: its bytes by encoding ("" is plain), the tag of its content."""

    forms: dict[str, bytes]
    tag: str

    @property
    def plain(self) -> bytes:
        """As it was before compression."""
        return self.forms[""]

    def for_browser(self, request: HttpRequest) -> tuple[str, bytes]:
        """The smallest form that the browser reads, with its encoding."""
        accepted = request.headers.get("Accept-Encoding", "")
        read = {
            part.split(";")[0].strip() for part in accepted.split(",") if not re.search(r";\s*q=0(\.0*)?\s*$", part)
        }
        return next(
            ((name, self.forms[name]) for name, _ in ENCODINGS if name in read and name in self.forms), ("", self.plain)
        )


def built(name: str) -> Built:
    """A file of the build. Raises FileNotFoundError."""
    path = DIST / name
    return _read(path, path.stat().st_mtime_ns)


def like(name: str, plain: bytes) -> Built:
    """These bytes, with the compressed forms of a built file when they are its."""
    try:
        file = built(name)
    except FileNotFoundError:
        return _of({"": plain})
    return file if file.plain == plain else _of({"": plain})


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> Built:
    forms = {"": path.read_bytes()}
    for name, suffix in ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if packed.is_file():
            forms[name] = packed.read_bytes()
    return _of(forms)


def _of(forms: dict[str, bytes]) -> Built:
    return Built(forms=forms, tag=hashlib.sha256(forms[""]).hexdigest()[:16])


@lru_cache(maxsize=16)
def style_hashes(page: bytes) -> tuple[str, ...]:
    """The sources that a content security policy needs for the page's own style."""
    styles = re.findall(rb"<style>(.*?)</style>", page, re.DOTALL)
    return tuple(f"'sha256-{b64encode(hashlib.sha256(style).digest()).decode()}'" for style in styles)


def pack(response: HttpResponseBase, *, encoding: str) -> None:
    """Say how the body is compressed, and that it depends on who asks."""
    if encoding:
        response["Content-Encoding"] = encoding
    patch_vary_headers(response, ["Accept-Encoding"])
