"""`manage.py load_demo`: the Batken demo, loaded again without harm."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from reporting import events
from reporting.management.demo import ground, offices


class Command(BaseCommand):
    """Real places of Batken oblast with demo offices, rules and one account per role."""

    help = "Load the Batken demo: real places, demo offices, rules and accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--yes-this-is-a-demo", action="store_true", help="Load it even with DEBUG off.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, then print the accounts."""
        if not settings.DEBUG and not options["yes_this_is_a_demo"]:
            raise CommandError("This server is not a demo (DEBUG is off). Add --yes-this-is-a-demo if it is one.")
        password = os.environ.get("DEMO_PASSWORD", "aryk-demo-2026")
        with transaction.atomic():
            places = ground.load_places(at=timezone.now())
            categories = ground.load_categories()
            ground.load_terms()
            found = offices.load_offices(places)
            offices.load_rules(categories, found)
        with events.unit_of_work():
            offices.load_logins(found, password=password, at=timezone.now())
        self.stdout.write("\n  Demo accounts (roles, not people), first password " + password)
        for login in offices.LOGINS:
            self.stdout.write(f"    {login.username:<20} {login.role:<10} {login.office or 'reference data and rules'}")
