"""The queue's four lists, and how time is said in it."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reporting.cases.lifecycle import is_unread
from reporting.cases.models import UNREAD, Case, Status
from reporting.cases.queries import is_copied, is_due_by, is_waiting
from reporting.people.access import Viewer, staff_viewer
from reporting.people.models import User


class WhoseTurn(admin.SimpleListFilter):
    """Waiting for us first; everything on demand."""

    title = _("Whose turn")
    parameter_name = "turn"
    LISTS = (("", _("Mine to do")), ("due", _("Due today")), ("copy", _("In copy")), ("all", _("All")))

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """What else there is to look at."""
        return [(value, label) for value, label in self.LISTS if value]

    @classmethod
    def links(cls, request: HttpRequest) -> list[dict[str, Any]]:
        """The four lists as links; while somebody searches, it is all."""
        chosen = "all" if request.GET.get("q") else request.GET.get(cls.parameter_name, "")
        return [
            {"query": f"?{cls.parameter_name}={value}" if value else "?", "label": label, "chosen": value == chosen}
            for value, label in cls.LISTS
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Only what waits, unless asked for another list or for something found by searching."""
        viewer = viewer_of(request)
        if self.value() == "all" or request.GET.get("q"):
            return queryset
        if self.value() == "copy":
            return queryset.filter(is_copied(viewer))
        return queryset.filter(is_due_by(viewer, _midnight()) if self.value() == "due" else is_waiting(viewer))


def next_step_in_words(case: Case, *, now: datetime) -> str:
    """*Acknowledge: today*, *Answer: in 3 days*; after the answer nothing but what the reporter said since."""
    if is_unread(case):
        return gettext("Read the reply")
    if case.closed or case.status == Status.ANSWERED:
        return "—"
    step = gettext("Acknowledge") if case.status in UNREAD else gettext("Answer")
    return f"{step}: {due_in_words(case.next_deadline, now=now)}"


def due_in_words(due: datetime, *, now: datetime) -> str:
    """*today*, *in 3 days*, *2 days late*: whole days in the server's time zone."""
    days = (timezone.localdate(due) - timezone.localdate(now)).days
    if due < now:
        late = max(1, -days)
        return ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}
    return gettext("today") if days == 0 else ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


def _midnight() -> datetime:
    """The end of today in the server's time zone."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time.min))


def viewer_of(request: HttpRequest) -> Viewer:
    """Worked out once a request."""
    found: Viewer | None = getattr(request, "_viewer", None)
    if found is None:
        assert isinstance(request.user, User)
        found = staff_viewer(request.user)
        vars(request)["_viewer"] = found
    return found
