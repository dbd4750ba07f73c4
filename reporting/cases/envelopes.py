"""What a reporter gives apart from the report, each sealed with the key file and each optional."""

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
