"""Reports > Integrity: what the audit last found, and a button to run it now (SPEC §3.4)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from reports.integrity.runs import KEPT, prove
from reports.models import AuditRun

LONG = 5_000  # milliseconds after which somebody who waits should know why


def integrity(request: HttpRequest) -> HttpResponse:
    """The last run, or the one asked for, and those before it."""
    runs = list(AuditRun.objects.select_related("by")[:KEPT])
    finished = [run for run in runs if run.is_finished]
    last = finished[0] if finished else None
    context = {
        "title": "Integrity",
        "subtitle": "What must always hold between stock, serial numbers, orders and books, "
        "proved from the ledger.",
        "run": _asked_for(request, finished) or last,
        "last": last,
        "takes_long": bool(last and (last.milliseconds or 0) > LONG),
        "runs": runs,
    }
    return render(request, "reports/integrity.html", context)


def _asked_for(request: HttpRequest, finished: list[AuditRun]) -> AuditRun | None:
    pk = request.GET.get("run")
    if not pk:
        return None
    for run in finished:
        if str(run.pk) == pk:
            return run
    raise Http404("That run is no longer kept.")


@require_POST
def run_now(request: HttpRequest) -> HttpResponse:
    """Run the audit and show what it found."""
    prove(by=request.user)
    return redirect("reports:integrity")
