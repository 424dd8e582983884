"""S3: events that go to EventBridge, bucket policies that let access logs in, and metrics of requests.

moto 5.2.5 keeps `EventBridgeConfiguration`, and leaves it out when a bucket's notifications are read. Of a bucket that
access logs are sent to it reads the policy only where principal and resource are text, not lists of one. It takes a
request about `metrics` for one about the bucket itself, so that removing the metrics would remove the bucket.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from local.extensions.patching import state, wrap

_END = "</NotificationConfiguration>"
_EVENT_BRIDGE = "<EventBridgeConfiguration></EventBridgeConfiguration>"


def install() -> None:
    """Extend moto."""
    wrap(S3Response, "get_bucket_notification", "self", _notifications)
    for method, parameters, answer in (
        ("get", "self bucket_name querystring", _get_metrics),
        ("put", "self request bucket_name querystring", _put_metrics),
        ("delete", "self bucket_name querystring", _delete_metrics),
    ):
        wrap(S3Response, f"_bucket_response_{method}", parameters, functools.partial(_answer, answer))
    wrap(FakeBucket, "_log_permissions_enabled_policy", "target_bucket target_prefix", _lets_logs_in)


def _notifications(original: Any, response: Any) -> Any:
    status, headers, body = original(response)
    known = response.backend.get_bucket_notification_configuration(response.bucket_name)
    if known is not None and known.event_bridge is not None:
        text = body.decode() if isinstance(body, bytes) else body
        others = text.removesuffix(_END) if text.endswith(_END) else f"{text.removesuffix('/>')}>"
        body = f"{others}{_EVENT_BRIDGE}{_END}"
    return status, headers, body


def _lets_logs_in(original: Any, _source: Any, *, target_bucket: Any, target_prefix: str | None) -> Any:
    policy = json.loads(target_bucket.policy.decode()) if target_bucket.policy else {"Statement": []}
    for statement in policy["Statement"]:
        principal = statement.get("Principal", {})
        statement["Principal"] = {"Service": _only(principal.get("Service"))} if isinstance(principal, dict) else {}
        statement["Resource"] = _only(statement.get("Resource"))
    plain = SimpleNamespace(
        policy=json.dumps(policy).encode(), name=target_bucket.name, partition=target_bucket.partition
    )
    return original(target_bucket=plain, target_prefix=target_prefix)


def _only(value: Any) -> Any:
    """The member of a list of one, which a policy may have in place of text."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


class _NoSuchConfigurationError(S3ClientError):  # type: ignore[misc]  # moto is untyped
    code = 404

    def __init__(self) -> None:
        super().__init__("NoSuchConfiguration", "The specified configuration does not exist.")


def _answer(answer: Callable[[Any, dict[Any, Any], str], Any], original: Any, response: Any, *request: Any) -> Any:
    """Answer requests about metrics here, and leave all others to moto."""
    bucket_name, querystring = request[-2:]
    if "metrics" not in querystring:
        return original(response, *request)
    response.backend.get_bucket(bucket_name)  # raises NoSuchBucket
    known = state(response.backend, "metrics").setdefault(bucket_name, {})
    return answer(response, known, querystring.get("id", [""])[0])


def _get_metrics(_response: Any, known: dict[Any, Any], name: str) -> Any:
    if name not in known:
        raise _NoSuchConfigurationError
    return 200, {}, known[name]


def _put_metrics(response: Any, known: dict[Any, Any], name: str) -> Any:
    known[name] = response.body
    return 200, {}, ""


def _delete_metrics(_response: Any, known: dict[Any, Any], name: str) -> Any:
    if known.pop(name, None) is None:
        raise _NoSuchConfigurationError
    return 204, {}, ""
