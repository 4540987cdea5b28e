"""Logs for machines: a line of JSON for each record, with the id of the request it belongs to."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

current_id: ContextVar[str] = ContextVar("request_id", default="")

# What every record has; the rest was given by whoever logged.
USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class JSONLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := current_id.get():
            line["request_id"] = number
        line |= {name: value for name, value in vars(record).items() if _is_plain(name, value)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _is_plain(name: str, value: object) -> bool:
    return name not in USUAL and isinstance(value, str | int | float | bool)
