"""Permissions of layer versions: accounts as their root, the organization as a condition, and layers of other accounts.

moto 5.2.5 keeps the principal as it was given, and the organization as a field of the statement, which Lambda writes as
a condition on `aws:PrincipalOrgID`. It takes any account's layer for one of the function's own account by its name.
"""

from __future__ import annotations

import re
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import LambdaBackend, lambda_backends

from local.extensions.patching import wrap

_ACCOUNT = re.compile(r"\d{12}")
_REGION_PART, _ACCOUNT_PART = 3, 4
"""Places in an ARN."""


def install() -> None:
    """Extend moto."""
    wrap(LambdaBackend, "add_layer_version_permission", "self layer_name version_number statement", _add_permission)
    wrap(LambdaBackend, "layers_versions_by_arn", "self layer_version_arn", _of_any_account)


def _add_permission(
    original: Any, backend: Any, layer_name: str, version_number: int, statement: str
) -> tuple[dict[str, Any], str]:
    kept, revision = original(backend, layer_name, version_number, statement)
    if isinstance(kept["Principal"], str) and _ACCOUNT.fullmatch(kept["Principal"]):
        kept["Principal"] = {"AWS": f"arn:{backend.partition}:iam::{kept['Principal']}:root"}
    if "OrganizationId" in kept:
        kept["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": kept.pop("OrganizationId")}}
    return kept, revision


def _of_any_account(original: Any, backend: Any, layer_version_arn: str) -> Any:
    """The layer version of the account that the ARN names, if its policy lets the function's account use it."""
    parts = layer_version_arn.split(":")
    account, region = parts[_ACCOUNT_PART], parts[_REGION_PART]
    if region != backend.region_name:
        return None
    if account == backend.account_id:
        return original(backend, layer_version_arn)
    found = original(lambda_backends[account][region], layer_version_arn)
    is_shared = found is not None and any(
        statement["Principal"] == "*" or backend.account_id in str(statement["Principal"])
        for statement in found.policy.statements
    )
    return found if is_shared else None
