"""`python -m tests.chaos.database NAME`: a database beside the one that `DATABASE_URL` names; its address on the output. And backups.

`aryk_chaos` begins empty, every other one as a copy of that.

The simulator empties its tables between worlds, so it never works on a database that somebody else may use.
"""

import os
import sys
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from deploy.local.saying import ROOT

TEMPLATE = "aryk_chaos"


def main(name: str) -> None:
    """Make it anew."""
    address = os.environ["DATABASE_URL"]
    with _outside() as connection:
        for old in (name, f"{name}_backup", f"{name}_restored"):
            connection.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", old))
        connection.execute(_sql("CREATE DATABASE {} TEMPLATE {}", name, "template1" if name == TEMPLATE else TEMPLATE))
    print(_at(address, name))


def back_up(name: str) -> None:
    """Copy it as it is at one moment. Whoever uses it meanwhile loses the connection."""
    with _outside() as connection:
        connection.execute(_sql("ALTER DATABASE {} ALLOW_CONNECTIONS false", name))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        connection.execute(_sql("DROP DATABASE IF EXISTS {}", f"{name}_backup"))
        connection.execute(_sql("CREATE DATABASE {} TEMPLATE {}", f"{name}_backup", name))
        connection.execute(_sql("ALTER DATABASE {} ALLOW_CONNECTIONS true", name))


def restore(name: str) -> None:
    """All that came after the copy is gone. As with `deploy/restore`, nobody sees it before it has begun a new epoch."""
    new = f"{name}_restored"
    with _outside() as connection:
        connection.execute(_sql("CREATE DATABASE {} TEMPLATE {}", new, f"{name}_backup"))
        with psycopg.connect(_at(os.environ["DATABASE_URL"], new)) as restored:
            restored.execute((ROOT / "deploy" / "restored.sql").read_text())
        connection.execute(_sql("DROP DATABASE {} WITH (FORCE)", name))
        connection.execute(_sql("ALTER DATABASE {} RENAME TO {}", new, name))


def _outside() -> "psycopg.Connection[Any]":
    return psycopg.connect(_at(os.environ["DATABASE_URL"], "postgres"), autocommit=True)


def _sql(statement: LiteralString, *names: str) -> Composed:
    return SQL(statement).format(*map(Identifier, names))


def _at(address: str, name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


if __name__ == "__main__":
    main(sys.argv[1])
