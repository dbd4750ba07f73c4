"""Officers' cases: a queue, one page a case, acknowledging, asking and answering. Read-only but for these acts."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from reporting import events
from reporting.admin import casepage
from reporting.admin.lookups import OnlyItsFilters
from reporting.admin.playing import in_parts
from reporting.admin.queue import WhoseTurn, next_step_in_words, viewer_of
from reporting.cases import asking, work
from reporting.cases.appeals import named_like
from reporting.cases.choosing import note_reading
from reporting.cases.lifecycle import is_unread
from reporting.cases.models import Case, Report
from reporting.cases.queries import NEXT_DEADLINE, medium_seen_by, visible_to
from reporting.errors import NotAllowed, TooLate
from reporting.media import showing, speaking
from reporting.media.decoding import Fault
from reporting.people import receipts
from reporting.people.models import User
from reporting.places.names import LANGUAGE_CHOICES
from reporting.routing import alarms

UNPLAYABLE = gettext_noop(
    "This cannot be played. Record it as MP3, M4A, AMR, Ogg, WebM or WAV, at most three minutes long."
)


class SaidForm(forms.Form):
    """What the office says, in words, by voice or both."""

    text = forms.CharField(required=False)
    language = forms.ChoiceField(choices=LANGUAGE_CHOICES, label=_("Language"))
    recording = forms.FileField(
        required=False,
        label=_("Or a recording, of at most three minutes"),
        widget=forms.FileInput(attrs={"accept": "audio/*,video/mp4,video/webm"}),
    )

    def clean(self) -> dict[str, Any]:
        """Something must be said; a recording is decoded here, before anything is written."""
        said: dict[str, Any] = super().clean() or {}
        said["voice"] = None
        if not self.errors and (file := said.get("recording")):
            if file.size > settings.MEDIUM_MAX_BYTES:
                raise forms.ValidationError({"recording": gettext("The recording is larger than this server takes.")})
            heard = speaking.spoken(file.read(), at=timezone.now())
            if isinstance(heard, Fault):  # nothing of it is kept
                raise forms.ValidationError({"recording": gettext(UNPLAYABLE)})
            said["voice"] = heard
        elif not self.errors and not said.get("text", "").strip():
            raise forms.ValidationError({"text": gettext("Write something, or add a recording.")})
        return said


class QuestionForm(SaidForm):
    """What the office asks."""

    text = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Question")
    )


class AnswerForm(SaidForm):
    """What the office says back."""

    text = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6}), label=_("Answer"))


ASK_IDS = "ask_%s"
"""Both forms stand on one page."""


@admin.register(Case)
class CaseAdmin(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """What a viewer's offices hold. Django's permissions play no part here."""

    list_display = ("case", "state", "about", "where", "due", "with_whom")
    list_filter = (WhoseTurn,)
    change_list_template = "reporting/queue.html"
    list_select_related = ("category", "village", "responsible")
    search_fields = ("number",)
    search_help_text = _("Number, whole receipt, or words")
    ordering = ("-danger", "-urgent", NEXT_DEADLINE, "number")
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Every list, count and search begins here."""
        return visible_to(viewer_of(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        """By number, by a whole receipt, by words of the reports, or by the name on an appeal that is ours to answer."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.isdecimal() and len(term) < 10:
            return queryset.filter(number=int(term)), False
        if receipt := receipts.parse(term):
            return queryset.filter(pk__in=Report.objects.counting().filter(receipt=receipt).values("case")), False
        saying = Q(pk__in=Report.objects.filter(text__icontains=term).values("case"))
        named = Q(pk__in=list(named_like(term, viewer_of(request))))
        return queryset.filter(saying | named), False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever works in an office."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, _obj: Case | None = None) -> bool:
        """Staff with a membership; which cases, the query decides."""
        return isinstance(request.user, User) and request.user.is_staff and bool(viewer_of(request).offices)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Only residents report."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Case | None = None) -> bool:
        """Staff act, they do not edit."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Case | None = None) -> bool:
        """Nothing is lost."""
        return False

    def get_urls(self) -> list[Any]:
        """The acts are views of their own: Django wraps its own in a transaction, and a unit of work must be the outermost."""
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:case_id>/acknowledge/", wrap(require_POST(self.acknowledge)), name="case_acknowledge"),
            path("<uuid:case_id>/ask/", wrap(require_POST(self.ask)), name="case_ask"),
            path("<uuid:case_id>/answer/", wrap(require_POST(self.answer)), name="case_answer"),
            path("<uuid:case_id>/medium/<uuid:medium_id>/", wrap(self.medium), name="case_medium"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue. Its four lists stand above it as links, so the panel of filters has nothing to offer."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data["lists"] = WhoseTurn.links(request)
            changes = response.context_data["cl"]
            changes.has_filters, changes.full_result_count = False, changes.result_count
            assert isinstance(request.user, User)
            response.context_data["alarms"] = alarms.seen_by(request.user).filter(cleared_at=None).count()
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One case."""
        if request.method == "POST":
            raise PermissionDenied
        return self._page(request, _case(request, object_id))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The case's page has its history; Django's own would show less and log more."""
        raise Http404

    def acknowledge(self, request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
        """The office has read it."""
        later = is_unread(_case(request, str(case_id)))
        if _act(request, lambda user, at: work.acknowledge(case=case_id, by=user, at=at)):
            read = gettext("Noted: you have read it.")
            messages.success(request, read if later else gettext("Acknowledged. The reporter sees that it was read."))
        return redirect(reverse("admin:reporting_case_change", args=[case_id]))

    def ask(self, request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
        """The office asks; what was typed stays when it cannot be sent."""
        form = QuestionForm(request.POST, request.FILES, auto_id=ASK_IDS)
        sent = gettext("Asked. The question is on its way to the reporter's phone.")
        return self._say(request, case_id, form, asking.ask, question=form, sent=sent)

    def answer(self, request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
        """The office answers; what was typed stays when it cannot be sent."""
        form = AnswerForm(request.POST, request.FILES)
        sent = gettext("Answered. The answer is on its way to the reporter's phone.")
        return self._say(request, case_id, form, work.answer, answer=form, sent=sent)

    def medium(self, request: HttpRequest, case_id: uuid.UUID, medium_id: uuid.UUID) -> HttpResponse:
        """A photo or recording of a case this viewer may see."""
        medium = medium_seen_by(viewer_of(request), medium_id, case=case_id)
        if medium is None:
            raise Http404
        shown = showing.picture(medium) or showing.sound(medium)
        if shown is None:
            raise Http404
        return in_parts(shown, request.headers.get("Range", ""))

    def _say(
        self,
        request: HttpRequest,
        case_id: uuid.UUID,
        form: SaidForm,
        say: Callable[..., Any],
        *,
        sent: str,
        **shown: Any,
    ) -> HttpResponse:
        """`shown`: the form by its name on the page, should it have to be shown again."""
        case = _case(request, str(case_id))
        if not form.is_valid():
            return self._page(request, case, status=422, **shown)
        said = {name: form.cleaned_data[name] for name in ("text", "language", "voice")}
        if not _act(request, lambda user, at: say(case=case_id, by=user, at=at, **said)):
            speaking.drop(said["voice"])
            return self._page(request, _case(request, str(case_id)), status=409, **shown)
        messages.success(request, sent)
        return redirect(reverse("admin:reporting_case_change", args=[case_id]))

    def _page(
        self,
        request: HttpRequest,
        case: Case,
        *,
        answer: AnswerForm | None = None,
        question: QuestionForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        viewer = viewer_of(request)
        page = casepage.page(case, viewer=viewer, language=get_language() or "ky")
        note_reading([case.pk], offices=viewer.offices, at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Case № %(number)s") % {"number": case.number},
            "case": case,
            "page": page,
            "question": question or QuestionForm(initial={"language": page.language}, auto_id=ASK_IDS),
            "form": answer or AnswerForm(initial={"language": page.language}),
        }
        return TemplateResponse(request, "reporting/case.html", context, status=status)

    @admin.display(description="№", ordering="number")
    def case(self, case: Case) -> str:
        """The number, with a mark for danger and for what cannot wait."""
        return f"⚠ {case.number}" if case.danger else f"❗ {case.number}" if case.urgent else str(case.number)

    @admin.display(description=_("State"))
    def state(self, case: Case) -> str:
        """In words, with a mark where the reporter has replied."""
        said = case.get_status_display()
        return f"{said} · {gettext('The reporter replied')}" if case.replied else said

    @admin.display(description=_("About"))
    def about(self, case: Case) -> str:
        """The category in the officer's language."""
        return case.category.name(get_language() or "ky")

    @admin.display(description=_("Village"))
    def where(self, case: Case) -> str:
        """The village in the officer's language."""
        return case.village.name(get_language() or "ky")

    @admin.display(description=_("Due"), ordering=NEXT_DEADLINE)
    def due(self, case: Case) -> str:
        """What the clock says next, and how long there is left."""
        return next_step_in_words(case, now=timezone.now())

    @admin.display(description=_("With"))
    def with_whom(self, case: Case) -> str:
        """The responsible office."""
        return case.responsible.name(get_language() or "ky") if case.responsible else "—"


def _case(request: HttpRequest, case_id: str) -> Case:
    """A case this viewer may see; 404 for every other, whether it exists or not."""
    try:
        wanted = uuid.UUID(case_id)
    except ValueError:
        raise Http404 from None
    case = visible_to(viewer_of(request)).select_related("category", "village").filter(pk=wanted).first()
    if case is None:
        raise Http404
    return case


def _act(request: HttpRequest, do: Callable[[User, datetime], Any]) -> bool:
    assert isinstance(request.user, User)
    try:
        with events.unit_of_work():
            do(request.user, timezone.now())
    except NotAllowed:
        messages.error(request, gettext("Only the responsible office can do this."))
    except TooLate:
        messages.error(
            request, gettext("The case has moved on meanwhile. Look at its state and try again if still needed.")
        )
    else:
        return True
    return False
