"""The project's own files, as the house tests read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "accounting",
    "audit_trail",
    "company",
    "demo",
    "imports",
    "inventory",
    "items",
    "labels",
    "locations",
    "operations",
    "parties",
    "reports",
    "signin",
    "transactions",
    "users",
)
WRITTEN_BY_HAND = {".css", ".html", ".js", ".md", ".py", ".toml", ".yaml", ".yml"}
FOLDERS = (*APPS, ".ci", ".github", "docs", "static", "templates", "tests")


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def files() -> Iterator[Path]:
    """Every text file written by hand."""
    for file in ROOT.iterdir():
        if file.suffix in WRITTEN_BY_HAND or file.name == "Makefile":
            yield file
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in WRITTEN_BY_HAND and "migrations" not in file.parts:
                yield file


def modules(*apps: str) -> Iterator[tuple[str, ast.Module]]:
    """The path and the syntax tree of every module of the apps, migrations left out."""
    for app in apps or APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield relative(file), ast.parse(file.read_text(), relative(file))
