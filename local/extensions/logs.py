"""CloudWatch Logs groups: the class of a group, and its KMS key.

moto 5.2.5 forgets `logGroupClass` and has no `AssociateKmsKey` nor `DisassociateKmsKey`.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from local.extensions.patching import add_action, add_attribute, wrap

_STANDARD = "STANDARD"


def install() -> None:
    """Extend moto."""
    add_attribute(LogGroup, "log_group_class", _STANDARD)
    wrap(LogsResponse, "create_log_group", "self", _create)
    wrap(LogGroup, "to_describe_dict", "self", _describe)
    add_action(LogsResponse, associate_kms_key)
    add_action(LogsResponse, disassociate_kms_key)


def associate_kms_key(response: Any) -> str:
    """Encrypt what a group receives from now on with a key."""
    _group(response).kms_key_id = _parameter(response, "kmsKeyId")
    return ""


def disassociate_kms_key(response: Any) -> str:
    """Encrypt what a group receives from now on with a key of CloudWatch Logs."""
    _group(response).kms_key_id = None
    return ""


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    _group(response).log_group_class = _parameter(response, "logGroupClass") or _STANDARD
    return answer


def _describe(original: Any, group: Any) -> dict[str, Any]:
    return {**original(group), "logGroupClass": group.log_group_class}


def _group(response: Any) -> Any:
    """The log group that a request names, or gives the ARN of."""
    identifier = _parameter(response, "resourceIdentifier") or ""
    name = _parameter(response, "logGroupName") or identifier.partition(":log-group:")[2].removesuffix(":*")
    group = response.logs_backend.groups.get(name)
    if group is None:
        raise ResourceNotFoundException
    return group


def _parameter(response: Any, name: str) -> str | None:
    value: str | None = response._get_param(name)  # noqa: SLF001 - moto gives parameters no public name
    return value
