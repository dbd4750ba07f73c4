"""A mediator's login on a phone profile: given for 30 days, given back at will."""

from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.bearer import required_profile
from reporting import events
from reporting.events import feed
from reporting.people import profiles
from reporting.sync.rendering import named


class GrantShape(serializers.Serializer[Any]):
    """What the login gives."""

    name = serializers.CharField()
    by = serializers.UUIDField()
    offices = serializers.ListField(child=serializers.DictField())
    until_ms = serializers.IntegerField()
    epoch = serializers.CharField()


class Grant(APIView):
    """The mediator's login on the bearer's profile."""

    @extend_schema(request=None, responses=GrantShape, operation_id="grant")
    def post(self, request: Request) -> Response:
        """Give it to the user whose allauth session token comes along."""
        profile = required_profile(request)
        session = XSessionTokenAuthentication().authenticate(request)
        if session is None:
            raise NotAuthenticated("Log in first: the session token is missing, unknown or has expired.")
        with events.unit_of_work():
            given = profiles.grant(profile=profile, user=session[0], at=timezone.now())
        offices = profiles.mediation_offices(given.user)
        return Response(
            {
                "name": given.user.called,
                "by": given.user.opaque_id,
                "offices": [named(office) for office in offices],
                "until_ms": int(given.until.timestamp() * 1000),
                "epoch": feed.epoch(),
            }
        )

    @extend_schema(request=None, responses={204: None}, operation_id="give_back_grant")
    def delete(self, request: Request) -> Response:
        """Give it back. Own unsent work is still accepted."""
        profile = required_profile(request)
        with events.unit_of_work():
            profiles.revoke(profile=profile, at=timezone.now())
        return Response(status=204)
