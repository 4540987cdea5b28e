"""A payment on its way: whose it is, and how much of which open documents it settles (R13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from inventory.ids import number_in
from items.refusals import Refusal
from parties.models import Customer, Vendor
from transactions import types
from transactions.forms.amounts import AmountField
from transactions.forms.draft import Draft
from transactions.forms.header import HeaderForm
from transactions.forms.serial_entry import SerialEntry
from transactions.models import Application, Transaction
from transactions.posting import Result
from transactions.settlement import unsettled
from transactions.types import Kind

ZERO = Decimal("0.00")


class Part:
    """One open document on the page: how much of it is settled, or used up."""

    def __init__(self, document: Transaction) -> None:
        self.document = document
        left: Decimal = document.left  # type: ignore[attr-defined]
        self.left = ZERO if document.is_voided else left
        self.text = ""  # the amount as typed
        self.amount: Decimal | None = None
        self.problems: list[str] = []
        self.refusals: list[Refusal] = []

    @property
    def key(self) -> str:
        return f"amount-{self.document.pk}"

    @property
    def is_chosen(self) -> bool:
        return self.amount is not None or bool(self.problems)

    def take(self, amount: Decimal | None) -> None:
        """Settle so much of it, or nothing."""
        self.amount, self.problems = amount, []
        self.text = f"{amount:f}" if amount else ""

    def read(self, text: str, *, ticked: bool, was_ticked: bool) -> None:
        """Read tick and amount: of the two, what the user has changed since counts.

        A new tick without an amount means all of it; a tick taken away, or an emptied amount,
        means nothing.
        """
        self.text = text.strip()
        if not self.text:
            self.take(self.left if ticked and not was_ticked else None)
        elif was_ticked and not ticked:
            self.take(None)
        else:
            self._read_amount()

    def _read_amount(self) -> None:
        try:
            self.amount = AmountField().clean(self.text)
        except ValidationError as error:
            self.problems = list(error.messages)


class PaymentDraft(Draft):
    """A new payment of a customer, or to a vendor."""

    template = "transactions/new_payment.html"

    def __init__(
        self,
        kind: Kind,
        user: Any,
        data: QueryDict | None = None,
        origin: Transaction | None = None,
        party: str = "",
        corrected: Transaction | None = None,
    ) -> None:
        self.origin, self.asked_party = origin, party
        # What the payment that is being corrected settles is open again by then.
        made = corrected.settles.values_list("document", "amount") if corrected else ()
        self.was: dict[int, Decimal] = dict(made)
        super().__init__(kind, user, data, corrected=corrected)
        self.party = self._party()
        self.parts = self._parts()
        if origin and self.is_new:
            self._propose(origin)
        if corrected and self.is_new:
            for part in self.parts:
                part.take(self.was.get(part.document.pk))

    def _header(self, data: QueryDict | None, initial: dict[str, Any] | None = None) -> HeaderForm:
        party = self.kind.party
        if data is None and initial is None:
            initial = {party: getattr(self.origin, f"{party}_id", None) or self.asked_party}
        header = super()._header(data, initial)
        header.fields[party].widget.attrs |= {
            "hx-post": "", "hx-trigger": "change", "hx-vals": '{"action": "refresh"}',
        }  # fmt: skip
        return header

    # What is open

    def _party(self) -> Customer | Vendor | None:
        if not self.is_new:
            return self.document.party
        chosen = number_in(str(self.header[self.kind.party].value() or ""))
        rows = self.header.fields[self.kind.party].queryset  # type: ignore[attr-defined]
        found: Customer | Vendor | None = rows.filter(pk=chosen or 0).first()
        return found

    def _parts(self) -> list[Part]:
        """What is open of the party; and what was chosen, though somebody else settled it since."""
        if self.party is None:
            return []
        ticked, was_ticked = set(self.data.getlist("pay")), set(self.data.getlist("was"))
        chosen = [known for text in ticked | was_ticked if (known := number_in(text))]
        found = unsettled(self.kind, self.party, [*chosen, *self.was])
        parts = [Part(document) for document in found]
        for part in parts:
            part.left += self.was.get(part.document.pk, ZERO)
            pk = str(part.document.pk)
            text = self.data.get(part.key) or ""
            part.read(text, ticked=pk in ticked, was_ticked=pk in was_ticked)
        return [part for part in parts if part.left or part.is_chosen]

    @property
    def debts(self) -> list[Part]:
        """The open invoices or bills."""
        return [part for part in self.parts if part.document.kind.balance > 0]

    @property
    def credits(self) -> list[Part]:
        """The open credit memos or bill credits."""
        return [part for part in self.parts if part.document.kind.balance < 0]

    @property
    def total(self) -> Decimal:
        """What is paid: the debts less the credits that are used."""
        return _sum(self.debts) - _sum(self.credits)

    @property
    def used(self) -> Decimal:
        return _sum(self.credits)

    @property
    def open_total(self) -> Decimal:
        return sum((part.left for part in self.debts), ZERO)

    # What the buttons do

    def act(self) -> Result | None:
        if self.action.verb == "pay-all":
            for part in self.debts:
                part.take(part.left or None)
        return self._save() if self.action.verb == "save" else None

    def _propose(self, origin: Transaction) -> None:
        """Pay what was asked for; a credit is used up on the oldest debts."""
        asked = [part for part in self.parts if part.document == origin]
        if origin.kind.balance > 0:
            for part in asked:
                part.take(part.left)
            return
        for part in asked:
            part.take(min(part.left, self.open_total) or None)
        rest = self.used
        for part in self.debts:
            part.take(min(part.left, rest) or None)
            rest -= part.amount or ZERO

    def _save(self) -> Result | None:
        if any(part.problems for part in self.parts):
            self.header.is_valid()
            return None
        self.document.applications = [
            Application(document=part.document, amount=part.amount)
            for part in self.parts
            if part.amount is not None
        ]
        return self.submit([], [])

    def refuse(self, refusals: Sequence[Refusal], boxes: Sequence[SerialEntry]) -> None:
        """Say of a row what is wrong with it, and of the whole the rest."""
        at = {part.document.get_absolute_url(): part for part in self.parts}
        for refusal in refusals:
            part = at.get(refusal.url)
            (part.refusals if part else self.faults.general).append(refusal)

    # What the page says

    @property
    def is_refused(self) -> bool:
        """Whether a row says why nothing was saved."""
        saving = self.action.verb == "save"
        return saving and any(part.problems or part.refusals for part in self.parts)

    @property
    def lists(self) -> Iterator[dict[str, Any]]:
        """The tables of the page: what can be paid, and the credits that can pay for it."""
        debit, credit = self.kind.settles
        yield {"kind": types.get(debit), "parts": self.debts, "amount": "Payment"}
        yield {"kind": types.get(credit), "parts": self.credits, "amount": "Amount to Use"}

    @property
    def choose_party(self) -> str:
        return f"Choose a {self.kind.party}"

    @property
    def nothing_open(self) -> str:
        names = " or ".join(types.get(name).plural.lower() for name in self.kind.settles)
        return f"{self.party} has no open {names}."

    @property
    def titles(self) -> dict[str, str]:
        if self.corrected:
            return super().titles
        if self.kind.party == "customer":
            return {"title": "Accept Customer Payment"}
        return {"title": "Pay Bills"}

    @property
    def home(self) -> str:
        return self.origin.get_absolute_url() if self.origin else super().home

    def prepare(self) -> None:
        if self.is_new and self.party is None:
            self.header.fields[self.kind.party].widget.attrs["autofocus"] = True


def _sum(parts: Sequence[Part]) -> Decimal:
    return sum((part.amount or ZERO for part in parts), ZERO)
