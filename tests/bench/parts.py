"""The parts of `make bench`, in the order in which they run: the last ones have a million cases behind them."""

from collections.abc import Callable, Iterator

from tests.bench import audits, browser, hands, lives, load, road, scale
from tests.bench.figures import Figure

PARTS: dict[str, Callable[[str], Iterator[Figure]]] = {
    "bytes": road.bytes_of_a_report,
    "link": road.report_with_photo,
    "ready": browser.first_load,
    "start": browser.cold_start,
    "audits": audits.lighthouse,
    "save": hands.save_with_photos,
    "scroll": hands.scroll_through_cases,
    "pull": scale.pulls,
    "lives": lives.lifecycles,
    "accept": load.accepted,
    "route": load.routed,
}
