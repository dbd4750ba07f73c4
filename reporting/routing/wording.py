"""Why a case is where it is, in words a villager and an officer understand, in every language there is a catalogue for."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext

from reporting.cases.models import Case
from reporting.people.models import Office
from reporting.places.names import LANGUAGES
from reporting.routing.decision import Choice


def in_words(sentence: Callable[[str], str]) -> dict[str, str]:
    """A sentence made once per language."""
    words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = sentence(language)
    return words


def by_rule(case: Case, choice: Choice) -> dict[str, str]:
    """Because a rule matched; and which office was passed over because the report is about it."""

    def sentence(language: str) -> str:
        parts = [
            gettext("%(category)s in %(village)s: this office answers there.")
            % {"category": case.category.name(language), "village": case.village.name(language)}
        ]
        parts += [
            gettext("Not %(office)s: the report is about it.") % {"office": office.name(language)}
            for office in choice.passed_over
        ]
        return " ".join(parts)

    return in_words(sentence)


def as_copy(office: Office) -> dict[str, str]:
    """Because the rule sends a copy and the reporter allowed it."""

    def sentence(_language: str) -> str:
        if office.kind == Office.Kind.BORDER:
            return gettext("For the border liaison: the reporter allowed it.")
        if office.kind == Office.Kind.MEDIATION:
            return gettext("For the mediators: they follow every case.")
        return gettext("In copy: the rule for this kind of report says so.")

    return in_words(sentence)


def nobody_else() -> dict[str, str]:
    """Because no office the rules name may read it."""
    return in_words(lambda _: gettext("No office that the rules name may read this, so the mediators have it."))


def after_dispute(before: Office) -> dict[str, str]:
    """Because the reporter says that the office below did not solve it."""
    return in_words(
        lambda language: (
            gettext("The reporter says it is not solved; before, %(office)s had it.")
            % {"office": before.name(language)}
        )
    )


def had_it_before() -> dict[str, str]:
    """Why the office below keeps a copy."""
    return in_words(lambda _: gettext("In copy: this office had the case before."))
