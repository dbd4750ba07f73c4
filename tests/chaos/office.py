"""The valley's offices as one process that `frontend/chaos` talks to: one JSON object a line in, one a line out.

It lays out the valley, does what a worker and the officers would do, and at the end reads from PostgreSQL what took effect.
"""

import base64
import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
import time_machine

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402 - models can be imported only now
from django.utils import timezone  # noqa: E402

from reporting import events, reactions, tasks  # noqa: E402
from reporting.cases import asking, work  # noqa: E402
from reporting.cases.models import Assignment, Case, Report, Status  # noqa: E402
from reporting.errors import NotAllowed, TooLate  # noqa: E402
from reporting.events.models import Event  # noqa: E402
from reporting.media import erasing, processing  # noqa: E402
from reporting.mediation.models import Opening  # noqa: E402
from reporting.people import memberships, profiles  # noqa: E402
from reporting.people.models import Grant, Membership, Office, Profile, User  # noqa: E402
from reporting.routing import nowhere  # noqa: E402
from reporting.sync import keys  # noqa: E402
from reporting.sync.models import Operation  # noqa: E402
from tests import people, valley  # noqa: E402
from tests.chaos import database, effects, whose  # noqa: E402
from tests.media.sounds import recorded  # noqa: E402
from tests.media.test_pictures import jpeg  # noqa: E402

JSON = dict[str, Any]


FIRST: set[int] = set()
"""Who works where as each world begins."""


def open_offices(_said: JSON) -> JSON:
    """An empty database with the valley and its people."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reporting_place, reporting_user, reporting_category, reporting_term CASCADE")
    forget(_said)
    laid = valley.lay_out()
    people.live_in(laid)
    sanjar = people.member("sanjar", laid.mediators, Membership.Role.MEDIATOR)
    Membership.objects.create(user=sanjar, office=laid.okmotu, role=Membership.Role.OFFICER)
    people.member("nurlan", laid.mediators, Membership.Role.MEDIATOR)
    samples = {"photo": _text(jpeg((16, 12), quality=30)), "voice": _text(recorded("ogg", 0.1))}
    FIRST.update(Membership.objects.values_list("pk", flat=True))
    return {"category": laid.water.code, "other": laid.road.code, **samples}


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def forget(_said: JSON) -> JSON:
    """Everything that phones said, and who came to which office, so that the next world begins on an empty table."""
    Membership.objects.exclude(pk__in=FIRST).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE reporting_profile, reporting_case, reporting_event, reporting_scope, reporting_part, reporting_seen, "
            "reporting_nonce, reporting_quarantined, reporting_partial, reporting_groupkey CASCADE"
        )
    for folder in (settings.MEDIA_ROOT, settings.MEDIA_INCOMING_ROOT):
        shutil.rmtree(folder, ignore_errors=True)
    return {}


def labour(said: JSON) -> JSON:
    """React to what came, answer some cases, ask about some, hand some on. `seed` chooses which."""
    chance = random.Random(said["seed"])
    reacted = _react(timezone.now)
    assigned = Case.objects.filter(status=Status.ASSIGNED).order_by("-opened_at", "id")
    for case in list(assigned[:3]):
        act = chance.choice((_answer, _answer, _ask, _hand_on, _leave))
        act(case)
    return {"reacted": reacted}


def settle(_said: JSON) -> JSON:
    """Every office is in use again. React until nothing is left to react to, claims of the dead lapsed too. Returns how much there was."""
    Office.objects.filter(active=False).update(active=True)
    nowhere.route_all_anew(at=_later())
    done = Event.objects.filter(reacted_at=None).count()
    while some := _react(_later):
        done += some
    return {"done": done}


def _react(now: Callable[[], datetime]) -> int:
    """What a worker does when it is woken. How much there was."""
    return reactions.drain(at=now()) + processing.drain(now=now) + erasing.drain()


def _later() -> datetime:
    return timezone.now() + timedelta(hours=2)


def sweep(said: JSON) -> JSON:
    """What the worker does by the clock, as it will be in so many days."""
    with time_machine.travel(timezone.now() + timedelta(days=said["days"])):
        tasks.sweep()
    return {}


def die_decoding(_said: JSON) -> JSON:
    """A process makes a medium ready, and dies when its picture is kept and nobody knows of it yet. How many did."""
    connection.close()
    child = os.fork()
    if child == 0:
        processing._settle = lambda *_, **__: os._exit(1)
        try:
            processing.drain(now=timezone.now, limit=1)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return {"count": int(status != 0)}


def revoke(said: JSON) -> JSON:
    """The operator revokes a profile; `profile` is its read hash in hex."""
    count = Profile.objects.filter(read_hash=bytes.fromhex(said["profile"])).update(revoked_at=timezone.now())
    return {"count": count}


def replace_key(_said: JSON) -> JSON:
    """The operator makes a new key to seal to; the one before still opens."""
    keys.rotate(at=timezone.now())
    return {}


def expire(said: JSON) -> JSON:
    """A mediator's login runs out."""
    profile = bytes.fromhex(said["profile"])
    past = timezone.now() - timedelta(days=1)
    return {"count": Grant.objects.filter(profile__read_hash=profile).update(until=past)}


