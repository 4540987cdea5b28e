"""Handing in a file."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from imports import kinds
from imports.models import Import, ImportFile
from imports.reading import MOST_BYTES, MOST_ROWS

MEGABYTES = MOST_BYTES // 1024 // 1024
TOO_LARGE = f"The file is larger than {MEGABYTES} MB. Split it into parts."


class UploadForm(forms.Form):
    """What kind of file it is, the file, and the date of the documents it makes."""

    kind = forms.ChoiceField(
        label="What is in the file?", choices=kinds.choices, widget=forms.RadioSelect
    )
    file = forms.FileField(
        help_text=f"CSV or XLSX, up to {MOST_ROWS:,} rows and {MEGABYTES} MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    date = forms.DateField(
        help_text="Of the documents that are posted; items have none.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large
        self.fields["date"].initial = timezone.localdate
        if is_too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return file

    def clean_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError("The date lies in the future.")
        return day

    @transaction.atomic
    def save(self, by: Any) -> Import:
        """The import, to be checked; the one that is there if the same form was sent before."""
        data = self.cleaned_data
        request_id: UUID = data["request_id"]
        values = {"kind": data["kind"], "date": data["date"], "by": by}
        values["name"] = "".join(c for c in data["file"].name if c.isprintable())[-200:]
        made, is_new = Import.objects.get_or_create(request_id=request_id, defaults=values)
        if is_new:
            ImportFile.objects.create(of=made, content=data["file"].read())
        return made
