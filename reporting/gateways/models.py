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
    """A part of an SMS whose others may still come; gone once they have, before the reply is sent.

    `message` is a keyed hash of gateway, number and reference: whoever has the key can try all numbers, so it stays no longer than that.
    """

    message = models.BinaryField(max_length=32)
    number = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32, help_text="What stays of it, as `Seen`.")
    text = models.CharField(max_length=320)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.number} of {self.of}"


class Seen(models.Model):
    """A part that was put together, so that a late double of it is known. `digest` is of its sealed text and its place, of no number."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    day = models.DateField()

    class Meta:
        verbose_name_plural = "seen"

    def __str__(self) -> str:
        return f"{self.day}"


class DayKey(models.Model):
    """Random; hashes the numbers of one day, and is destroyed with them as it ends."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.day}"


class Replies(models.Model):
    """How many replies a number got today. `number` is hashed with the key of that day; rows have no other name and no order."""

    number = models.BinaryField(max_length=32, primary_key=True)
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
