from __future__ import annotations

from django.contrib import admin

from inventory.admin import RecordAdmin
from parties.models import Customer, Vendor


@admin.register(Customer, Vendor)
class PartyAdmin(RecordAdmin):
    list_display = ["name", "email", "phone", "inactive"]
    list_filter = ["inactive"]
    search_fields = ["name", "email", "phone", "address"]
