"""A repeated request gets the answer that its first attempt lost.

The server closes every connection after one answer, and about one answer in a thousand does not reach a busy client.
AWS SDKs then send the request again, with the same `amz-sdk-invocation-id` and the next attempt number. Run twice, a
deletion would find nothing to delete, which no change of the code under test explains.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_KEPT = 4096
_FIRST_ATTEMPT = "attempt=1"


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def answer_repeats(application: Callable[..., Iterable[bytes]]) -> Callable[..., Any]:
    """Answer a second attempt at a request that has succeeded as the first was answered.

    Args:
        application: the WSGI application that answers first attempts.

    Returns:
        The WSGI application to serve instead.
    """
    answers: OrderedDict[str, _Answer] = OrderedDict()
    lock = threading.Lock()

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if invocation is None or environ["REQUEST_METHOD"] == "GET":
            return application(environ, start_response)
        if not environ.get("HTTP_AMZ_SDK_REQUEST", _FIRST_ATTEMPT).startswith(_FIRST_ATTEMPT):
            with lock:
                known = answers.get(invocation)
            if known is not None:
                start_response(known.status, known.headers)
                return [known.body]
        answer = _run(application, environ)
        if answer.status.startswith("2"):
            with lock:
                answers[invocation] = answer
                while len(answers) > _KEPT:
                    answers.popitem(last=False)
        start_response(answer.status, answer.headers)
        return [answer.body]

    return wrapped


def _run(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> _Answer:
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], None]:
        begun.append((status, headers))
        return lambda _: None

    produced = application(environ, start)
    try:
        body = b"".join(produced)
    finally:
        close = getattr(produced, "close", None)
        if close is not None:
            close()
    status, headers = begun[-1]
    return _Answer(status, headers, body)
