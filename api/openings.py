"""Who holds the keys of a mediators' group; and looking at who made a signal, after another mediator consented to it."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.bearer import required_profile
from reporting import events
from reporting.errors import NotAllowed
from reporting.mediation import identities
from reporting.people import groupkeys, profiles
from reporting.people.tokens import base64url


class GroupKeyShape(serializers.Serializer[Any]):
    """One of a group's two keys."""

    office = serializers.CharField()
    place = serializers.IntegerField()
    public = serializers.CharField()
    by = serializers.CharField()
    mine = serializers.BooleanField()
    retired = serializers.BooleanField()


class GroupKeysShape(serializers.Serializer[Any]):
    """The keys in force of the mediator's groups, and the mediator's own that others have replaced."""

    keys = GroupKeyShape(many=True)


class GroupKeys(APIView):
    """Who holds which key of a mediators' group: for its mediators alone."""

    @extend_schema(request=None, responses=GroupKeysShape, operation_id="group_keys")
    def get(self, request: Request) -> Response:
        """The keys of the bearer's groups; 403 without a mediator's login in force."""
        grant = profiles.grant_in_force(profile=required_profile(request), at=timezone.now())
        if grant is None:
            raise NotAllowed("Log in as a mediator first.")
        keys = groupkeys.known_to(grant.user).select_related("user", "office")
        told = [
            {
                "office": key.office.code,
                "place": key.place,
                "public": base64url(bytes(key.public)),
                "by": key.user.called,
                "mine": key.user_id == grant.user_id,
                "retired": key.retired_at is not None,
            }
            for key in keys.order_by("office_id", "place", "made_at")
        ]
        return Response({"keys": told}, headers={"Cache-Control": "no-store"})


class HalvesShape(serializers.Serializer[Any]):
    """Two halves, each sealed to the key `key` of who asked; base64url."""

    key = serializers.CharField()
    own = serializers.CharField()
    passed = serializers.CharField()


class Opening(APIView):
    """One request of the bearer's mediator to open an identity. By POST: each look is written down."""

    @extend_schema(request=None, responses=HalvesShape, operation_id="look_at_identity")
    def post(self, request: Request, opening_id: uuid.UUID) -> Response:
        """Both halves. 403 for everybody but who asked, before consent, and seven days after it."""
        profile = required_profile(request)
        with events.unit_of_work():
            halves = identities.look(opening=opening_id, profile=profile, at=timezone.now())
        told = {"key": halves.key_id, "own": base64url(halves.own), "passed": base64url(halves.passed)}
        return Response(told, headers={"Cache-Control": "no-store"})
