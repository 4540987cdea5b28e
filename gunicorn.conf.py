"""How the server runs: `gunicorn inventory.wsgi` in this directory reads it by itself."""

import os
import shutil
import tempfile

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 120  # an import of many thousand rows, a report over years
graceful_timeout = 30
keepalive = 5
# Where no disk is written to, so that a busy one never looks like a dead worker.
_memory = "/dev/shm"  # noqa: S108 (gunicorn makes files of its own there)
worker_tmp_dir = _memory if os.path.isdir(_memory) else None
control_socket_disable = True
accesslog = None  # operations/requests.py writes a better one

_own = "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def on_starting(server):
    """Workers count into files of one directory, and any of them can tell the sum."""
    if _own:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="serialbook-metrics-")


def child_exit(server, worker):
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server):
    if _own:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
