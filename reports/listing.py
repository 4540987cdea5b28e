"""A list of a report: its filters change what stands around it, too."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from inventory.listing import Listing, ListingView


class ReportListing(Listing):
    """A list with parts of the page around it, which htmx swaps along with the rows."""

    parts: tuple[str, ...] = ()

    def around(self) -> dict[str, Any]:
        """What the parts need."""
        return {}

    def response(self) -> HttpResponseBase | None:
        answer = super().response()
        if isinstance(answer, HttpResponse):  # the part htmx asked for, not a file
            context = {**self.around(), "swapped": True}
            for part in self.parts:
                answer.write(render_to_string(part, context, self.request))
        return answer


class ReportView(ListingView):
    """A page that is a report's list; subclasses name the class of the list."""

    listing_class: type[ReportListing] = ReportListing

    def columns(self) -> Any:
        """The class of the table, or what makes a table from the rows."""
        return self.table

    def listing(self) -> Listing:
        return self.listing_class(
            self.request, self.rows(), self.columns(), self.filters, **self.listing_options()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs["listing"].around(), **kwargs)
