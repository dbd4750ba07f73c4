"""What was released stands still: docs/releasing.md says what and why, `tests/vectors/SHA256SUMS` and the migrations' list what it was."""

import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from deploy.local.saying import ROOT

MIGRATIONS = ROOT / "reporting" / "migrations"
MAY_GROW = {"limits.json", "shown.json", "sync.json"}
"""Vectors of what servers say, and of what a client may say of itself."""
LISTS = [ROOT / "tests" / "vectors", MIGRATIONS]
LINES = [
    (folder / name, digest)
    for folder in LISTS
    for line in (folder / "SHA256SUMS").read_text().splitlines()
    if line and not line.startswith("#")
    for digest, name in [line.split("  ")]
]


@pytest.mark.parametrize(("file", "digest"), LINES, ids=[file.name for file, _ in LINES])
def test_a_released_file_is_what_it_was(file: Path, digest: str) -> None:
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest


def test_every_vector_of_what_travels_is_listed() -> None:
    vectors = {file.name for file in LISTS[0].glob("*.json")} - MAY_GROW
    assert vectors == {file.name for file, _ in LINES if file.parent == LISTS[0]}


def test_the_tables_are_what_the_migrations_make(db: None) -> None:
    call_command("makemigrations", "reporting", check=True, dry_run=True, stdout=StringIO())
