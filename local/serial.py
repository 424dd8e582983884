"""One request at a time: moto keeps its resources in plain dictionaries.

A listing that walks through one while another request adds to it ends with "dictionary changed size during
iteration", which no change of the code under test explains. Python runs one thread at a time anyway, so no time is
lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

_WAITING = frozenset({"AmazonSQS.ReceiveMessage"})
"""Actions that wait for what another request brings; they may not keep that request out."""


def one_at_a_time(application: Callable[..., Iterable[bytes]]) -> Callable[..., Any]:
    """Let each request wait until the one before it is answered.

    Args:
        application: the WSGI application that answers.

    Returns:
        The WSGI application to serve instead.
    """
    lock = threading.Lock()

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET") in _WAITING:
            return application(environ, start_response)
        with lock:
            return application(environ, start_response)

    return wrapped
