"""Permissions of layer versions: accounts as their root, and the organization as a condition.

moto 5.2.5 keeps the principal as it was given, and the organization as a field of the statement, which Lambda writes as
a condition on `aws:PrincipalOrgID`.
"""

from __future__ import annotations

import re
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import LambdaBackend

from local.extensions.patching import wrap

_ACCOUNT = re.compile(r"\d{12}")


def install() -> None:
    """Extend moto."""
    wrap(LambdaBackend, "add_layer_version_permission", "self layer_name version_number statement", _add_permission)


def _add_permission(
    original: Any, backend: Any, layer_name: str, version_number: int, statement: str
) -> tuple[dict[str, Any], str]:
    kept, revision = original(backend, layer_name, version_number, statement)
    if isinstance(kept["Principal"], str) and _ACCOUNT.fullmatch(kept["Principal"]):
        kept["Principal"] = {"AWS": f"arn:{backend.partition}:iam::{kept['Principal']}:root"}
    if "OrganizationId" in kept:
        kept["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": kept.pop("OrganizationId")}}
    return kept, revision
