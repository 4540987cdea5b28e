from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from reports.integrity.runs import prove
from transactions.audit import Finding

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Prove every invariant of stock and books from the ledger (SPEC §3.4). Names the "
        "offenders and exits with 1 if one fails; Reports > Integrity lists the run. "
        "--verbosity 0 is silent on what holds."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        _, findings = prove()
        for finding in findings:
            if finding.offenders or options["verbosity"]:
                self._report(finding)
        broken = [finding for finding in findings if finding.offenders]
        if broken:
            raise CommandError(f"{len(broken)} of {len(findings)} invariants are broken.")
        self.stdout.write(f"Audit: all {len(findings)} invariants hold.")

    def _report(self, finding: Finding) -> None:
        offenders = finding.offenders
        answer = self.style.ERROR(f"{len(offenders)} WRONG") if offenders else "ok"
        self.stdout.write(f"{finding.code:3}  {finding.name}: {answer}")
        self.stdout.write(f"     {finding.statement}")
        self.stdout.write(f"     Looked at {finding.looked_at}.")
        for offender in offenders[:SHOWN]:
            self.stdout.write(self.style.ERROR(f"     - {offender}"))
        if len(offenders) > SHOWN:
            self.stdout.write(self.style.ERROR(f"     … and {len(offenders) - SHOWN} more"))
