"""What a reader of the repository may rely on (DESIGN §1, §3, §6, §7)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands, load_command_class
from django.db import models

from tests.house.sources import APPS, ROOT, files, modules, relative
from transactions import types

README = ROOT / "README.md"
MAKEFILE = ROOT / "Makefile"


def code_blocks(markdown: str) -> str:
    """The fenced blocks and the `inline code` of a page."""
    fenced = re.findall(r"^```.*?\n(.*?)^```", markdown, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", markdown)
    return "\n".join([*fenced, *inline])


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", MAKEFILE.read_text(), re.MULTILINE))


def test_every_make_target_in_the_readme_exists():
    named = set(re.findall(r"\bmake ([a-z][\w-]*)", code_blocks(README.read_text())))
    assert {"run", "test"} <= named
    assert named <= make_targets()


def test_every_management_command_in_the_readme_exists_with_its_options():
    commands = get_commands()
    for line in re.findall(r"manage\.py ([^\n#`]+)", code_blocks(README.read_text())):
        name, *words = line.split()
        assert name in commands, f"manage.py {name}"
        app = commands[name]
        parser = load_command_class(app, name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        options = {word.split("=")[0] for word in words if word.startswith("--")}
        assert options <= known, line


@pytest.mark.parametrize("target", ["run", "test", "browser", "lint", "bench", "screenshots"])
def test_make_knows_its_targets(target):
    assert target in make_targets()


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [relative(file) for file in files() if later.search(file.read_text())]
    assert not found


def test_no_module_is_named_for_nothing():
    vague = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py"}
    assert not [relative(file) for file in files() if file.name in vague]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_a_hash_and_from_nowhere_in_particular(name):
    text = (ROOT / name).read_text()
    pins = re.split(r"\n(?=[a-z])", text)[1:]
    assert pins
    assert not [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin]
    assert "://" not in text


def floats(tree: ast.Module) -> list[int]:
    """The lines that make a float."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
        or (isinstance(node, ast.Attribute | ast.Name) and _last_name(node) == "FloatField")
    ]


def _last_name(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def test_no_float_comes_near_money():
    trees = modules("accounting", "company", "items", "parties", "reports", "transactions")
    assert not [f"{path}:{line}" for path, tree in trees for line in floats(tree)]


@pytest.mark.parametrize("code", ["price = 1.5", "float(price)", "models.FloatField()"])
def test_a_float_is_found(code):
    assert floats(ast.parse(code)) == [1]


def test_no_column_holds_a_float_or_a_decimal_that_sqlite_rounds():
    inexact = [
        f"{model.__name__}.{field.name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FloatField | models.DecimalField)
    ]
    assert not inexact


def test_imports_keep_to_the_layers():
    """In a process of its own: it silences every logger there is, and tests listen to some."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True)
    assert run.returncode == 0, run.stdout.decode()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_file_of_a_kind_is_a_kind():
    stems = {f.stem for f in (ROOT / "transactions" / "types").glob("*.py")}
    assert stems - {"__init__", "base"} == {kind.name for kind in types.all_kinds()}


@pytest.mark.parametrize("kind", types.all_kinds(), ids=repr)
def test_every_kind_has_a_test(kind):
    own = ROOT / "tests" / "transactions" / "types" / f"test_{kind.name}.py"
    scenarios = [f.read_text().lower() for f in (ROOT / "tests" / "scenarios").rglob("*.py")]
    assert own.exists() or any(
        name in text for text in scenarios for name in (kind.name, kind.label.lower())
    )


@pytest.mark.parametrize("kind", types.all_kinds(), ids=repr)
def test_every_kind_has_its_line_in_the_docs(kind):
    assert kind.label in (ROOT / "docs" / "documents.md").read_text()


def test_every_model_and_kind_says_what_it_is():
    silent = [
        model.__name__
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
        and (model.__doc__ or "").startswith(f"{model.__name__}(")
    ]
    silent += [kind.name for kind in types.all_kinds() if not type(kind).__doc__]
    assert not silent
