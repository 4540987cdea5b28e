"""Sessions in the database, each with its user, as Django's documentation has them extended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

ORIGIN = "signin.origin"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from signin.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session: whose it is, where and when it began (signin/listening.py)."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        began_at, row.ip, row.agent = data.get(ORIGIN, (None, None, ""))
        row.began_at = datetime.fromisoformat(began_at) if began_at else None
        return row
