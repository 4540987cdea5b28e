"""The company's features, preferences and default accounts; each user's own preferences."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.html import format_html, format_html_join

from accounting.models import Account
from company.models import Company, UserPreference
from inventory.templatetags.format import quantity_text
from items.models import ItemLocation
from locations.models import Location
from transactions import remaining

T = Account.Type
NAMED = 10  # open documents that a refusal lists

# The types of account that may stand in each field.
ACCOUNT_TYPES = {
    "income_account": (T.INCOME, T.OTHER_INCOME),
    "cogs_account": (T.COGS,),
    "asset_account": (T.CURRENT_ASSET,),
    "adjustment_account": (T.EXPENSE, T.OTHER_EXPENSE, T.COGS),
    "write_off_account": (T.EXPENSE, T.OTHER_EXPENSE, T.COGS),
    "bill_variance_account": (T.COGS, T.EXPENSE),
    "vendor_return_variance_account": (T.COGS, T.EXPENSE),
    "in_transit_account": (T.CURRENT_ASSET,),
    "accrued_purchases_account": (T.CURRENT_LIABILITY,),
    "receivable_account": (T.RECEIVABLE,),
    "payable_account": (T.PAYABLE,),
    "undeposited_funds_account": (T.CURRENT_ASSET, T.BANK),
    "opening_balance_account": (T.EQUITY,),
}

FIELDSETS = [
    ("Company Information", ["name", "currency"]),
    ("Enable Features", ["multi_location_inventory", "default_location"]),
    (
        "Preferences",
        [
            "approve_purchase_orders",
            "approve_sales_orders",
            "restock_returns",
            "default_fulfillment_stage",
        ],
    ),
    ("Default Accounts", list(ACCOUNT_TYPES)),
]


class CompanyForm(forms.ModelForm):
    """Setup > Company (SPEC §2.1), in the browser and in the admin alike."""

    class Meta:
        model = Company
        fields = [name for _, names in FIELDSETS for name in names]
        help_texts = {
            "currency": "Its three-letter code.",
            "default_location": "Proposed on new documents.",
            "default_fulfillment_stage": "How far a new item fulfillment goes at once.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, types in ACCOUNT_TYPES.items():
            self._offer(name, Q(type__in=types, inactive=False))
        self._offer("default_location", Q(inactive=False))
        if not self.instance.multi_location_inventory:
            del self.fields["default_location"]

    def _offer(self, name: str, which: Q) -> None:
        """Limit a field's choices, the present one always among them."""
        field = cast("forms.ModelChoiceField", self.fields[name])
        field.queryset = field.queryset.filter(which | Q(pk=getattr(self.instance, f"{name}_id")))
        field.empty_label = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.multi_location_inventory and not data.get("multi_location_inventory"):
            self._switch_off(data)
        return data

    def _switch_off(self, data: dict[str, Any]) -> None:
        """Without locations all stock must be at one, and that becomes the default.

        And nothing may still be expected at another: nobody would find it there again.
        """
        stocked = Q(on_hand__gt=0) | Q(picked__gt=0) | Q(in_transit__gt=0)
        rows = ItemLocation.objects.filter(stocked).select_related("location")
        found: dict[Location, Any] = {}
        for row in rows.order_by("location__name"):
            units = row.on_hand + row.picked + row.in_transit
            found[row.location] = found.get(row.location, 0) + units
        if len(found) > 1:
            places = ", ".join(f"{quantity_text(found[place])} at {place}" for place in found)
            text = f"Stock is in more than one location: {places}. Bring it to one of them first."
            self.add_error("multi_location_inventory", text)
        for place in found if len(found) == 1 else ():
            if place.inactive:
                text = f"All stock is at {place}, which is inactive. Make it active first."
                self.add_error("multi_location_inventory", text)
            data["default_location"] = place
        if len(found) <= 1:
            self._refuse_open_elsewhere(data.get("default_location"))

    def _refuse_open_elsewhere(self, place: Location | None) -> None:
        others = Location.objects.exclude(pk=place.pk if place else None)
        documents = remaining.at(others)
        if not documents:
            return
        named = format_html_join(
            ", ", '<a href="{}">{}</a>', ((d.get_absolute_url(), d) for d in documents[:NAMED])
        )
        more = f" and {len(documents) - NAMED} more" if documents[NAMED:] else ""
        text = "Open at other locations than {}: {}{}. Finish, move or close them first."
        self.add_error("multi_location_inventory", format_html(text, place, named, more))


class PreferenceForm(forms.ModelForm):
    """Some of what one user has chosen."""

    def save(self, commit: bool = True) -> UserPreference:
        """Save, with the defaults first: the trail then tells what the first choice changed."""
        if self.instance.pk is None:
            self.instance.pk = UserPreference.objects.create(user=self.instance.user).pk
            self.instance._state.adding = False
        return cast("UserPreference", super().save(commit))


class GeneralForm(PreferenceForm):
    """How pages look to the user."""

    class Meta:
        model = UserPreference
        fields = ["rows_per_page"]
        help_texts = {"rows_per_page": "How many rows a list shows at a time, from 5 to 500."}


class ScanningForm(PreferenceForm):
    """How serial numbers are scanned (SPEC §7.4)."""

    class Meta:
        model = UserPreference
        fields = ["sounds", "scanner_prefix", "scanner_suffix"]


class TransactionsForm(PreferenceForm):
    """What the user is warned of while entering transactions (SPEC §7.6)."""

    class Meta:
        model = UserPreference
        fields = ["inventory_level_warnings"]
