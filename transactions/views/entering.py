"""The page on which a new document is entered, and the queue it may start from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRedirect, retarget

from company.models import Company, UserPreference
from inventory.ids import number_in
from transactions import remaining
from transactions.forms.box_buttons import with_files
from transactions.forms.draft import Draft
from transactions.forms.from_parent import ParentDraft
from transactions.forms.item_field import suggestions
from transactions.forms.journal import JournalDraft
from transactions.forms.payment import PaymentDraft
from transactions.forms.renaming import RenameDraft
from transactions.forms.stand_alone import EditDraft, StandAloneDraft
from transactions.models import Transaction
from transactions.posting import Result
from transactions.templatetags.documents import by_obstacle, obstacle_text
from transactions.views.kinds import KindMixin, keep_to_places
from transactions.views.lists import Queue
from users import access
from users.roles import CREATE


# Going back must not show a form that was saved: its request id would save nothing more.
@method_decorator(never_cache, name="dispatch")
class NewDocument(KindMixin, View):
    """A new document: from scratch, from its parent (?from=), or first the queue of parents."""

    saved = "was saved"

    def get(self, request: HttpRequest, kind: str, pk: int = 0) -> HttpResponseBase:
        draft = self.draft(None)
        if draft is None:
            return Queue.as_view()(request, kind=kind)
        return self.show(draft)

    def post(self, request: HttpRequest, kind: str, pk: int = 0) -> HttpResponseBase:
        draft = self.draft(with_files(request))
        if draft is None:
            return redirect("transactions:new", kind=kind)
        # Asked again: the first of two clicks may have been done while the second was refused.
        result = draft.done() or draft.act() or draft.done()
        return self.show(draft) if result is None else self.leave(draft, result)

    def draft(self, data: Any) -> Draft | None:
        if self.kind.internal and not Company.current().multi_location_inventory:
            raise Http404("There is one location only: turn on Multi-Location Inventory.")
        if not self.kind.has_lines:
            return self.settlement(data)
        origin = number_in(self.request.GET.get("from", ""))
        if origin is not None:
            parents = Transaction.objects.select_related(
                "vendor", "customer", "location", "to_location"
            )
            parent = get_object_or_404(parents.filter(type__in=self.kind.parents), pk=origin)
            keep_to_places(self.request, parent)
            return ParentDraft(self.kind, self.request.user, parent, data)
        if not self.kind.stand_alone:
            return None
        return StandAloneDraft(self.kind, self.request.user, data, self.request.GET.get("item", ""))

    def settlement(self, data: Any) -> Draft:
        """What has no lines: a payment, of a party (?customer=) or a document (?from=); a journal
        entry; or the correction of a unit's number (?unit=).
        """
        kind, given = self.kind, self.request.GET
        if kind.renames:
            return RenameDraft(kind, self.request.user, data, given.get("unit", ""))
        if not kind.settles:
            return JournalDraft(kind, self.request.user, data)
        origin, pk = None, number_in(given.get("from", ""))
        if pk is not None:
            origin = get_object_or_404(Transaction.objects.of(*kind.settles), pk=pk)
            keep_to_places(self.request, origin)
        return PaymentDraft(kind, self.request.user, data, origin, given.get(kind.party, ""))

    def show(self, draft: Draft) -> HttpResponse:
        draft.prepare()
        context = {"draft": draft, "kind": self.kind, **draft.titles}
        context["scanner"] = UserPreference.of(self.request.user)
        if not self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, draft.template, context)
        if draft.action.verb == "check":
            return render(self.request, "transactions/checked.html", {"box": draft.tended})
        if draft.only_proposes:
            return render(self.request, "transactions/proposal.html", context)
        response = render(self.request, f"{draft.template}#form", context)
        # A looked-up item may have changed more than its own part of the form.
        return retarget(response, "#document") if draft.action.verb == "look-up" else response

    def leave(self, draft: Draft, result: Result) -> HttpResponseBase:
        """Go to the saved document, or on to the one that follows it at once."""
        tell(self.request, result, f"{result.document.kind.label} {result.document} {self.saved}.")
        address = result.document.get_absolute_url()
        who = access.of(self.request.user)
        following = {
            kind.slug: kind for kind in remaining.following(self.kind) if who.may(kind.name, CREATE)
        }
        following_kind = following.get(draft.action.argument)
        if following_kind and following_kind in remaining.next_kinds(result.document):
            new = reverse("transactions:new", args=[following_kind.slug])
            address = f"{new}?from={result.document.pk}"
        if self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(address)
        return redirect(address)


class EditDocument(NewDocument):
    """An open order is changed (SPEC §5.6)."""

    saved = "was changed"

    def draft(self, data: Any) -> Draft | None:
        document = self.document
        if data is None and not self.kind.is_editable(document):
            raise Http404(f"{document} is {document.status_label} and can no longer be changed.")
        return EditDraft(document, self.request.user, data)


class CorrectDocument(NewDocument):
    """A posted document is voided and posted anew, in one go (SPEC §5.6)."""

    def draft(self, data: Any) -> Draft | None:
        document = self.document
        if data is None and not is_correctable(document):
            raise Http404(f"{document} cannot be corrected.")
        if not self.kind.has_lines:
            form = PaymentDraft if self.kind.settles else JournalDraft
            return form(self.kind, self.request.user, data, corrected=document)
        parent = document.created_from
        if parent and parent.type in self.kind.parents:
            return ParentDraft(self.kind, self.request.user, parent, data, corrected=document)
        return StandAloneDraft(self.kind, self.request.user, data, corrected=document)


def is_correctable(document: Transaction) -> bool:
    """Whether a document stands of a kind that moves stock or is posted."""
    return document.kind.posts and not document.is_voided


class ItemOptions(TemplateView):
    """The items whose name or UPC holds what was typed so far, for the Item field's list."""

    template_name = "transactions/item_options.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"items": suggestions(self.request.GET.get("entry-item", "").strip())}


def tell(request: HttpRequest, result: Result, success: str) -> None:
    """What a verb did, and what the user should know about it (SER-19, back orders)."""
    messages.success(request, success)
    for notice in by_obstacle(result.notices):
        messages.info(request, obstacle_text(notice))
