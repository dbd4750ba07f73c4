"""What a reporter gives apart from the report, each sealed with the key file and each optional."""

from dataclasses import dataclass

from django.db import models

from reporting.cases.models import Report


class AppealIdentity(models.Model):
    """Name, address and contact of who makes a formal appeal, sealed with the key file; apart from the report."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="identity")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "Identity of an appeal"


class NotifyAddress(models.Model):
    """Where the reporter wants neutral notices, sealed with the key file; shown to nobody, and gone when the case ends."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="notify_address")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "Address for notices"


class ProtectedIdentity(models.Model):
    """Who made a signal, torn in two on the phone and each half sealed to one of a mediators' group's two keys.

    Whoever has both halves as they are here has noise; see reporting.mediation.identities for who opens them, and ADR 13.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="protected")
    first_key = models.CharField(max_length=16)
    first = models.BinaryField()
    second_key = models.CharField(max_length=16)
    second = models.BinaryField()

    def __str__(self) -> str:
        return "Protected identity"

    def half_of(self, key_id: str) -> bytes:
        """What is sealed to this key, which is one of the two."""
        return bytes(self.first if key_id == self.first_key else self.second)


@dataclass(frozen=True)
class SealedHalves:
    """A protected identity as it came: key id and `enc ‖ ciphertext` of each half."""

    first_key: str
    first: bytes
    second_key: str
    second: bytes
