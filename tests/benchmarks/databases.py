"""The databases that are measured on: new ones, which go away afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import environ
import psycopg
from psycopg import sql

SCHEMES = ("postgres://", "postgresql://", "psql://", "pgsql://")


def databases() -> Iterator[AbstractContextManager[str]]:
    """The addresses of an SQLite file and, where DATABASE_URL points to a server, of a database."""
    yield sqlite()
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(SCHEMES):
        yield postgresql(url)


@contextmanager
def sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def postgresql(url: str) -> Iterator[str]:
    """A database beside the one that the address names, on the same server."""
    settings = environ.Env.db_url_config(url)
    name = f"serialbook_bench_{os.getpid()}"
    server = psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield url.removesuffix(settings["NAME"]) + name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
