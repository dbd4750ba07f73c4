"""Where a phone's clock is proved wrong: a late report is none, so that when it was filed and when it came prove nothing by themselves."""

from datetime import datetime, timedelta

UNTOLD = timedelta(minutes=5)
"""By so much a clock may be off without anybody being told."""


def written_after(*, filed: datetime, heard: datetime | None, received: datetime) -> datetime | None:
    """The server's time that the phone had `heard` last, where its clock was behind that; None of any other, of which it would tell

    nothing but when that phone was online.
    """
    return heard if heard is not None and filed + UNTOLD < heard <= received else None


def was_ahead(*, filed: datetime, received: datetime) -> bool:
    """Whether it was filed after it came."""
    return filed > received + UNTOLD
