"""What is done to a saved document: its next step, and its void (SPEC §4, §5.6)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View

from inventory.ids import uuid_in
from items.refusals import Refusal, Refused
from transactions.models import Transaction
from transactions.posting import advance, void
from transactions.templatetags.documents import by_obstacle, obstacle_text
from transactions.views.entering import tell
from transactions.views.kinds import KindMixin
from transactions.views.record import right_to
from users import access, gates


class Advance(KindMixin, View):
    """A document takes its next step."""

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
        document, to = self.document, request.POST.get("to", "")
        for step in self.kind.steps(document):
            if step.to == to:
                gates.demand(access.of(request.user), self.kind.name, right_to(step))
        try:
            result = advance(
                document,
                to=to,
                by=request.user,
                on=_day(request.POST.get("date", "")),
                request_id=uuid_in(request.POST.get("request_id")),
            )
        except Refused as refused:
            for obstacle in by_obstacle(refused.refusals):
                messages.error(request, obstacle_text(obstacle))
            return redirect(document)
        label = result.document.status_label
        tell(request, result, f"{self.kind.label} {document} is now {label}.")
        return redirect(document)


class VoidForm(forms.Form):
    why = forms.CharField(
        label="Reason", max_length=200, help_text="Kept with the document for good."
    )


class Void(KindMixin, View):
    """Void a document: the page that asks why, and the deed."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        return self.ask(self.document, VoidForm())

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
        document, form = self.document, VoidForm(request.POST)
        if not form.is_valid():
            return self.ask(document, form)
        try:
            why = form.cleaned_data["why"]
            result = void(
                document, why, by=request.user, request_id=uuid_in(request.POST.get("request_id"))
            )
        except Refused as refused:
            return self.ask(document, form, refused.refusals)
        tell(request, result, f"{self.kind.label} {document} was voided.")
        return redirect(document)

    def ask(
        self, document: Transaction, form: VoidForm, refusals: tuple[Refusal, ...] = ()
    ) -> HttpResponse:
        context = {
            "title": f"Void {self.kind.label} {document}",
            "document": document,
            "form": form,
            "refusals": refusals,
            "request_id": uuid_in(self.request.POST.get("request_id")) or uuid4(),
        }
        return render(self.request, "transactions/void.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
