"""What falls due by itself."""

from datetime import datetime

import structlog

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case, Status

log = structlog.get_logger(__name__)


def close_all_silent(*, at: datetime) -> int:
    """Close what was answered long ago and never confirmed, one unit of work a case. Returns how many were looked at."""
    silent = Case.objects.filter(status=Status.ANSWERED, replied=False, changed_at__lte=work.silence_began(at))
    ids = list(silent.order_by("id").values_list("id", flat=True)[:500])
    for case_id in ids:
        try:
            with events.unit_of_work():
                work.close_silent(case=case_id, at=at)
        except Exception as error:  # one case's trouble keeps no other one open
            log.error("case_not_closed", case=str(case_id), error=type(error).__name__)
    return len(ids)
