"""The page, the worker and the manifest, through django-pwa: with a strict policy, cache headers and clear errors."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from pwa import views as pwa

from frontend.built import Built, built, like, pack, style_hashes

NOT_BUILT = "The phone app is not built on this server. Run “make run”, or “npm ci && npm run build” in frontend/.\n"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; connect-src 'self'; img-src 'self' blob: data:; "
    "media-src blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAPER = {"background_color": "#ffffff", "theme_color": "#ffffff"}
"""Of the calendar."""


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The one page of the phone app."""
    return _page(request, "index.html")


@require_safe
def carry(request: HttpRequest) -> HttpResponse:
    """The page on which somebody without a profile sends on what others handed over."""
    return _page(request, "carry.html")


def _page(request: HttpRequest, name: str) -> HttpResponse:
    try:
        page = built(name)
    except FileNotFoundError:
        return _not_built()
    response = _answer(request, page, "text/html; charset=utf-8")
    return _guarded(response, styles=" ".join(("'self'", *style_hashes(page.plain))))


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """django-pwa's view; a missing file is 503 in words and not 500, and the browser always asks for the newest."""
    try:
        plain = pwa.service_worker(request).content
    except OSError:
        return _not_built()
    response = _answer(request, like("serviceworker.js", plain), "text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return _guarded(response)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """django-pwa's view and our template, in the language asked for; `look=calendar` is an app that looks like one, and is another."""
    language, (own, calendar) = _names(request.GET.get("lang", ""))
    look = {"name": own}
    if request.GET.get("look") == "calendar":
        icons = json.loads(json.dumps(settings.PWA_APP_ICONS).replace("/aryk-", "/calendar-"))
        look = {"name": calendar, "id": "/?calendar", "start_url": "/#/days", "icons": icons, **PAPER}
    content = json.loads(pwa.manifest(request).content) | look | {"short_name": look["name"], "lang": language}
    response = JsonResponse(content, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _names(language: str) -> tuple[str, list[str]]:
    """The language, or the first, and what the app is called in it, as itself and as a calendar."""
    try:
        names: dict[str, list[str]] = json.loads(built("names.json").plain)
    except FileNotFoundError:
        return settings.PWA_APP_LANG, [settings.PWA_APP_NAME, "Calendar"]
    return (language, names[language]) if language in names else (settings.PWA_APP_LANG, names[settings.PWA_APP_LANG])


@require_safe
def icon(_request: HttpRequest) -> HttpResponse:
    """What browsers ask for beside a page that names no icon; kept for a day, since it may move."""
    response = HttpResponseRedirect(static("frontend/icons/aryk-192.png"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _answer(request: HttpRequest, file: Built, content_type: str) -> HttpResponse:
    tag = f'"{file.tag}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if {tag, f"W/{tag}", "*"} & set(known):
        response = HttpResponseNotModified()
        pack(response, encoding="")
    else:
        encoding, body = file.for_browser(request)
        response = HttpResponse(body, content_type=content_type)
        pack(response, encoding=encoding)
    # Weak: the compressed forms share it.
    response["ETag"] = f"W/{tag}"
    return _kept_fresh(response)


def _kept_fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    return response


def _guarded(response: HttpResponse, *, styles: str = "'self'") -> HttpResponse:
    response["Content-Security-Policy"] = POLICY.format(styles=styles)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


def _not_built() -> HttpResponse:
    response = HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
