"""What SMS gateways leave here for a while. No telephone number is ever kept, and nothing here names a case."""

from django.db import models


class Nonce(models.Model):
    """A request that was answered; the same one again is a replay. Kept for ten minutes."""

    gateway = models.CharField(max_length=40)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "nonce"], name="nonce_once")]

    def __str__(self) -> str:
        return f"{self.gateway} {self.at:%H:%M:%S}"


class Part(models.Model):
    """A part of an SMS whose others may still come. `message` is a keyed hash of gateway, number and reference."""

    message = models.BinaryField(max_length=32)
    number = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the part.")
    text = models.CharField(max_length=320, help_text="Empty once the message is whole.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.number} of {self.of}"


class Replies(models.Model):
    """How many replies a number got today. `number` is hashed with a key of that day; yesterday's rows are dropped."""

    day = models.DateField()
    number = models.BinaryField(max_length=32)
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "replies"
        constraints = [models.UniqueConstraint(fields=["day", "number"], name="replies_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
