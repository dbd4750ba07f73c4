"""Reading operators' files: every fault is a sentence with file, line and reason."""

import hashlib
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TypeVar

from django.db.models import Q

from reporting.errors import BadReference
from reporting.places.models import Dataset, Place

LARGEST_BYTES = 64 * 1024 * 1024
"""Twenty times what a whole country's file has; more is not the file that was meant."""
LONGEST_NAME = 200
LONGEST_CODE = 32
LARGEST_ID = 2**31 - 1
EVERY_S = 3.0
CITY_SETTLEMENT = re.compile(r"417[0-9]{2}4[1-9][0-9]000010")
"""…400000 is no city but the heading over an oblast's cities, so the codes under it stay as they are."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class Source:
    """A file that was read, and how to speak of its lines."""

    path: Path
    text: str
    sha256: str
    unit: str = "line"
    say: Callable[[str], None] = field(default=lambda line: None, compare=False)

    def refuse(self, number: int | None, reason: str) -> NoReturn:
        """Raise BadReference for a line (or feature), or for the whole file."""
        where = f", {self.unit} {number}" if number is not None else ""
        raise BadReference(f"{self.path.name}{where}: {reason}")

    def watched(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows again, with a progress line every few seconds."""
        said = time.monotonic()
        for count, row in enumerate(rows, 1):
            if time.monotonic() - said >= EVERY_S:
                said = time.monotonic()
                self.say(f"{self.path.name}: {count} read")
            yield row


def read(path: Path, *, unit: str, say: Callable[[str], None]) -> Source:
    """The file as text."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadReference(f"{path.name}: larger than {LARGEST_BYTES // 2**20} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise BadReference(f"{path.name}: cannot be read ({error.strerror})") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadReference(f"{path.name}, line {line}: not UTF-8") from error
    return Source(path, text, hashlib.sha256(raw).hexdigest(), unit, say)


def clean(source: Source, number: int, value: object, *, longest: int = LONGEST_NAME) -> str:
    """A cell as one line of text; numbers become their digits, nothing becomes ''."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        source.refuse(number, f"{value!r} is not a text")
    text = " ".join(str(value).split())
    if re.search("[\0\ud800-\udfff]", text):
        source.refuse(number, "a text holds a character that cannot be stored")
    if len(text) > longest:
        source.refuse(number, f"“{text[:20]}…” is longer than {longest} characters")
    return text


def degrees(source: Source, number: int, latitude: str, longitude: str) -> tuple[float, float]:
    """Latitude and longitude in degrees WGS 84."""
    try:
        found = float(latitude), float(longitude)
    except ValueError:
        source.refuse(number, f"bad coordinates “{latitude[:20]}”, “{longitude[:20]}”")
    if not on_earth(*found):
        source.refuse(number, f"coordinates outside the globe: {latitude}, {longitude}")
    return found


def on_earth(latitude: float, longitude: float) -> bool:
    """Whether these are degrees at all (not infinite, not metres)."""
    return math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180


def geonames_id(source: Source, number: int, value: str) -> int:
    """A GeoNames id."""
    if not re.fullmatch(r"[0-9]{1,10}", value) or not 0 < int(value) <= LARGEST_ID:
        source.refuse(number, f"“{value[:20]}” is not a GeoNames id")
    return int(value)


def soate(code: str) -> str:
    """The SOATE code of an OCHA p-code (KG05… is 41705…) or of a shortened one; any other code as it is."""
    if re.fullmatch(r"KG[0-9]{2,11}", code):
        code = "417" + code[2:]
    return code.ljust(14, "0") if re.fullmatch(r"417[0-9]{2,11}", code) else code


def city_code(code: str) -> str:
    """The SOATE code of a city of an oblast. COD-AB codes it by the settlement in it (…010), SOATE by the unit (…000)."""
    whole = soate(code)
    return whole[:-3] + "000" if CITY_SETTLEMENT.fullmatch(whole) else whole


def known(code: str, *kinds: Place.Kind) -> Place | None:
    """The place of a code: one of these kinds if there is one, else whatever bears the code."""
    whole = soate(code)
    found = Place.objects.filter(Q(code=whole) | Q(pcode=code) | Q(code=city_code(code), kind=Place.Kind.CITY))
    return min(found, key=lambda place: (place.kind not in kinds, place.code != whole), default=None) if code else None


def ours(place: Place, dataset: Dataset) -> bool:
    """Whether a file may correct a place: a new one, or one of an earlier edition of the same data. Others it only completes."""
    return not place.pk or (place.dataset is not None and place.dataset.name == dataset.name)


def take_names(place: Place, names: dict[str, str], *, replace: bool) -> None:
    """Names into a place: all there are, or only those it lacks. Kyrgyz falls back on Russian, then Latin."""
    for language, name in names.items():
        if name and (replace or not getattr(place, f"name_{language}")):
            setattr(place, f"name_{language}", name)
    if not place.name_ky:
        place.name_ky = place.name_ru or place.name_en
