"""STS: a role is assumed only where it exists and trusts who asks.

moto 5.2.5 gives credentials for any ARN, also of roles that do not exist. AWS refuses both with the same sentence, so
that nobody learns which roles an account has. The emulator's own role, through which tests reach further accounts,
exists in each of them and trusts everybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

from local.emulator_role import EMULATOR_ROLE
from local.extensions.patching import wrap

_FORBIDDEN = 403


def install() -> None:
    """Extend moto."""
    wrap(TokenResponse, "assume_role", "self", _assume_role)


class _AccessDeniedError(STSClientError):  # type: ignore[misc]  # moto is untyped
    def __init__(self, caller: str, role_arn: str) -> None:
        action = "is not authorized to perform: sts:AssumeRole on resource"
        super().__init__("AccessDenied", f"User: {caller} {action}: {role_arn}")


def _assume_role(original: Any, response: Any) -> Any:
    role_arn = str(response._get_param("RoleArn"))  # noqa: SLF001  # how moto's own actions read parameters
    external_id = response._get_param("ExternalId")  # noqa: SLF001  # the same
    if not role_arn.endswith(f":role/{EMULATOR_ROLE}"):
        account, region = str(response.current_account), response.region
        caller = str(response.backend.get_caller_identity(response.get_access_key(), region)[1])
        if not _is_trusted(role_arn, account, caller, external_id):
            _, headers, body = response.serialized(ActionResult(_AccessDeniedError(caller, role_arn)))
            return body, {**headers, "status": _FORBIDDEN}
    return original(response)


def _is_trusted(role_arn: str, account: str, caller: str, external_id: str | None) -> bool:
    _, partition, _, _, owner, _ = role_arn.split(":", 5)
    roles = iam_backends[owner][partition].roles.values()
    role = next((role for role in roles if role.arn == role_arn), None)
    if role is None:
        return False
    statements = json.loads(role.assume_role_policy_document).get("Statement", [])
    return any(
        statement.get("Effect") == "Allow"
        and {account, "*", f"arn:{partition}:iam::{account}:root", caller} & set(_principals(statement))
        and _wants(statement) in (None, external_id)
        for statement in ([statements] if isinstance(statements, dict) else statements)
    )


def _principals(statement: dict[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal", {})
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    yield from [named] if isinstance(named, str) else named


def _wants(statement: dict[str, Any]) -> str | None:
    """The external id that a statement asks for; None for none."""
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return None if wanted is None else str(wanted)
