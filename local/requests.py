"""Requests that the emulator was sent, counted: who reads them knows what was done, and how often.

The AWS SDKs number the attempts at a request; a repeated one counts once.
"""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

REQUESTS_PATH = "/moto-api/requests"
"""Where the server lists what it was asked; below moto's own prefix, which no AWS service uses."""

_SCOPE_PARTS = 5
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, order=True)
class EmulatorRequest:
    """A request as it is counted.

    Attributes:
        account_id: account of the credentials that signed it.
        region: region that it was signed for.
        service: service that it was signed for, such as `sqs`.
        action: the API action, such as `CreateQueue`; or method and path, such as `PUT /bucket/key`.
    """

    account_id: str
    region: str
    service: str
    action: str


class RequestLog:
    """The requests of one server, counted."""

    def __init__(self, account_of: Callable[[str], str]) -> None:
        """Count nothing yet.

        Args:
            account_of: account of an access key id.
        """
        self._account_of = account_of
        self._counts: Counter[EmulatorRequest] = Counter()
        self._lock = threading.Lock()

    def add(self, environ: dict[str, Any]) -> None:
        """Count a request, if it is signed and no repetition."""
        scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
        if len(scope) != _SCOPE_PARTS or not environ.get("HTTP_AMZ_SDK_REQUEST", "attempt=1").startswith("attempt=1"):
            return
        request = EmulatorRequest(self._account_of(scope[0]), scope[2], scope[3], _action(environ))
        with self._lock:
            self._counts[request] += 1

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._counts.clear()

    def as_json(self) -> bytes:
        """The counts as the parent process reads them."""
        with self._lock:
            rows = [{**asdict(request), "count": count} for request, count in sorted(self._counts.items())]
        return json.dumps(rows).encode()


def count_requests(application: Callable[..., Iterable[bytes]], log: RequestLog) -> Callable[..., Any]:
    """Count requests, and serve the counts.

    Args:
        application: the WSGI application that answers.
        log: where they are counted.

    Returns:
        The WSGI application to serve instead.
    """

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == REQUESTS_PATH:
            if environ["REQUEST_METHOD"] == "DELETE":
                log.clear()
            start_response("200 OK", [("Content-Type", "application/json")])
            return [log.as_json()]
        log.add(environ)
        return application(environ, start_response)

    return wrapped


def _action(environ: dict[str, Any]) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return str(target).rpartition(".")[2]
    if environ.get("CONTENT_TYPE", "").startswith(_FORM):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        named = parse_qs(body.decode(errors="replace")).get("Action")
        if named:
            return str(named[0])
    return f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
