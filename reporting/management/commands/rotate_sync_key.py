"""`manage.py rotate_sync_key`: a new key for phones to seal to; the one before still opens for 24 months."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.errors import Unavailable
from reporting.sync import keys
from reporting.sync.models import SyncKey


class Command(BaseCommand):
    """Also what the drills for a lost and a stolen key begin with: docs/threat-model.md."""

    help = "Make a new key that phones seal to. The one before still opens what was sealed to it, for 24 months."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """At most one of three."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--if-none", action="store_true", help="Do nothing when there is a key that opens.")
        choice.add_argument("--stolen", action="store_true", help="Others may have the present private key.")
        choice.add_argument(
            "--key-file-lost",
            action="store_true",
            help="KEY_FILE and every copy of it are lost: give up the keys that it wrapped. Phones seal again by themselves.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rotate, then say the new key's id and fingerprint."""
        try:
            if options["if_none"] and keys.is_there():
                return
            key = self._rotate(**options)
        except Unavailable as trouble:
            raise CommandError(f"{trouble} If every copy is lost: manage.py rotate_sync_key --key-file-lost") from None
        self.stdout.write(f"Key {bytes(key.key_id).hex()}, fingerprint {keys.fingerprint(bytes(key.public))}")

    def _rotate(self, *, stolen: bool, key_file_lost: bool, **_options: Any) -> SyncKey:
        if key_file_lost:
            keys.give_up()
        return keys.rotate(at=timezone.now(), stolen=stolen)
