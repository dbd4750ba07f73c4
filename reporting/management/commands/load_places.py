"""`manage.py load_places`: villages, rayons and aiyl aimaks from the files that operators have."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.errors import BadReference
from reporting.places.loading import Order, load


class Command(BaseCommand):
    """Everything named in one run is loaded, or nothing is."""

    help = "Load places: a GeoNames dump, COD-AB boundaries, a village table. See docs/data-sources.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files and what to say of them."""
        parser.add_argument("--boundaries", type=Path, help="GeoJSON polygons of oblasts or rayons and cities.")
        parser.add_argument("--level", type=int, choices=(1, 2), default=2, help="1: oblasts; 2: rayons and cities.")
        parser.add_argument("--map", type=_pair, action="append", default=[], metavar="name_en=FIELD")
        parser.add_argument("--geonames", type=Path, help="GeoNames country dump, 19 columns, tab-separated.")
        parser.add_argument("--villages-table", type=Path, help="CSV: which village is in which aiyl aimak.")
        parser.add_argument("--valid-on", type=date.fromisoformat, help="The day the files speak of, YYYY-MM-DD.")
        parser.add_argument("--licence", default="", help="Licence of the boundaries and the village table.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, then say what was loaded."""
        order = Order(
            geonames=options["geonames"],
            boundaries=options["boundaries"],
            level=options["level"],
            columns=dict(options["map"]),
            villages_table=options["villages_table"],
            valid_on=options["valid_on"],
            licence=options["licence"],
        )
        try:
            loaded = load(order, at=timezone.now(), say=self.stdout.write)
        except BadReference as error:
            raise CommandError(f"{error}. Nothing was changed.") from error
        self.stdout.write(
            f"{loaded.units} units, {loaded.settlements} settlements, {loaded.links} lines of the village table loaded;"
            f" {loaded.homeless} villages lie in no unit and are not offered."
        )


def _pair(text: str) -> tuple[str, str]:
    key, equals, column = text.partition("=")
    if not (key and equals and column):
        raise ArgumentTypeError(f"“{text}” is not KEY=FIELD")
    return key, column
