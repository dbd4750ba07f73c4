"""Ctrl-C, a closed terminal and `kill` all mean the same: stop in good order."""

import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen() -> None:
    """Make each a KeyboardInterrupt; said explicitly, since a shell starts what runs in the background with SIGINT ignored."""
    for sign in SIGNALS:
        signal.signal(sign, _interrupt)


def ignore() -> None:
    """Stopping has begun; asking again does not make it faster. Whoever never listened keeps their own handlers."""
    for sign in SIGNALS:
        if signal.getsignal(sign) is _interrupt:
            signal.signal(sign, signal.SIG_IGN)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
