"""What cannot wait: the answers of a report that make its case urgent, as staff set it with each question."""

from collections.abc import Iterable, Mapping
from typing import Any

from reporting.cases.categories import Question


def urgent_because(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[str]:
    """Codes of the questions that were answered in a way that makes a case urgent, in the order of the questions."""
    return [question.code for question in questions if _is_urgent(question, answers.get(question.code))]


def _is_urgent(question: Question, answer: Any) -> bool:
    if answer is None or not question.urgent_if:
        return False
    if question.kind == Question.Kind.NUMBER:
        return _number(answer) >= _number(question.urgent_if, otherwise=float("inf"))
    return str(answer) in question.urgent_answers


def _number(value: Any, *, otherwise: float = float("-inf")) -> float:
    """What came from a phone, or was typed by staff, may be anything; then it is `otherwise`, which is never urgent."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise
