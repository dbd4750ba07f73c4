"""Promise 3: whatever happens to worker and broker, every report that arrived is routed, once."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.celery import app
from reporting import events, tasks
from reporting.cases.models import Assignment, Case
from tests import people
from tests import valley as the_valley
from tests.given import a_report
from tests.phones import Phone
from tests.processes import Broker, environment, kill, until, worker

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker that this process, standing for the web server, wakes workers through."""
    broker = Broker()
    broker.start()

    def wake() -> None:
        with app.connection(broker.url, transport_options={"socket_connect_timeout": 1}) as connection:
            tasks.wake.apply_async(retry=False, connection=connection)  # type: ignore[call-arg]

    monkeypatch.setattr(events.unit, "wake_functions", [wake])
    yield broker
    broker.close()


@pytest.fixture
def env(broker: Broker, tmp_path: Path) -> dict[str, str]:
    return environment(broker.url, tmp_path / "data", SWEEP_SECONDS="600")


@pytest.fixture
def sweeping(broker: Broker, tmp_path: Path) -> dict[str, str]:
    return environment(broker.url, tmp_path / "data", SWEEP_SECONDS="1")


@pytest.fixture
def phone() -> Phone:
    valley = the_valley.lay_out()
    people.live_in(valley)
    return Phone()


def routed() -> int:
    return Assignment.objects.filter(role="responsible", ended_at=None).count()


def is_routed_once(reports: int) -> None:
    until(lambda: routed() == reports)
    assert Case.objects.filter(status="assigned").count() == reports
    assert Assignment.objects.filter(role="responsible").count() == reports


def test_a_worker_is_woken_by_the_commit_and_routes(phone: Phone, env: dict[str, str], tmp_path: Path) -> None:
    with worker(env, tmp_path / "worker.log"):
        a_report(phone)
        is_routed_once(1)


def test_with_the_broker_flushed_at_the_wrong_moment_the_sweep_routes(
    phone: Phone, broker: Broker, sweeping: dict[str, str], tmp_path: Path
) -> None:
    a_report(phone)
    assert broker.waiting() == 1
    broker.flush()
    assert broker.waiting() == 0
    with worker(sweeping, tmp_path / "worker.log"):
        is_routed_once(1)


def test_with_the_broker_dead_reports_are_taken_and_routed_when_it_is_back(
    phone: Phone, broker: Broker, sweeping: dict[str, str], tmp_path: Path
) -> None:
    with worker(sweeping, tmp_path / "worker.log"):
        a_report(phone)
        is_routed_once(1)
        broker.stop(signal.SIGKILL)
        a_report(phone)
        a_report(phone)
        assert routed() == 1
        broker.start()
        is_routed_once(3)


def test_a_worker_killed_in_the_middle_leaves_nothing_behind_and_nothing_twice(
    phone: Phone, env: dict[str, str], sweeping: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(30):
        a_report(phone)
    with worker(env, tmp_path / "first.log") as first:
        until(lambda: routed() > 0)
        kill(first)
    before = routed()
    assert before < 30, "the kill came too late to prove anything"
    with worker(sweeping, tmp_path / "second.log"):
        is_routed_once(30)


def test_two_workers_do_not_route_a_report_twice(phone: Phone, sweeping: dict[str, str], tmp_path: Path) -> None:
    for _ in range(20):
        a_report(phone)
    with worker(sweeping, tmp_path / "one.log"), worker(sweeping, tmp_path / "two.log"):
        is_routed_once(20)


def test_the_worker_s_log_names_no_content(phone: Phone, env: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with worker(env, log):
        report = a_report(phone, {"text": "Words that nobody may find in a log."})
        is_routed_once(1)
    said = log.read_text()
    assert "reporting.tasks.wake" in said
    assert "Words that nobody" not in said
    assert report.receipt not in said
