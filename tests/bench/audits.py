"""What Lighthouse says of the first load, by its own mobile profile."""

import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from typing import Any

from deploy.local.setting_up import FRONTEND, node_command
from tests.bench.figures import Figure

LIGHTHOUSE = FRONTEND / "node_modules" / "lighthouse" / "cli" / "index.js"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100}
"""Points of 100."""

RUNS_FOR_A_TRACE = 5
NO_TRACE = "wrong with recording the trace"


def lighthouse(server: str, *, times: int = 5) -> Iterator[Figure]:
    """Each time a browser that never saw the app; the median, and what it found fault with."""
    reports = [_report(server) for _ in range(times)]
    for category, least in LEAST.items():
        points = [round(report["categories"][category]["score"] * 100) for report in reports]
        measured = f"{statistics.median(points):.0f} (median of {times}, lowest {min(points)})"
        if category == "performance":
            measured += f"; {_times(reports)}"
        if found := sorted({fault for report in reports for fault in _faults(report, category)}):
            measured += f"; found: {', '.join(found)}"
        what = f"Lighthouse {reports[0]['lighthouseVersion']}, mobile: {category.replace('-', ' ')}"
        yield Figure("audits", what, measured, f"≥ {least}", statistics.median(points) >= least)


def _report(server: str) -> dict[str, Any]:
    """One run; Chromium now and then leaves the navigation out of its trace, for which Lighthouse asks to be run again."""
    for _ in range(RUNS_FOR_A_TRACE - 1):
        try:
            return _run(server)
        except RuntimeError as trouble:
            if NO_TRACE not in str(trouble):
                raise
    return _run(server)


def _run(server: str) -> dict[str, Any]:
    node, added = node_command()
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    options = ["--quiet", "--output=json", f"--only-categories={','.join(LEAST)}", f"--chrome-flags={flags}"]
    env = {**os.environ, **added, "CHROME_PATH": os.environ["CHROMIUM"]}
    said = subprocess.run(
        [*node, str(LIGHTHOUSE), server, *options], env=env, capture_output=True, text=True, check=False
    )
    if said.returncode != 0:
        raise RuntimeError(f"Lighthouse: {said.stderr[-500:]}")
    report: dict[str, Any] = json.loads(said.stdout)
    if trouble := report.get("runtimeError"):
        raise RuntimeError(f"Lighthouse: {trouble['message']}")
    return report


def _times(reports: list[dict[str, Any]]) -> str:
    names = {"first-contentful-paint": "first paint", "total-blocking-time": "blocked"}
    medians = {
        said: statistics.median(report["audits"][name]["numericValue"] for report in reports)
        for name, said in names.items()
    }
    return ", ".join(f"{said} {value:.0f} ms" for said, value in medians.items())


def _faults(report: dict[str, Any], category: str) -> Iterator[str]:
    """Audits that count and have less than all their points."""
    for one in report["categories"][category]["auditRefs"]:
        score = report["audits"][one["id"]]["score"]
        if one["weight"] and score is not None and score < 1:
            yield one["id"]
