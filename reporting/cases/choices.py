"""The choices of a question, as staff write them."""

import re

from reporting.places.names import LANGUAGES

MOST_CHOICES = 12
YES_NO = ("yes", "no", "dont_know")


def can_be_shown(choices: object) -> bool:
    """Two to twelve objects `{code, names, icon}`: no code twice, names by language with a Kyrgyz one, `icon` where there is a picture."""
    if not isinstance(choices, list) or not 1 < len(choices) <= MOST_CHOICES:
        return False
    codes = [choice.get("code") for choice in choices if isinstance(choice, dict) and _is_choice(choice)]
    return len(set(codes)) == len(choices)


def _is_choice(choice: dict[str, object]) -> bool:
    code, names, icon = choice.get("code"), choice.get("names"), choice.get("icon", "any")
    coded = all(isinstance(slug, str) and re.fullmatch(r"[\w-]{1,40}", slug, re.ASCII) for slug in (code, icon))
    if not coded or not isinstance(names, dict) or "ky" not in names or not set(names) <= set(LANGUAGES):
        return False
    return all(isinstance(name, str) and 0 < len(name) <= 200 for name in names.values())
