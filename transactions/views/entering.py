"""The page on which a new document is entered, and the queue it may start from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRedirect, retarget

from transactions import remaining
from transactions.forms.draft import Draft
from transactions.forms.from_parent import ParentDraft
from transactions.forms.item_field import suggestions
from transactions.forms.stand_alone import StandAloneDraft
from transactions.models import Transaction
from transactions.posting import Result
from transactions.templatetags.documents import refusal_text
from transactions.views.kinds import KindMixin
from transactions.views.lists import Queue


# Going back must not show a form that was saved: its request id would save nothing more.
@method_decorator(never_cache, name="dispatch")
class NewDocument(KindMixin, View):
    """A new document: from scratch, from its parent (?from=), or first the queue of parents."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        draft = self.draft(None)
        if draft is None:
            return Queue.as_view()(request, kind=kind)
        return self.show(draft)

    def post(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        draft = self.draft(request.POST)
        if draft is None:
            return redirect("transactions:new", kind=kind)
        result = draft.act()
        return self.show(draft) if result is None else self.leave(draft, result)

    def draft(self, data: Any) -> Draft | None:
        origin = self.request.GET.get("from", "")
        if origin.isdecimal():
            parents = Transaction.objects.select_related("vendor", "customer", "location")
            parent = get_object_or_404(parents.filter(type__in=self.kind.parents), pk=origin)
            return ParentDraft(self.kind, self.request.user, parent, data)
        if not self.kind.stand_alone:
            return None
        return StandAloneDraft(self.kind, self.request.user, data, self.request.GET.get("item", ""))

    def show(self, draft: Draft) -> HttpResponse:
        draft.prepare()
        context = {"draft": draft, "kind": self.kind, **draft.titles}
        if not self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, draft.template, context)
        if draft.only_proposes:
            return render(self.request, "transactions/proposal.html", context)
        response = render(self.request, f"{draft.template}#form", context)
        # A looked-up item may have changed more than its own part of the form.
        return retarget(response, "#document") if draft.action.verb == "look-up" else response

    def leave(self, draft: Draft, result: Result) -> HttpResponseBase:
        """Go to the saved document, or on to the one that follows it at once."""
        tell(self.request, result, f"{result.document.kind.label} {result.document} was saved.")
        address = result.document.get_absolute_url()
        following = {kind.slug: kind for kind in remaining.following(self.kind)}
        following_kind = following.get(draft.action.argument)
        if following_kind and following_kind in remaining.next_kinds(result.document):
            new = reverse("transactions:new", args=[following_kind.slug])
            address = f"{new}?from={result.document.pk}"
        if self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(address)
        return redirect(address)


class ItemOptions(TemplateView):
    """The items whose name or UPC holds what was typed so far, for the Item field's list."""

    template_name = "transactions/item_options.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"items": suggestions(self.request.GET.get("entry-item", "").strip())}


def tell(request: HttpRequest, result: Result, success: str) -> None:
    """What a verb did, and what the user should know about it (SER-19, back orders)."""
    messages.success(request, success)
    for notice in result.notices:
        messages.info(request, refusal_text(notice))
