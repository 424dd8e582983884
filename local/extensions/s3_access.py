"""S3: conditions of bucket policies, and whose bucket a request expects.

moto 5.2.5 takes a statement with a condition for one that denies, whatever the condition says, so that a policy which
only lets TLS in lets nobody in. It does not look at `x-amz-expected-bucket-owner`.

The emulator stands for AWS's endpoints, so its requests count as ones over TLS. A condition on what it does not know
still denies in a statement that denies, and lets nobody in by itself in one that allows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.iam.access_control import IAMPolicy
from moto.s3.models import FakeBucket, s3_backends
from moto.s3.responses import S3Response

from local.extensions.patching import wrap

_DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
_OWNER = "x-amz-expected-bucket-owner"
_TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
_FROM_HEADERS = {
    "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
}
_headers: ContextVar[Mapping[str, str]] = ContextVar("headers", default={})  # noqa: B039 - never changed


def install() -> None:
    """Extend moto."""
    for method in ("_bucket_response", "_key_response"):
        wrap(S3Response, method, "self request full_url", _answer)
    wrap(FakeBucket, "get_permission", "self action resource", _permission)


def _answer(original: Any, response: Any, request: Any, full_url: str) -> Any:
    expected = request.headers.get(_OWNER)
    bucket = response.parse_bucket_name_from_url(request, full_url)
    known = s3_backends.bucket_accounts.get(bucket)
    if expected and known is not None and known[1] != expected:
        return 403, {}, "" if request.method == "HEAD" else _DENIED
    token = _headers.set(request.headers)
    try:
        return original(response, request, full_url)
    finally:
        _headers.reset(token)


def _permission(original: Any, bucket: Any, action: str, resource: str) -> Any:
    if bucket.policy is None:
        return original(bucket, action, resource)
    policy = json.loads(bucket.policy.decode())
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    policy["Statement"] = [
        {key: value for key, value in statement.items() if key != "Condition"}
        for statement in statements
        if _applies(statement)
    ]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)


def _applies(statement: Mapping[str, Any]) -> bool:
    """Whether its conditions hold; one that cannot be told holds where the statement denies."""
    told = [
        _holds(operator, key, values if isinstance(values, list) else [values])
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    if False in told:
        return False
    return None not in told or statement["Effect"] == "Deny"


def _holds(operator: str, key: str, values: list[Any]) -> bool | None:
    if key in _TLS:
        actual: str | None = _TLS[key]
    elif key in _FROM_HEADERS:
        actual = _headers.get().get(_FROM_HEADERS[key])
    else:
        return None
    wanted = {str(value).lower() if operator in {"Bool", "Null"} else str(value) for value in values}
    match operator:
        case "Null":
            return str(actual is None).lower() in wanted
        case "Bool" | "StringEquals":
            return actual in wanted
        case "StringNotEquals":
            return actual not in wanted
        case "NumericLessThan" if actual is not None:
            return any(float(actual) < float(value) for value in wanted)
        case _:
            return None
