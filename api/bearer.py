"""Who asks: a profile, by its read token. A login is never needed to report."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from reporting.errors import NotAllowed
from reporting.people.models import Profile
from reporting.people.profiles import profile_of_reader
from reporting.people.tokens import read_token


def profile_of(request: Request) -> Profile | None:
    """The profile that asks; None when there is no bearer."""
    user: Any = request.user
    return user if isinstance(user, Profile) else None


def required_profile(request: Request) -> Profile:
    """As `profile_of`; raises NotAuthenticated (401) where a bearer is needed."""
    profile = profile_of(request)
    if profile is None:
        raise NotAuthenticated("A profile's bearer is needed.")
    return profile


class ProfileBearer(BaseAuthentication):
    """`Authorization: Bearer <read token>`. A well-formed unknown token enrols its profile; malformed or revoked is 401."""

    def authenticate(self, request: Request) -> tuple[Profile, None] | None:
        """The profile as `request.user`; None when there is no bearer: a locked phone or a carrier."""
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, text = header.partition(" ")
        token = read_token(text) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed("The bearer is not a read token of 43 characters.", code="bearer_malformed")
        try:
            return profile_of_reader(token=token, at=timezone.now()), None
        except NotAllowed as refusal:
            raise AuthenticationFailed(str(refusal), code="bearer_revoked") from None

    def authenticate_header(self, _request: Request) -> str:
        """Makes a refusal 401 and not 403."""
        return "Bearer"


class BearerDescribed(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The bearer in the API's own description."""

    target_class = ProfileBearer
    name = "profile"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A token made on the phone: nobody gives it out."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "base64url of the 32-byte read token"}
