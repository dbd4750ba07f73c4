"""The demo as `load_demo` lays it out. That takes seconds, so for each test after the first the same rows are copied back."""

from io import StringIO

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

_rows: dict[str, bytes] = {}
"""What each table holds, in PostgreSQL's own form."""


def lay_out() -> None:
    """In an empty database, before the test makes a sync key of its own. Every table is as it was after the first time, ids too."""
    if _rows:
        _copy_back()
        return
    call_command("load_demo", stdout=StringIO())
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
                _rows[table] = b"".join(rows)


def _copy_back() -> None:
    """In one transaction: at its end what rows point at must be there, until then their order does not matter."""
    models = apps.get_models(include_auto_created=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL("TRUNCATE {}").format(SQL(", ").join(map(Identifier, _rows))))
        for table, rows in _rows.items():
            with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as into:
                into.write(rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    ContentType.objects.clear_cache()
