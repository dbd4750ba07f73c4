"""What happened, kept for ever and chained; what phones have yet to hear; the unit of work that ties both to a change."""

from reporting.events.unit import alone, no_wake, one_wake, record, savepoint, touch, unit_of_work, wake_functions

__all__ = ["alone", "no_wake", "one_wake", "record", "savepoint", "touch", "unit_of_work", "wake_functions"]
