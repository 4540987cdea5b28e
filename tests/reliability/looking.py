"""Looks into the database after a crash: is everything there that was acknowledged, and whole?"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402 (there are no apps before)
from django.db.models import Count  # noqa: E402

from items.models import SerialUnit  # noqa: E402
from reports.integrity.runs import one_moment  # noqa: E402
from transactions import audit  # noqa: E402
from transactions.models import Posting, Transaction  # noqa: E402


def main() -> None:
    for line in sys.stdin:
        with one_moment():
            found = look(json.loads(line))
        connections.close_all()
        print(json.dumps(found), flush=True)


def look(said: dict[str, Any]) -> dict[str, Any]:
    """What is wrong, and the figures of what is there.

    `told` are requests with the document, numbers and state they were acknowledged with;
    `waiting` the requests nobody has answered yet.
    """
    postings = Posting.objects.exclude(request_id=None).values_list("request_id", "document_id")
    stored = {str(request): document for request, document in postings}
    problems = [*missing(said["told"], stored), *half(), *audit.offenders()]
    if said["final"]:
        problems += superfluous(said["told"], stored)
    return {
        "acknowledged": len(said["told"]),
        "waiting": len(said["waiting"]),
        "committed_unanswered": sum(request in stored for request in said["waiting"]),
        "documents": Transaction.objects.count(),
        "units": SerialUnit.objects.count(),
        "problems": problems,
    }


def missing(told: list[Any], stored: dict[str, int]) -> Iterator[str]:
    """Nothing acknowledged may be missing: its posting, its units, where they have come to."""
    units = Counter(SerialUnit.objects.values_list("number", flat=True))
    status = dict(SerialUnit.objects.values_list("number", "status"))
    reached = {number: state for _, _, numbers, state in told if state for number in numbers}
    for request, document, numbers, _ in told:
        if stored.get(request) != document:
            yield f"request {request} was acknowledged as document {document}, and is missing"
        for number in numbers:
            if units[number] != 1:
                yield f"{number} was acknowledged, and is there {units[number]} times"
    for number, state in reached.items():
        later = ("picked", "sold") if state == "on_hand" else ()
        if status.get(number) not in (state, *later):
            yield f"{number} was acknowledged as {state}, and is {status.get(number)}"


def half() -> Iterator[str]:
    """Nothing may be there by half: a document without its number, its lines or its posting."""
    whole = Transaction.objects.annotate(
        lines_=Count("lines", distinct=True), postings_=Count("postings", distinct=True)
    )
    for document in whole.filter(number=None) | whole.filter(lines_=0) | whole.filter(postings_=0):
        yield f"document {document.pk} is there by half"


def superfluous(told: list[Any], stored: dict[str, int]) -> Iterator[str]:
    """At the end every request was answered: what is stored is what was told, once each."""
    requests = {request for request, *_ in told}
    if len(requests) != len(told):
        yield "a request was acknowledged twice"
    if extra := set(stored) - requests:
        yield f"requests were posted and never acknowledged: {sorted(extra)}"
    documents = {document for _, document, *_ in told}
    if set(Transaction.objects.values_list("pk", flat=True)) != documents:
        yield "there are other documents than those acknowledged"


if __name__ == "__main__":
    main()
