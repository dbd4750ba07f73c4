"""Photos and recordings, from the first chunk to the re-encoded picture or sound."""

import uuid

from django.db import models

from reporting.people.models import Profile

ARRIVING = models.Q(offset__gt=0) | models.Q(others_offset__gt=0)
HAS_FILES = ~models.Q(image="") | ~models.Q(sound="") | ~models.Q(original="") | ARRIVING


class Medium(models.Model):
    """One photo or recording. Its id is the phone's. It may arrive before the report that names it, or after.

    `state` is about bytes only; `entity_id` is what it belongs to: the report that named it, in the report itself or in a word
    after it (`said_in`), or an office's question or answer. None: nobody has named it yet, it is unbound.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", "Expected"
        UPLOADING = "uploading", "Arriving"
        RECEIVED = "received", "Received"
        READY = "ready", "Ready"
        UNUSABLE = "unusable", "Kept aside"
        ERASED = "erased", "Erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.SET_NULL, null=True, related_name="media")
    entity_id = models.UUIDField(null=True, db_index=True)
    said_in = models.UUIDField(
        null=True, help_text="The operation after the report that named it; none: the report itself, or an office."
    )
    role = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    mime = models.CharField(max_length=60, blank=True, help_text="As the phone said; never trusted.")
    size = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    others_offset = models.PositiveIntegerField(
        null=True,
        help_text="What others than its author bring stands here, apart, since what all brought together was wrong.",
    )
    sha256 = models.BinaryField(max_length=32)
    key = models.BinaryField(
        max_length=32,
        null=True,
        help_text="Opens the bytes as sent. None until a report named it, and once it is ready.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place among what the report named.")
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text="A worker is decoding it until then.")
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True, help_text="Why it is kept aside.")
    original = models.FileField(upload_to="originals/", blank=True)
    image = models.FileField(upload_to="images/", blank=True)
    sound = models.FileField(upload_to="sounds/", blank=True)
    duration_ms = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at"],
                name="medium_to_decode",
                condition=models.Q(state="received", entity_id__isnull=False),
            ),
            models.Index(
                fields=["created_at"],
                name="medium_announced",
                condition=models.Q(entity_id__isnull=True, offset=0),
            ),
            models.Index(
                fields=["offset"],
                name="medium_begun",
                condition=models.Q(entity_id__isnull=True, offset__gt=0),
            ),
            models.Index(fields=["id"], name="medium_to_forget", condition=models.Q(HAS_FILES, state="erased")),
        ]

    def __str__(self) -> str:
        return f"{self.role or 'medium'} {str(self.id)[:8]}"

    @property
    def saying(self) -> tuple[uuid.UUID | None, uuid.UUID | None]:
        """What it is a part of: a report, question or answer; and the word after the report, where it is of one."""
        return (self.entity_id, self.said_in)

    def stands(self, *, apart: bool) -> int:
        """How many bytes are here: of its author's, or of what others bring `apart`."""
        return (self.others_offset or 0) if apart else self.offset

    def is_apart(self, profile: Profile | None) -> bool:
        """Whether what this profile brings is kept apart from what the author brings."""
        return self.others_offset is not None and (profile is None or profile.pk != self.profile_id)

    def called(self, ending: str) -> str:
        """What its file is called, always the same: what is written anew takes the place of what was there."""
        return f"{self.pk}{ending}"
