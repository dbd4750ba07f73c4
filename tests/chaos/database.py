"""`python -m tests.chaos.database`: an empty database beside the one that `DATABASE_URL` names; its address on the output.

The simulator empties its tables between worlds, so it never works on a database that somebody else may use.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME = "aryk_chaos"


def main() -> None:
    """Make it anew."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    print(urlunsplit(urlsplit(address)._replace(path=f"/{NAME}")))


if __name__ == "__main__":
    main()
