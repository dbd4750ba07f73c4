"""Many cases, by SQL: what years of a region would have left. Shapes are honest, words and hashes are not anybody's.

Three reports a phone; each case with one report, its ledger row, its two first events, its responsible office and copies as the
demo's own rules choose them, and its feed entries for the phone and for mediators' groups. Villages are unequal: a tenth of them has a
third of the cases, and Ak-Sai is the busiest. Cases are spread over five years; those of the last two weeks are mostly open, of older
ones 2 in 100. Hash chains are random bytes here: nothing that is measured reads them.
"""

import re
from collections.abc import Iterable

from django.db import connection, transaction

from reporting.cases.categories import Category
from reporting.cases.models import Audience, Report, Track
from reporting.people.models import Office
from reporting.places.evidence import whereabouts
from reporting.places.models import Place
from reporting.places.queries import chain
from reporting.routing.decision import Facts, decide
from reporting.routing.models import Rule

BUSIEST = "41705214848010"

GROUND = """
CREATE TABLE IF NOT EXISTS bench_ground (
    n int PRIMARY KEY, village bigint, category bigint, section text, audience text, office bigint, copies bigint[]
)
"""

MADE = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT i, gen_random_uuid() AS "case", gen_random_uuid() AS report, md5('bench' || i / 3)::uuid AS profile,
    g.village, g.category, g.section, g.audience, g.office, g.copies, opened,
    CASE WHEN opened > now() - interval '14 days'
        THEN (ARRAY['assigned', 'assigned', 'assigned', 'acknowledged', 'answered'])[1 + floor(dice * 5)::int]
        WHEN dice < 0.010 THEN 'assigned' WHEN dice < 0.018 THEN 'acknowledged' WHEN dice < 0.02 THEN 'disputed'
        WHEN dice < 0.17 THEN 'unconfirmed' ELSE 'solved' END AS status
FROM (
    SELECT i, now() - random() * interval '5 years' AS opened, random() AS dice,
        floor(power(random(), 2) * (SELECT count(*) FROM bench_ground))::int AS n
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) i
) drawn JOIN bench_ground g ON g.n = drawn.n
"""

INTO = """
INSERT INTO reporting_profile (id, read_hash, write_hash, enrolled_at)
SELECT DISTINCT profile, sha256(('r' || profile)::bytea), sha256(('w' || profile)::bytea), now() - interval '5 years' FROM made
ON CONFLICT DO NOTHING;

INSERT INTO reporting_case (id, status, category_id, village_id, section, border_uncertain, place_evidence, audience, track,
    danger, urgent, urgent_because, replied, responsible_id, opened_at, acknowledge_by, answer_by, changed_at, version)
SELECT "case", status, category, village, section, false, '["table"]', audience, 'signal', i %% 200 = 0, false, '[]', false, office,
    opened, opened + interval '1 day', opened + interval '14 days', opened + interval '7 days', 3 FROM made;

INSERT INTO reporting_report (id, case_id, profile_id, category_id, village_id, text, answers, language, receipt, audience,
    audience_seq, notify_seq, track, about_unlisted, danger, happened_when, filed_at, received_at, partial)
SELECT report, "case", profile, category, village, %(words)s || i, '{}', 'ky', 'B' || lpad(i::text, 10, '0'), audience, -1, -1, 'signal',
    false, i %% 200 = 0, 'today', opened, opened, false FROM made;

INSERT INTO reporting_operation (profile_id, op_id, opened_hash, type, entity_id, status, code, detail, received_at)
SELECT profile, gen_random_uuid(), sha256(i::text::bytea), 'report.create', report, 'applied', '', '', opened FROM made;

INSERT INTO reporting_assignment (case_id, office_id, role, reason, assigned_at)
SELECT "case", office, 'responsible', %(reason)s, opened FROM made;

INSERT INTO reporting_assignment (case_id, office_id, role, reason, assigned_at)
SELECT "case", unnest(copies), 'copy', %(reason)s, opened FROM made;

