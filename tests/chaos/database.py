"""`python -m tests.chaos.database NAME`: a database beside the one that `DATABASE_URL` names; its address on the output.

`aryk_chaos` begins empty, every other one as a copy of that.

The simulator empties its tables between worlds, so it never works on a database that somebody else may use.
"""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

TEMPLATE = "aryk_chaos"


def main(name: str) -> None:
    """Make it anew."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(_at(address, "postgres"), autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        template = "template1" if name == TEMPLATE else TEMPLATE
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    print(_at(address, name))


def _at(address: str, name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


if __name__ == "__main__":
    main(sys.argv[1])
