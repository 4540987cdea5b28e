"""What narrows the audit trail: who, what, which kind of record, when."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import User
from django.forms import DateInput
from django_filters import ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter
from simple_history.models import HistoricalChanges

from audit_trail.models import AuditEvent


def type_label(label: str) -> str:
    """ "items.item" as people call it: Item."""
    try:
        return str(apps.get_model(label)._meta.verbose_name).title()
    except (LookupError, ValueError):  # of a kind of record that there is no longer
        return label


def record_types() -> list[tuple[str, str]]:
    """The kinds of records that the trail tells changes of, by what they are called."""
    versions = [model for model in apps.get_models() if issubclass(model, HistoricalChanges)]
    labels = ["auth.user", "auth.group", "signin.invitation", "imports.import"]
    labels += [version.instance_type._meta.label_lower for version in versions]  # type: ignore[attr-defined]
    return sorted(((label, type_label(label)) for label in labels), key=lambda pair: pair[1])


class AuditFilter(FilterSet):
    by = ModelChoiceFilter(
        label="Who", queryset=User.objects.order_by("username"), empty_label="Anybody"
    )
    kind = ChoiceFilter(label="What", choices=AuditEvent.Kind.choices, empty_label="Anything")
    record_type = ChoiceFilter(label="Type", choices=record_types, empty_label="Any")
    start = DateFilter("at", "date__gte", label="From", widget=DateInput({"type": "date"}))
    end = DateFilter("at", "date__lte", label="To", widget=DateInput({"type": "date"}))
