"""What posting and pages cost, measured: `make bench`, docs/performance.md."""

import os

# As `make run` serves: plain HTTP on this machine.
os.environ.setdefault("LOCAL", "true")
