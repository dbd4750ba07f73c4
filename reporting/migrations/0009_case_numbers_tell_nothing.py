"""The number that people are shown says nothing of how many cases there are: a keyed permutation of the sequence.

Computed in the database, where it is given out once and stored. The key is made here and lies in the function, so that a backup holds it: a
restored server goes on without giving any number twice. Numbers are from 10,000,000 to 99,999,999, so none that was given before comes again.
"""

from django.db import migrations, models

# A Feistel network over two halves of four digits; what falls out of the range is put through once more.
MAKE = """
DO $make$ BEGIN
    EXECUTE format($function$
        CREATE FUNCTION reporting_next_case_number() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $body$
        DECLARE
            key CONSTANT bytea := decode(%L, 'hex');
            number bigint := 10000000 + (nextval('reporting_case_number') %% 90000000);
            high int;
            low int;
            mixed bytea;
        BEGIN
            LOOP
                high := number / 10000;
                low := number %% 10000;
                FOR round IN 1..8 LOOP
                    mixed := sha256(key || int4send(round) || int4send(low));
                    high := (high + (get_byte(mixed, 0) << 16) + (get_byte(mixed, 1) << 8) + get_byte(mixed, 2)) %% 10000;
                    SELECT low, high INTO high, low;
                END LOOP;
                number := high::bigint * 10000 + low;
                EXIT WHEN number >= 10000000;
            END LOOP;
            RETURN number;
        END
        $body$
    $function$, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
END $make$
"""


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0008_what_sms_leave_behind"),
    ]

    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION reporting_next_case_number"),
        migrations.AlterField(
            model_name="case",
            name="number",
            field=models.BigIntegerField(
                db_default=models.Func(function="reporting_next_case_number"), editable=False, unique=True
            ),
        ),
    ]
