"""Ask the server in this container how it is: `python -m operations.ask /health/ready`.

Exits with 1 where it does not answer, or with anything but 200; an image has no curl.
"""

from __future__ import annotations

import http.client
import os
import sys

SECONDS = 4


def status(path: str) -> int:
    port = os.environ.get("BIND", ":8000").rpartition(":")[2]
    server = http.client.HTTPConnection("127.0.0.1", int(port), timeout=SECONDS)
    server.request("GET", path)
    return server.getresponse().status


def main(path: str) -> None:
    try:
        answer = status(path)
    except OSError as error:
        sys.exit(f"{path}: {error}")
    if answer != http.client.OK:
        sys.exit(f"{path}: {answer}")


if __name__ == "__main__":
    main(sys.argv[1])
