"""What every page of the admin carries: a content policy, and the language of whoever is logged in."""

from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from reporting.people.models import User

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]

# Unfold's pages are driven by Alpine, which compiles the expressions in attributes: hence unsafe-eval. Not unsafe-inline:
# words that slipped in as markup still cannot run. Styles stand in unfold's templates and attributes. A blob is what was just recorded.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; font-src 'self'; media-src 'self' blob:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def content_policy(get_response: GetResponse) -> GetResponse:
    """Every HTML page that brings no policy of its own gets this one."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return answer


def own_language(get_response: GetResponse) -> GetResponse:
    """Staff read in the language of their account, on whatever computer."""

    def answer(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and request.user.language in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            vars(request)["LANGUAGE_CODE"] = request.user.language
        return get_response(request)

    return answer


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Django's view; whoever is logged in keeps the choice with the account."""
    wanted = request.POST.get("language", "")
    if isinstance(request.user, User) and wanted in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=wanted)
    response: HttpResponse = set_language(request)
    return response
