"""`make run` is for a demo on one machine, and says so when it is asked for more."""

import os
import subprocess
import sys

from deploy.local.saying import ROOT


def test_a_database_that_is_not_for_the_demo_is_refused() -> None:
    env = {**os.environ, "DATABASE_URL": "postgres://aryk@127.0.0.1:1/real"}
    env.pop("ARYK_DEMO_DATABASE", None)
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "run"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 1
    assert "ARYK_DEMO_DATABASE=yes" in done.stderr
    assert done.stdout == ""
