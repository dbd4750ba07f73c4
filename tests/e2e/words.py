"""The words that a person sees, from the catalogue that the phone itself gets them from."""

import re
from functools import lru_cache

from babel.messages.pofile import read_po

from deploy.local.saying import ROOT


def words(name: str, language: str = "ky", **values: object) -> str:
    """A message of the phone, in Kyrgyz unless another is asked for: the language it begins with; {places} filled in."""
    return _catalogue(language)[name].format(**values)


def begins(name: str, language: str = "ky") -> re.Pattern[str]:
    """For what is read out as this message and something after it."""
    return re.compile("^" + re.escape(words(name, language)))


@lru_cache
def _catalogue(language: str) -> dict[str, str]:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "phone.po").open("rb") as file:
        return {str(message.context): str(message.string) for message in read_po(file) if message.context}
