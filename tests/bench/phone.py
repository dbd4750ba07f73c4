"""The phone's own code in Node, told what to do over its standard input."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy.local.saying import LOCAL

SCRIPT = LOCAL / "bench" / "phone.mjs"


@dataclass
class NodePhone:
    """One phone. Each `do` is answered when it is done."""

    process: "subprocess.Popen[str]"

    def do(self, task: str, **more: int) -> dict[str, Any]:
        """`sync` or `report`; how it went, and in how many seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": task, **more}) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


@contextmanager
def phone_at(link: str, server: str) -> Iterator[NodePhone]:
    """A phone that reaches `server` over `link`."""
    command = [os.environ.get("NODE", "node"), str(SCRIPT), link, server]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield NodePhone(process)
        assert process.stdin is not None
        process.stdin.close()
