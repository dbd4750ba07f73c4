"""What whole tables hold, kept and put back: the database copies rows in a fraction of the time in which we make them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import sql
from django.core.management.commands import flush
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

Rows = dict[str, bytes]
"""By table, in PostgreSQL's own form; empty tables are left out."""


def kept() -> Rows:
    """All that there is now."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
                rows[table] = b"".join(copy)
    return {table: held for table, held in rows.items() if held}


def put_back(rows: Rows) -> None:
    """In place of all that these tables hold. What rows point at must be there at the end, until then their order is free."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, held in rows.items():
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write(held)
    ContentType.objects.clear_cache()


@contextmanager
def quick_flush() -> Iterator[None]:
    """Emptied, a database has Django's content types and permissions alone: made by Django the first time, the same rows afterwards."""
    emptied: Rows = {}

    def fill(verbosity: int, interactive: bool, database: str) -> None:
        if emptied:
            put_back(emptied)
            return
        sql.emit_post_migrate_signal(verbosity, interactive, database)
        emptied.update(kept())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", fill)
        yield
