"""The server's own re-encoded picture of a photo, to whoever may see its case."""

import uuid

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
from reporting.people.access import mediator_viewer


class Picture(APIView):
    """A JPEG without metadata."""

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY}, operation_id="picture")
    def get(self, request: Request, medium_id: uuid.UUID) -> HttpResponse:
        """404 for a picture that is not there, not ready, or not this profile's to see."""
        profile = required_profile(request)
        viewer = mediator_viewer(profile=profile, at=timezone.now())
        medium = queries.own_medium(profile, medium_id) or (viewer and queries.medium_seen_by(viewer, medium_id))
        if not medium:
            raise NotFound("There is no such picture.")
        return HttpResponse(showing.jpeg(medium), content_type="image/jpeg", headers=showing.HEADERS)
