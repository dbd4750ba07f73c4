"""The demo as `load_demo` lays it out. That takes seconds, so for each test after the first the same rows are copied back."""

from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from tests import rows

_demo: rows.Rows = {}


def lay_out() -> None:
    """In an empty database, before the test makes a sync key of its own. Every table is as it was after the first time, ids too."""
    if not _demo:
        call_command("load_demo", stdout=StringIO())
        _demo.update(rows.kept())
        return
    rows.put_back(_demo)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)
