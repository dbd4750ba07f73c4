"""The server's own re-encoded picture or recording, to whoever may see its case."""

import uuid
from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from api.bearer import required_profile
from reporting.cases import queries
from reporting.media import showing
from reporting.media.models import Medium
from reporting.people.access import mediator_viewer


class Picture(APIView):
    """A JPEG without metadata."""

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY}, operation_id="picture")
    def get(self, request: Request, medium_id: uuid.UUID) -> HttpResponse:
        """404 for a picture that is not there, not ready, or not this profile's to see."""
        return _shown(request, medium_id, showing.picture)


class Sound(APIView):
    """An MP4 without metadata."""

    @extend_schema(responses={(200, "audio/mp4"): OpenApiTypes.BINARY}, operation_id="sound")
    def get(self, request: Request, medium_id: uuid.UUID) -> HttpResponse:
        """404 for a recording that is not there, not ready, or not this profile's to hear."""
        return _shown(request, medium_id, showing.sound)


def _shown(request: Request, medium_id: uuid.UUID, show: Callable[[Medium], showing.Shown | None]) -> HttpResponse:
    profile = required_profile(request)
    viewer = mediator_viewer(profile=profile, at=timezone.now())
    medium = queries.own_medium(profile, medium_id) or (viewer and queries.medium_seen_by(viewer, medium_id))
    shown = show(medium) if medium else None
    if shown is None:
        raise NotFound("There is nothing to show.")
    return HttpResponse(shown.content, content_type=shown.content_type, headers=showing.HEADERS)
