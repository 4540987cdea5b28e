from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q

from locations.models import Location


class LocationForm(forms.ModelForm):
    """A location's record; it is made inactive on a page of its own, which asks first."""

    class Meta:
        model = Location
        fields = ["name", "parent", "address"]
        labels = {"parent": "Part of"}
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Q(inactive=False) | Q(pk=self.instance.parent_id)
        parent = cast("forms.ModelChoiceField", self.fields["parent"])
        parent.queryset = parent.queryset.filter(offered).exclude(pk=self.instance.pk)
