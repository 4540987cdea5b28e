"""What the audit trail costs a receipt of ten thousand units: received with it, and without.

Without it, no signal of saving reaches anybody: neither the trail nor the System Notes under it.
The two take turns, and the quickest of each counts.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.signals import m2m_changed, post_save, pre_save
from factory.django import mute_signals
from simple_history.signals import post_create_historical_record

from audit_trail.models import AuditEvent
from tests.benchmarks.lots import Hands, Lot
from tests.benchmarks.measured import Measured

UNITS = 10_000
TURNS = 7
HEARD = (pre_save, post_save, m2m_changed, post_create_historical_record)


def main(jobs: Sequence[str], sizes: Sequence[int]) -> None:
    hands, heard, unheard = Hands(), [], []
    Measured(hands.prepare("receive", Lot(2)))
    gc.freeze()
    for _ in range(TURNS):
        act, events = hands.prepare("receive", Lot(UNITS)), AuditEvent.objects.count()
        heard.append(Measured(act).seconds)
        written = AuditEvent.objects.count() - events
        act = hands.prepare("receive", Lot(UNITS))
        with mute_signals(*HEARD):
            unheard.append(Measured(act).seconds)
    line = {
        "job": "receive, with the audit trail",
        "database": connection.vendor,
        "n": UNITS,
        "seconds": round(min(heard), 4),
        "without_seconds": round(min(unheard), 4),
        "ratio": round(min(heard) / min(unheard), 3),
        "events": written,
    }
    print(json.dumps(line), flush=True)
