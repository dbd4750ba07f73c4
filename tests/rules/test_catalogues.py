"""Nothing staff read is untranslated, and both catalogues of a language count alike."""

import re
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
STRING = r'\s*"((?:[^"\\]|\\.)*)"'
CALL = r"(?<![\w.])(?:_|u?n?gettext(?:_lazy|_noop)?)"
IN_PYTHON = re.compile(rf"{CALL}\({STRING}", re.DOTALL)
IN_TEMPLATES = re.compile(r"""\{% translate (?:"([^"]*)"|'([^']*)')""")
PLACES = re.compile(r"%\(\w+\)s")


def used() -> set[str]:
    """Every sentence that code and templates ask the catalogue for; of one that counts, its singular."""
    python = (path.read_text() for path in (ROOT / "reporting").rglob("*.py") if "migrations" not in path.parts)
    pages = (path.read_text() for path in (ROOT / "reporting" / "templates").rglob("*.html"))
    found = {text for source in python for text in IN_PYTHON.findall(source)}
    return found | {a or b for source in pages for a, b in IN_TEMPLATES.findall(source)}


def catalogue_of(language: str, name: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> list[str]:
    """What it says: one text, or one for each way of counting."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def is_said(message: Message | None) -> bool:
    """A fuzzy one is left out of what is compiled, and a form without words shows nothing."""
    return message is not None and not message.fuzzy and bool(forms(message)) and all(forms(message))


@pytest.mark.parametrize("language", ["ky", "ru", "tg", "uz"])
def test_every_sentence_is_translated_with_its_placeholders(language: str) -> None:
    catalogue = catalogue_of(language, "django")
    assert len(used()) > 80
    assert "%(n)s day late" in used(), "those that count are looked for too"
    assert sorted(text for text in used() if not is_said(catalogue.get(text))) == []
    for message in catalogue:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        for text in forms(message) if singular else []:
            assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(singular)), message.id
        if message.pluralizable:
            assert len(forms(message)) == catalogue.num_plurals, message.id


@pytest.mark.parametrize("language", ["ky", "ru", "tg", "uz"])
def test_no_sentence_is_copied_from_english(language: str) -> None:
    copied = [message.id for message in catalogue_of(language, "django") if message.id and message.id in forms(message)]
    assert copied == (["Operator"] if language == "uz" else []), "written alike is the Uzbek word alone"


@pytest.mark.parametrize("language", ["ky", "ru", "tg", "uz"])
def test_both_catalogues_count_alike_and_as_the_language_does(language: str) -> None:
    phone, staff = (plural_forms(language, name) for name in ("phone", "django"))
    assert phone == staff
    assert phone.startswith(f"nplurals={get_plural(language).num_plurals};")
    if len(Locale.parse(language).plural_form.rules) == 1:
        assert phone.removesuffix(";") == "nplurals=2; plural=(n != 1)"


def plural_forms(language: str, name: str) -> str:
    """The line of the file's header, not what the library makes of it."""
    content = (ROOT / "locale" / language / "LC_MESSAGES" / f"{name}.po").read_text()
    found = re.search(r'"Plural-Forms: (.*?)\\n"', content)
    assert found
    return found[1]
