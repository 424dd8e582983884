"""The emulator's own process: `python -m local.serve`, started by `local.emulator.Emulator` only.

The process talks to its parent through its standard streams:

- standard output carries one line, the port that the operating system chose, once the server accepts requests;
- standard input carries nothing: its end means that the parent is gone (however it died), and the server stops;
- standard error takes everything else.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import sys
import threading

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from local import extensions
from local.failures import FailureLog
from local.recording import record_failures
from local.repeats import answer_repeats
from local.requests import RequestLog, count_requests
from local.serial import one_at_a_time

HOST = "127.0.0.1"
_POLL_SECONDS = 1.0


def main() -> None:
    """Serve until the parent goes away."""
    ready = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    threading.Thread(target=_exit_with_parent, args=(os.getppid(),), daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    extensions.install()
    gc.freeze()  # what is imported stays: looking for cycles in it, time and again, frees nothing
    failures = FailureLog()
    moto = one_at_a_time(DomainDispatcherApplication(create_backend_app))
    recorded = count_requests(record_failures(moto, failures), RequestLog(get_account_id_from))
    application = answer_repeats(recorded)
    server = make_server(HOST, 0, application, threaded=True, request_handler=MotoRequestHandler)
    os.environ["MOTO_PORT"] = str(server.server_port)
    os.write(ready, f"{server.server_port}\n".encode())
    os.close(ready)
    server.serve_forever()


def _exit_with_parent(parent: int) -> None:
    """End the process when standard input ends, or when the process was adopted by another parent."""
    stdin = sys.stdin.fileno()
    while os.getppid() == parent:
        readable, _, _ = select.select([stdin], [], [], _POLL_SECONDS)
        if readable and not os.read(stdin, 1):
            break
    os._exit(0)


if __name__ == "__main__":
    main()