INSERT INTO reporting_event (stream, number, kind, actor, at, data, salt, digest, previous, hash, reacted_at, attempts, trouble)
SELECT "case", step, (ARRAY['report.received', 'case.assigned'])[step], 'system', opened, jsonb_build_object('report', report),
    substr(sha256(i::text::bytea), 1, 16), sha256(i::text::bytea), sha256(i::text::bytea), sha256(i::text::bytea), opened, 0, ''
FROM made, generate_series(1, 2) step;

CREATE TEMP TABLE entered ON COMMIT DROP AS
SELECT key, entity, id, row_number() OVER (PARTITION BY key ORDER BY i) AS place FROM (
    SELECT i, 'profile:' || profile AS key, 'report' AS entity, report AS id FROM made
    UNION ALL SELECT i, 'office:' || office, 'case', "case" FROM made WHERE office = ANY(%(groups)s)
    UNION ALL SELECT i, 'office:' || copy, 'case', "case" FROM made, unnest(copies) copy WHERE copy = ANY(%(groups)s)
) touched;

INSERT INTO reporting_scope (key, head) SELECT key, 0 FROM entered GROUP BY key ON CONFLICT DO NOTHING;

INSERT INTO reporting_feedentry (scope_id, entity, entity_id, position, first, version, removed)
SELECT s.id, entity, e.id, s.head + place, s.head + place, 3, false FROM entered e JOIN reporting_scope s USING (key);

UPDATE reporting_scope s SET head = head + added FROM (SELECT key, count(*) added FROM entered GROUP BY key) e WHERE e.key = s.key;
"""

REASON = '{"ky": "Суу боюнча билдирүү айыл өкмөтүнө барат.", "ru": "Сообщения о воде идут в айыл окмоту.", "en": "Water: the place."}'
WORDS = (
    "Кечээ кечинде айылдын башындагы сугат дарбазасы жабылып калып, төмөнкү көчөдөгү он төрт үйгө суу жетпей жатат. "
    "Кошуналар менен чогуу барып көрдүк: кулпу салынган, ким жапканы белгисиз. Сураныч, текшериңиздер. "
)
CHUNK = 100_000


def fill(*, upto: int) -> None:
    """Until `upto` cases were made here, in pieces that each commit; then statistics, as autovacuum would have made them."""
    there = Report.objects.filter(text__startswith=WORDS).count()
    with connection.cursor() as cursor:
        cursor.execute(GROUND)
        cursor.execute("SELECT count(*) FROM bench_ground")
        if cursor.fetchone() == (0,):
            rows = list(_ground())
            cursor.executemany("INSERT INTO bench_ground VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
    groups = list(Office.objects.filter(kind=Office.Kind.MEDIATION).values_list("pk", flat=True))
    for begin in range(there + 1, upto + 1, CHUNK):
        given: dict[str, int | str | list[int]] = {
            "first": begin,
            "last": min(upto, begin + CHUNK - 1),
            "words": WORDS,
            "reason": REASON,
            "groups": groups,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            # Nothing refers to what is not there: each row's foreign keys are taken from rows.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in [MADE, *re.split(r";\s*\n", INTO.strip())]:
                cursor.execute(statement.rstrip(";"), given)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _ground() -> Iterable[tuple[int | str | list[int], ...]]:
    """What the demo's rules decide for each village and audience; the busiest village first."""
    rules = list(Rule.objects.filter(active=True).prefetch_related("copies"))
    offices = list(Office.objects.filter(active=True))
    category = Category.objects.get(code="water-gate")
    villages = Place.objects.filter(kind=Place.Kind.VILLAGE).order_by("code")
    ordered = sorted(villages, key=lambda village: village.code != BUSIEST)
    choices = [(village, audience) for village in ordered for audience in (Audience.OFFICE, Audience.MEDIATOR)]
    for n, (village, audience) in enumerate(choices):
        section = whereabouts(village=village, point=None).section
        places = tuple(place.pk for place in chain(village))
        decision = decide(Facts(category.pk, places, section, Track.SIGNAL, audience), rules=rules, offices=offices)
        assert decision.responsible is not None
        copies = [copy.office.pk for copy in decision.copies]
        yield n, village.pk, category.pk, section, audience.value, decision.responsible.office.pk, copies
