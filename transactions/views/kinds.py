"""Which kind a page is about, out of its address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from transactions import types
from transactions.models import Transaction
from transactions.types import Kind
from users import access, gates


def kind_or_404(slug: str) -> Kind:
    """The kind of an address such as `purchase-order`."""
    try:
        kind = types.by_slug(slug)
    except KeyError:
        raise Http404(f"There is no kind of document called {slug}.") from None
    if kind.slug != slug:
        raise Http404("Addresses have hyphens.")
    return kind


class KindMixin:
    """A page of one kind of document; `self.kind` says what is particular about it."""

    kind: Kind
    request: HttpRequest
    kwargs: dict[str, Any]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.kind = kind_or_404(kwargs["kind"])

    @property
    def document(self) -> Transaction:
        """The document of the address."""
        related = ("vendor", "customer", "location", "account", "created_from", "created_by")
        documents = Transaction.objects.of(self.kind.name).select_related(*related)
        document = get_object_or_404(documents, pk=self.kwargs["pk"])
        keep_to_places(self.request, document)
        return document


def keep_to_places(request: HttpRequest, document: Transaction) -> None:
    """Raise Missing where a document has to do with none of the locations of whoever asks."""
    who = access.of(request.user)
    here = Transaction.objects.filter(pk=document.pk).within(who.places)
    if who.is_limited and not here.exists():
        raise gates.Missing(gates.PLACE)
