"""`manage.py revoke_profile`: a phone is in other hands; the profile that a report came from is shut out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting import events
from reporting.cases.models import Report
from reporting.people import profiles, receipts


class Command(BaseCommand):
    """By the receipt: nobody sees which profile sent a report, and who holds the whole receipt is who may ask for it."""

    help = "Shut out the phone profile that the report with this receipt came from. It cannot be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The receipt, in any of the ways in which people write it."""
        parser.add_argument("receipt")

    def handle(self, *_args: Any, receipt: str, **_options: Any) -> None:
        """Revoke it; twice is once."""
        whole = receipts.parse(receipt)
        report = Report.objects.filter(receipt=whole, completed_by=None).select_related("profile").first()
        if whole is None or report is None:
            raise CommandError("No report here has this receipt. Look at each letter, and whether it has arrived.")
        if report.profile.enrolled_at is None:
            raise CommandError("This report came by SMS alone: it is of no phone profile.")
        with events.unit_of_work():
            profiles.shut_out(profile=report.profile, by="system", at=timezone.now())
        self.stdout.write("The phone profile is shut out. Its other reports too are answered to nobody by the app.")
