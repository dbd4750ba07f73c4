"""`python -m tests.bench bytes link …`: measures those parts against the server at `BENCH_SERVER`; a line of JSON a figure."""

import os
import sys

import django

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
django.setup()

from tests.bench.parts import PARTS  # noqa: E402 - models need the line above

for name in sys.argv[1:]:
    for figure in PARTS[name](os.environ["BENCH_SERVER"]):
        figure.say()
