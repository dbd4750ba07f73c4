-- What a restore says to the database it has filled, in one transaction with its rows.
SET search_path TO public;

-- A phone may have heard more than the backup holds, so old cursors must count for nothing.
INSERT INTO reporting_restore (epoch) VALUES (gen_random_uuid());

-- What was taken back after the backup must not come to life again: everybody logs in anew.
UPDATE reporting_grant SET revoked_at = now() WHERE revoked_at IS NULL;
-- Nor what is written on a phone whose logins were ended after it. In a backup that lacks the column, the migration that adds it says so.
DO $$ BEGIN
  UPDATE reporting_grant SET ended = true;
EXCEPTION WHEN undefined_column THEN NULL;
END $$;
DELETE FROM django_session;

-- Numbers given after the backup are on paper somewhere: no other case gets them.
SELECT setval('reporting_case_number', nextval('reporting_case_number') + 100000);
