"""Event rows, and the feed that phones pull from."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """Something that happened to one entity, for ever; also the outbox of what must follow (`reacted_at`).

    Rows of one `stream` (a case's id) form a hash chain. `data` holds ids and codes, never words or names; it and `salt`
    may be erased, and the chain still verifies because it runs over `digest`.
    """

    stream = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    data = models.JSONField(null=True)
    salt = models.BinaryField(null=True)
    digest = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    reacted_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="event_number_once_in_stream")]
        indexes = [
            models.Index(fields=["id"], name="event_unreacted", condition=models.Q(reacted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.stream}:{self.number})"


class Scope(models.Model):
    """Whom changes fan out to: `profile:<id>` or `office:<id>` (a mediators' group). `head` is the last position given."""

    key = models.CharField(max_length=60, unique=True)
    head = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class FeedEntry(models.Model):
    """The newest change of one entity in one scope; never its content. `removed`: it left the scope, at `position`; should it come back,
    that is another entry.

    `first` is the position it had when it came into the scope: whoever has read as far, and not as far as where it left, has it.
    """

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="entries")
    entity = models.CharField(max_length=20)
    entity_id = models.UUIDField()
    position = models.BigIntegerField()
    first = models.BigIntegerField()
    version = models.PositiveIntegerField()
    removed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "entity", "entity_id"], condition=models.Q(removed=False), name="feed_once_while_there"
            ),
            models.UniqueConstraint(fields=["scope", "position"], name="feed_position_once_in_scope"),
        ]
        indexes = [models.Index(fields=["scope", "first"], name="feed_first_in_scope")]

    def __str__(self) -> str:
        return f"{self.entity} {self.entity_id} at {self.position}"


class Restore(models.Model):
    """The database was put back to an older state (`deploy/restore` says so): feed positions begin a new epoch.

    The epoch is random, not counted: the same backup restored twice must not give out the same one.
    """

    epoch = models.UUIDField(default=uuid.uuid4, unique=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"restored {self.at:%Y-%m-%d %H:%M}"
