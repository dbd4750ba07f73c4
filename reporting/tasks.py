"""What the worker does: one call each, ids only. With deploy.celery the only importer of Celery."""

import time
from collections.abc import Callable

import structlog
from celery import shared_task
from django.utils import timezone

from reporting import events, reactions
from reporting.cases import clocks
from reporting.gateways import parts, replies
from reporting.media import erasing, processing, uploads
from reporting.routing import nowhere
from reporting.sync import keys, quarantine

log = structlog.get_logger(__name__)


@shared_task(name="reporting.tasks.wake")
def wake() -> None:
    """Do whatever the tables say is to be done."""
    with events.no_wake():
        # One photo at a time: whatever somebody else reports meanwhile is routed before the next.
        while reactions.drain(at=timezone.now()) or processing.drain(now=timezone.now, limit=1) or erasing.drain():
            pass


@shared_task(name="reporting.tasks.sweep")
def sweep() -> None:
    """As `wake`, by the clock: what nobody was woken for, and what falls due by itself."""
    for step in DUE:
        _by_itself(step)
    wake()
    _by_itself(nowhere.route_all_anew)


DUE: tuple[Callable[..., object], ...] = (
    clocks.close_all_silent,
    uploads.drop_unnamed,
    erasing.sweep_incoming,
    parts.expire,
    replies.forget,
    keys.destroy_old,
    quarantine.show_what_waits,
    nowhere.show_who_has_nobody,
    reactions.show_what_fails,
)


def _by_itself(step: Callable[..., object]) -> None:
    """One that fails holds up no other: they erase what must not stay. An error's own words may be somebody's; only its kind is logged."""
    try:
        step(at=timezone.now())
    except Exception as error:
        log.error("sweep_step_failed", step=f"{step.__module__}.{step.__name__}", error=type(error).__name__)


PAUSE_SECONDS = 15
_silent_until = 0.0


def wake_soon() -> None:
    """Ask a worker to look at the tables, unless one was asked who has not begun: it will see what is committed by now.

    One attempt, and none for a while after one that failed: what is not woken is swept. A broker that hangs must not hold up a phone
    once for each of its operations.
    """
    global _silent_until  # noqa: PLW0603 - one clock a process; a race costs one more attempt
    if time.monotonic() < _silent_until:
        return
    try:
        with wake.app.producer_or_acquire() as producer:
            if not producer.channel.client.llen(wake.app.conf.task_default_queue):
                wake.apply_async(retry=False, producer=producer)
    except Exception:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        raise
