"""Recording of the requests that moto has no code for, or that its code fails on.

moto answers those with an HTML page and status 500, which the AWS SDKs cannot read ("XML syntax error on line 2")
or retry for minutes. Here each one is recorded, and answered with a well-formed error of the service's own
protocol that names the action. Its status is 501, which no SDK retries.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from werkzeug.exceptions import HTTPException

from local.failures import FAILURES_PATH, EmulatorFailure, FailureLog

_NOT_IMPLEMENTED = 501
_CODE = "InternalFailure"  # the one code for "the service failed" that every AWS service shares


def record_failures(application: Callable[..., Iterable[bytes]], log: FailureLog) -> Callable[..., Any]:
    """Record what moto cannot do, and serve the record.

    Args:
        application: moto's WSGI application.
        log: where the failures are kept.

    Returns:
        The WSGI application to serve instead.
    """
    _answer_errors_in_protocol(log)

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == FAILURES_PATH:
            if environ["REQUEST_METHOD"] == "DELETE":
                log.clear()
            start_response("200 OK", [("Content-Type", "application/json")])
            return [log.as_json()]

        unrouted: list[EmulatorFailure] = []

        def watched_start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if not (status.startswith("404") and _is_page(headers)) or _asks_whether(environ):
                return start_response(status, headers, exc_info)
            unrouted.append(_unrouted(environ))
            error = [("Content-Type", "application/json"), ("X-Amzn-ErrorType", _CODE)]
            return start_response(f"{_NOT_IMPLEMENTED} Not Implemented", error, exc_info)

        answer = application(environ, watched_start)
        if not unrouted:
            return answer
        log.add(unrouted[0])
        return [json.dumps({"__type": _CODE, "message": f"the emulator failed: {unrouted[0]}"}).encode()]

    return wrapped


class _Fault(ServiceException):  # type: ignore[misc]  # moto is untyped
    """The error that a request gets which the emulator cannot answer."""

    code = _CODE


def _answer_errors_in_protocol(log: FailureLog) -> None:
    """Wrap the one method through which moto runs every action of nearly every service."""
    call_action = BaseResponse.call_action

    @functools.wraps(call_action)
    def wrapped(response: Any) -> Any:
        try:
            return call_action(response)
        except (HTTPException, ServiceException):
            raise  # an answer of the service, not a failure of the emulator
        except Exception as error:  # noqa: BLE001 - whatever moto raises here is what is to be reported
            action = response._get_action() or f"{response.method} {response.path}"  # noqa: SLF001 - moto's own dispatch has no public name for it
            planned = isinstance(error, NotImplementedError)  # moto's own word for an action it does not have
            message = str(error) if planned else f"{type(error).__name__}: {error}"
            failure = EmulatorFailure(response.boto3_service_name, action, message)
            log.add(failure)
            fault = _Fault(f"the emulator failed: {failure}")
            _, headers, body = response.serialized(ActionResult(fault))
            return _NOT_IMPLEMENTED, headers, body

    BaseResponse.call_action = wrapped


def _is_page(headers: list[tuple[str, str]]) -> bool:
    """Whether an answer is the web server's own page; AWS services answer in XML, JSON or CBOR."""
    return any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)


def _asks_whether(environ: dict[str, Any]) -> bool:
    """Whether a request asks S3 if an object exists: its answer has no body, and 404 is one."""
    return bool(environ["REQUEST_METHOD"] == "HEAD")


def _unrouted(environ: dict[str, Any]) -> EmulatorFailure:
    """The failure of a path that moto does not know; the service is in the request's signature."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    service = scope[3] if len(scope) > 3 else "unknown"  # noqa: PLR2004 - key/date/region/service/aws4_request
    action = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
    return EmulatorFailure(service, action, "moto has no such path")
