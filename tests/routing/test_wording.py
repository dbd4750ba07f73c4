"""Promise 4: why a case is where it is, each of the villages' languages says."""

from reporting.people.models import Office
from reporting.places.names import LANGUAGES
from reporting.routing import wording
from tests.valley import Valley


def test_each_reason_is_said_in_every_language(valley: Valley) -> None:
    reasons = [
        wording.nobody_else(),
        wording.had_it_before(),
        wording.after_dispute(valley.okmotu),
        *(wording.as_copy(Office(kind=kind)) for kind in Office.Kind),
    ]
    for reason in reasons:
        assert list(reason) == list(LANGUAGES)
        assert len(set(reason.values())) == len(LANGUAGES), reason
