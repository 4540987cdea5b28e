"""Dockerfile and compose.yaml name what exists, keep no secrets and start in the right order."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from operations import ask
from tests.house.sources import ROOT
from tests.processes import manage

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "app")


def commands() -> list[list[str]]:
    """What the image runs in its exec form, and what compose runs in it."""
    own = [json.loads(words) for words in re.findall(r"CMD (\[.*\])", DOCKERFILE)]
    return [*own, *[SERVICES[name]["command"] for name in OURS if "command" in SERVICES[name]]]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_exists(words: list[str]) -> None:
    assert (Path(sys.executable).parent / words[0]).exists()
    if "manage.py" in words:
        assert words[words.index("manage.py") + 1] in get_commands()
    if "-m" in words:
        module = words[words.index("-m") + 1]
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()
    if words[0] == "gunicorn":
        assert (ROOT / f"{words[1].replace('.', '/')}.py").exists()


def test_the_build_collects_static_files_and_copies_what_exists() -> None:
    named = re.findall(r"manage\.py (\w+)", DOCKERFILE)
    assert named == ["collectstatic"]
    sources = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    assert sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")
    assert DOCKERFILE.rindex("USER") > DOCKERFILE.rindex("RUN")


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_nowhere_and_may_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]


def test_a_database_to_develop_against_starts_alone() -> None:
    alone = [name for name, service in SERVICES.items() if "profiles" not in service]
    assert alone == ["db"]
    assert "depends_on" not in SERVICES["db"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["db"]["ports"])
    assert ":?" not in (ROOT / "compose.yaml").read_text(), "it would be asked of `db` as well"


def test_migrations_run_once_before_any_server_starts() -> None:
    assert SERVICES["app"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }
    assert SERVICES["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert "restart" not in SERVICES["migrate"]
    same = [(SERVICES[name]["image"], SERVICES[name]["build"]) for name in OURS]
    assert same[0] == same[1], "or compose would look for the image in a registry"


def test_no_secret_has_a_default() -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert example["SECRET_KEY"] == example["POSTGRES_PASSWORD"] == ""
    given = SERVICES["database"]["environment"]["POSTGRES_PASSWORD"]
    assert given == "${POSTGRES_PASSWORD:-}"
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    assert ".*" in (ROOT / ".dockerignore").read_text().split()


def test_every_setting_of_the_example_is_read() -> None:
    read = (ROOT / "inventory" / "settings.py").read_text()
    read += (ROOT / "gunicorn.conf.py").read_text() + (ROOT / "compose.yaml").read_text()
    names = re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert not [name for name in names if name not in read]


def test_the_tools_are_those_of_the_database() -> None:
    version = re.fullmatch(r"postgres:(\d+)", SERVICES["database"]["image"])
    assert version
    assert f"postgresql-client-{version[1]}" in DOCKERFILE


def test_a_server_that_may_not_write_asks_for_its_secret_key(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nfrom inventory import settings\n"
        "settings.BASE_DIR = Path('/proc')\nsettings.local_secret_key()"
    )
    done = manage("sqlite://:memory:", "shell", "--command", code)
    assert "ImproperlyConfigured: Set SECRET_KEY" in done.stderr


def test_the_health_check_fails_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIND", "127.0.0.1:9")
    with pytest.raises(SystemExit, match="/health/ready"):
        ask.main("/health/ready")


def test_the_health_check_goes_by_the_status(live_server, monkeypatch, db) -> None:
    monkeypatch.setenv("BIND", live_server.url.removeprefix("http://"))
    ask.main("/health/live")
    with pytest.raises(SystemExit, match="404"):
        ask.main("/metrics")
