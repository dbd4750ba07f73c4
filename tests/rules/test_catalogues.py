"""Nothing staff read is untranslated."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
IN_PYTHON = re.compile(r'(?<![\w.])(?:_|gettext|gettext_lazy|gettext_noop)\(\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
IN_TEMPLATES = re.compile(r"""\{% translate (?:"([^"]*)"|'([^']*)')""")


def used() -> set[str]:
    """Every sentence that code and templates ask the catalogue for."""
    python = (path.read_text() for path in (ROOT / "reporting").rglob("*.py") if "migrations" not in path.parts)
    pages = (path.read_text() for path in (ROOT / "reporting" / "templates").rglob("*.html"))
    found = {text for source in python for text in IN_PYTHON.findall(source)}
    return found | {a or b for source in pages for a, b in IN_TEMPLATES.findall(source)}


@pytest.mark.parametrize("language", ["ky", "ru", "tg", "uz"])
def test_every_sentence_is_translated_with_its_placeholders(language: str) -> None:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    assert len(used()) > 80
    missing = sorted(text for text in used() if text not in catalogue or not catalogue[text].string)
    assert not missing
    for message in catalogue:
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for text in texts if message.id else []:
            wanted = re.findall(r"%\(\w+\)s", message.id if isinstance(message.id, str) else message.id[0])
            assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(wanted), message.id
