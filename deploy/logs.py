"""Log lines as JSON: the event's name and what the caller chose to say, never the request it came from."""

import logging

import structlog


def drop_request(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Django hands the request object to its loggers; it holds addresses, queries and bodies."""
    for key in ("request", "status_code", "_record", "_from_structlog"):
        event.pop(key, None)
    return event


def formatter() -> logging.Formatter:
    """One JSON object a line, for our own lines and for those of the libraries."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[drop_request, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
    )


structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
