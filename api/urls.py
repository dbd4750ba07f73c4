"""Addresses under /api/v1/."""

from django.urls import path, re_path

from api.gateways import Sms
from api.grant import Grant
from api.media import Upload, Uploads
from api.openings import GroupKeys, Opening
from api.problems import Nothing
from api.receipts import Receipts
from api.reference import Reference
from api.schema import Schema
from api.showing import Picture, Sound
from api.sync import Sync

urlpatterns = [
    path("sync", Sync.as_view(), name="sync"),
    path("grant", Grant.as_view(), name="grant"),
    path("reference", Reference.as_view(), name="reference"),
    path("receipts", Receipts.as_view(), name="receipts"),
    path("gateways/sms", Sms.as_view(), name="sms"),
    path("group-keys", GroupKeys.as_view(), name="group_keys"),
    path("openings/<uuid:opening_id>", Opening.as_view(), name="opening"),
    path("media", Uploads.as_view(), name="uploads"),
    path("media/<uuid:medium_id>", Upload.as_view(), name="upload"),
    path("media/<uuid:medium_id>/image", Picture.as_view(), name="picture"),
    path("media/<uuid:medium_id>/audio", Sound.as_view(), name="sound"),
    path("schema", Schema.as_view(), name="schema"),
    re_path(r"", Nothing.as_view()),
]
