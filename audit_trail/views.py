"""Setup > Audit Trail: who did what, when, and from where."""

from __future__ import annotations

from django.db.models import QuerySet

from audit_trail.filters import AuditFilter
from audit_trail.models import AuditEvent
from audit_trail.tables import AuditTable
from inventory.listing import ListingView


class AuditTrail(ListingView):
    title = "Audit Trail"
    description = (
        "Changes of records, log-ins, roles, periods, exports and imports. Documents have their "
        "own history."
    )
    table = AuditTable
    filters = AuditFilter
    search = ("record", "name", "field", "old", "new", "ip__startswith")
    search_hint = "Record, person, field or value"
    order = ("-at",)

    def rows(self) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.all()
