"""The house keeps its own rules."""

from pathlib import Path

from django.apps import apps

from reporting import models

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400


def test_every_model_of_the_concepts_is_listed() -> None:
    found = {model.__name__ for model in apps.get_app_config("reporting").get_models()}
    sources = [
        path for path in (ROOT / "reporting").glob("*/*.py") if "from django.db import models" in path.read_text()
    ]
    defined = {name for path in sources for name in _concrete_models(path)}
    assert defined == set(models.__all__)
    assert defined <= found


def _concrete_models(path: Path) -> set[str]:
    module = __import__(f"reporting.{path.parent.name}.{path.stem}", fromlist=["x"])
    return {
        name
        for name, value in vars(module).items()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and getattr(getattr(value, "_meta", None), "abstract", True) is False
    }


def test_no_module_is_too_long() -> None:
    sources = [path for folder in ("api", "deploy", "frontend", "reporting") for path in _python(folder)]
    assert len(sources) > 50
    long = {str(path): lines for path in sources if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE}
    assert not long


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    odd = {"utils", "helpers", "services", "common", "misc"}
    assert not [
        path for folder in ("api", "deploy", "frontend", "reporting") for path in _python(folder) if path.stem in odd
    ]


def _python(folder: str) -> list[Path]:
    return [
        path
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts and "migrations" not in path.parts
    ]
