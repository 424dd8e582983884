"""KMS keys: the rotation period.

moto 5.2.5 forgets `RotationPeriodInDays`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.utils import utcnow
from moto.kms.models import Key
from moto.kms.responses import KmsResponse

from local.extensions.patching import add_attribute, wrap

_DEFAULT_DAYS = 365


def install() -> None:
    """Extend moto."""
    add_attribute(Key, "rotation_period", _DEFAULT_DAYS)
    add_attribute(Key, "next_rotation", None)
    wrap(KmsResponse, "enable_key_rotation", "self", _enable)
    wrap(KmsResponse, "get_key_rotation_status", "self", _status)


def _enable(original: Any, response: Any) -> Any:
    answer = original(response)
    key = _key(response)
    key.rotation_period = response._get_param("RotationPeriodInDays") or key.rotation_period  # noqa: SLF001 - moto gives parameters no public name
    key.next_rotation = (utcnow() + timedelta(days=key.rotation_period)).timestamp()
    return answer


def _status(original: Any, response: Any) -> Any:
    status = json.loads(original(response))
    key = _key(response)
    status["KeyId"] = key.arn
    if status["KeyRotationEnabled"]:
        status["RotationPeriodInDays"] = key.rotation_period
        status["NextRotationDate"] = key.next_rotation
    return json.dumps(status)


def _key(response: Any) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]  # noqa: SLF001 - as above
