"""`python3 -m deploy.local run | test | gallery | chaos | bench | lint | format | pins | setup`."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Aryk needs Python 3.11 or newer, this is %d.%d. Run: make run PYTHON=python3.11" % sys.version_info[:2])

from deploy.local import benching, chaos, checking, interrupting, running, setting_up
from deploy.local.saying import Trouble

VERBS = {
    "run": running.run,
    "test": checking.test,
    "gallery": checking.gallery,
    "chaos": chaos.chaos,
    "bench": benching.bench,
    "lint": checking.lint,
    "format": checking.format_code,
    "pins": setting_up.pins,
    "setup": setting_up.everything,
}


def main() -> int:
    """Run one verb; trouble is one clear line."""
    verb = sys.argv[1] if len(sys.argv) == 2 else ""
    if verb not in VERBS:
        print(f"Say one of: {', '.join(VERBS)}")
        return 2
    interrupting.listen()
    try:
        return VERBS[verb]() or 0
    except Trouble as trouble:
        print(f"\n✗ {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


sys.exit(main())
