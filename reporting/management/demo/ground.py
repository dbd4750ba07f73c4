"""Places and categories of the demo, from the tables of facts in demo/batken/. docs/data-sources.md names their sources."""

import csv
import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reporting.cases.categories import Category, Question
from reporting.cases.models import Term
from reporting.places.models import Dataset, Place

FOLDER = Path(__file__).resolve().parents[3] / "demo" / "batken"


def load_places(*, at: datetime) -> dict[str, Place]:
    """Every place by code."""
    path = FOLDER / "places.csv"
    dataset, _ = Dataset.objects.update_or_create(
        name="Batken demo places",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        defaults={"valid_on": date(2026, 11, 23), "licence": "CC BY 4.0 (GeoNames); SOATE 2016", "loaded_at": at},
    )
    places: dict[str, Place] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            places[row["code"]] = _place(row, places, dataset)
    return places


def _place(row: dict[str, str], places: dict[str, Place], dataset: Dataset) -> Place:
    place, _ = Place.objects.update_or_create(
        code=row["code"],
        defaults={
            "kind": row["kind"],
            "parent": places[row["parent"]] if row["parent"] else None,
            "parent_source": "table",
            "name_ky": row["name_ky"],
            "name_ru": row["name_ru"],
            "name_en": row["name_en"],
            "latitude": float(row["latitude"]) if row["latitude"] else None,
            "longitude": float(row["longitude"]) if row["longitude"] else None,
            "geonameid": int(row["geonameid"]) if row["geonameid"] else None,
            "dataset": dataset,
        },
    )
    return place


def load_categories() -> list[tuple[Category, dict[str, Any]]]:
    """Groups, and categories with their questions; of the latter each with its row of facts, which also says where reports of it go."""
    rows: list[dict[str, Any]] = json.loads((FOLDER / "categories.json").read_text(encoding="utf-8"))
    loaded = [(_category(row, number), row) for number, row in enumerate(rows, 1)]
    return [(category, row) for category, row in loaded if "to" in row]


def _category(row: dict[str, Any], number: int) -> Category:
    """A group stands before what is in it."""
    group = Category.objects.get(code=row["group"]) if "group" in row else None
    facts = {"icon": row.get("icon", row["code"]), "position": number, "parent": group}
    category, _ = Category.objects.update_or_create(code=row["code"], defaults=facts | _named(row))
    for position, asked in enumerate(row.get("questions", []), 1):
        said = {"kind": asked["kind"], "choices": asked.get("choices", []), "urgent_if": asked.get("urgent_if", "")}
        said |= {"position": position} | _named(asked)
        Question.objects.update_or_create(category=category, code=asked["code"], defaults=said)
    return category


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {f"name_{code}": name for code, name in row["names"].items()}


def load_terms() -> None:
    """The law's terms for appeals; the demo's own for signals."""
    law = "Law No. 67 of 4 May 2007 on citizens' appeals"
    for track, purpose, amount, unit, source in (
        ("appeal", "register", 1, "working_days", law),
        ("appeal", "answer", 14, "working_days", law),
        ("signal", "register", 24, "hours", "demo"),
        ("signal", "answer", 10, "working_days", "demo"),
    ):
        Term.objects.update_or_create(
            track=track,
            purpose=purpose,
            in_force_from=date(2007, 5, 4),
            defaults={"amount": amount, "unit": unit, "source": source},
        )
