"""Hands in files through the pages, as a person does, and works on them at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from xlsxwriter import Workbook

from imports import running
from imports.models import Import, RowFinding

Rows = Sequence[Sequence[Any]]


def csv_file(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(rows: Rows) -> bytes:
    """Text stays text and numbers numbers, as a person enters them."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            is_number = isinstance(cell, int | float | Decimal)
            (sheet.write_number if is_number else sheet.write_string)(y, x, cell)
    book.close()
    return file.getvalue()


class Desk:
    """Hands in files through the pages, as a person does."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def hand_in(self, kind: str, content: bytes | Rows, name: str = "stock.csv", **data: Any):
        if not isinstance(content, bytes):
            content = csv_file(content)
        page = self.client.get("/setup/import/new/")
        form = page.context["form"]
        given = {
            "kind": kind,
            "file": SimpleUploadedFile(name, content),
            "date": form["date"].value().isoformat() if "date" not in data else data["date"],
            "request_id": str(form["request_id"].value()),
        }
        response = self.client.post("/setup/import/new/", given | data)
        assert response.status_code == 302, response.context["form"].errors
        return Import.objects.latest("pk")

    def check(self, *args: Any, **more: Any) -> Import:
        """Hand a file in and have it checked."""
        file = self.hand_in(*args, **more)
        running.work_off()
        file.refresh_from_db()
        return file

    def confirm(self, file: Import) -> Import:
        self.client.post(f"/setup/import/{file.pk}/confirm/")
        running.work_off()
        file.refresh_from_db()
        return file

    def page(self, file: Import) -> str:
        """What its page says, without markup."""
        content = self.client.get(file.get_absolute_url()).content.decode()
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", content)))

    def confirm_refused(self, file: Import) -> None:
        """Press Import all the same: what is wrong stays wrong."""
        assert self.confirm(file).status == "wrong"

    def bring_in(self, *args: Any, **more: Any) -> Import:
        """Check a file, see that it is good, and have it imported."""
        file = self.check(*args, **more)
        assert file.status == "ready", (file.status, file.problem, said(file))
        file = self.confirm(file)
        assert file.status == "imported", (file.status, file.problem, said(file))
        return file


def said(file: Import, weight: str = "wrong") -> list[tuple[int | None, str, str]]:
    """Row, code and message of what was found."""
    found = RowFinding.objects.filter(of=file, weight=weight)
    return list(found.values_list("row", "code", "message"))