def end_logins(said: JSON) -> JSON:
    """An operator ends a mediator's logins: the phone may be in other hands."""
    with events.unit_of_work():
        profiles.end_logins(user=User.objects.get(username=said["name"]), at=timezone.now())
    return {}


def join(said: JSON) -> JSON:
    """Somebody comes to work in an office too. Which cases were theirs to read by then."""
    user, office = User.objects.get(username=said["name"]), Office.objects.get(code=said["office"])
    readable = effects.readable(user)
    with events.unit_of_work():
        memberships.give(user=user, office=office, role=said["role"], by="system", at=timezone.now())
    return {"readable": readable}


def leave(said: JSON) -> JSON:
    """Somebody works there no longer. How many did (a restore may have lost it before), and which cases were theirs to read by then."""
    user = User.objects.get(username=said["name"])
    readable = effects.readable(user)
    held = Membership.objects.filter(user=user, office__code=said["office"])
    with events.unit_of_work():
        for membership in held:
            memberships.take(membership=membership, by="system", at=timezone.now())
        return {"count": len(held), "readable": readable}


def switch(said: JSON) -> JSON:
    """An office is switched off, and what waits there goes to another; or on again."""
    Office.objects.filter(code=said["code"]).update(active=said["on"])
    nowhere.route_all_anew(at=timezone.now())
    return {}


def back_up(_said: JSON) -> JSON:
    """A copy of the database, and of the files right after it."""
    connection.close()
    database.back_up(_name())
    for folder in _folders():
        shutil.rmtree(_backup_of(folder), ignore_errors=True)
        shutil.copytree(folder, _backup_of(folder))
    return {}


def restore(_said: JSON) -> JSON:
    """All that came after the backup is lost."""
    connection.close()
    database.restore(_name())
    for folder in _folders():
        # A chunk that comes this moment is written between the two.
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_backup_of(folder), folder, dirs_exist_ok=True)
    return {}


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _folders() -> list[Path]:
    folders = [Path(settings.MEDIA_ROOT), Path(settings.MEDIA_INCOMING_ROOT)]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    return folders


def _backup_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-backup")


def orphans(_said: JSON) -> JSON:
    """What mediators said that waits for a case, a report or a request which nobody sends again, or for a case that no office ever had."""
    waiting = Operation.objects.filter(status=Operation.Status.WAITING).exclude(content=None)
    return {"orphans": [str(row.op_id) for row in waiting if _waits_in_vain(row)]}


def _waits_in_vain(row: Operation) -> bool:
    body = (row.content or {})["body"]
    if row.type == "followup.create":
        return not Assignment.objects.filter(case=body["case"]).exists()
    if row.type == "identity.request":
        return not Report.objects.filter(pk=body["report"]).exists()
    return (
        row.type in {"identity.consent", "identity.refuse"}
        and not Opening.objects.filter(pk=str(row.entity_id)).exists()
    )


def cut(_said: JSON) -> JSON:
    """PostgreSQL drops every connection but ours, whatever it is in the middle of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return {"count": cursor.fetchone()[0]}


def _answer(case: Case) -> None:
    by = User.objects.get(username="bakyt")
    try:
        with events.unit_of_work():
            work.answer(case=case.id, by=by, text="We have been there.", language="ky", at=timezone.now())
    except (NotAllowed, TooLate):
        pass  # it is another office's, or somebody was faster


def _ask(case: Case) -> None:
    by = User.objects.get(username="bakyt")
    try:
        with events.unit_of_work():
            asking.ask(case=case.id, by=by, text="Since when?", language="ky", at=timezone.now())
    except (NotAllowed, TooLate):
        pass


def _leave(_case: Case) -> None:
    """Nobody gets to everything."""


def _hand_on(case: Case) -> None:
    """To the national mediators, so that the rayon's have to drop it."""
    office = Office.objects.get(code="mediation-national")
    role = Assignment.Role.RESPONSIBLE
    try:
        with events.unit_of_work():
            locked = work.lock(case.id)
            work.assign(case=locked, office=office, role=role, reason={}, at=timezone.now())
            work.changed(locked, at=timezone.now())
    except (NotAllowed, TooLate):
        pass


VERBS: dict[str, Callable[[JSON], JSON]] = {
    "open": open_offices,
    "forget": forget,
    "labour": labour,
    "settle": settle,
    "sweep": sweep,
    "die_decoding": die_decoding,
    "revoke": revoke,
    "replace_key": replace_key,
    "expire": expire,
    "end_logins": end_logins,
    "join": join,
    "leave": leave,
    "switch": switch,
    "cut": cut,
    "back_up": back_up,
    "restore": restore,
    "orphans": orphans,
    "effects": effects.of_profiles,
    "nowhere": effects.nowhere,
    "left": effects.left,
    "in_clear": whose.in_clear,
}


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        said = json.loads(line)
        print(json.dumps(VERBS[said["do"]](said)), flush=True)


if __name__ == "__main__":
    main()
