"""The real worker, as in production but without the clock: only what a commit wakes it for is measured."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.saying import LOCAL
from tests.processes import process


@contextmanager
def at_work() -> Iterator[None]:
    """Two worker processes; looks at the tables once at the start, as the clock would make it."""
    log = LOCAL / "log" / "bench-worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    options = ["--concurrency=2", "--without-gossip", "--without-mingle", "-l", "WARNING"]
    with process(["celery", "-A", "deploy.celery", "-q", "worker", *options], dict(os.environ), log):
        yield
