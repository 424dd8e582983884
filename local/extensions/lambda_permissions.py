"""Statements of a function's resource policy: accounts as their root, roles as principals, each id once.

moto 5.2.5 keeps an account, a role or a user as it was given, where Lambda writes `{"AWS": arn}`, and takes a statement
id twice.
"""

from __future__ import annotations

import json
import re
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import LambdaBackend

from local.extensions.lambda_paths import LambdaConflictError
from local.extensions.patching import wrap

_ACCOUNT = re.compile(r"\d{12}")


def install() -> None:
    """Extend moto."""
    wrap(LambdaBackend, "add_permission", "self function_name qualifier raw", _add_permission)


def _add_permission(original: Any, backend: Any, function_name: str, qualifier: str, raw: str) -> dict[str, Any]:
    given = json.loads(raw).get("StatementId")
    known = backend.get_function(function_name, qualifier).policy.statements
    if any(statement["Sid"] == given and _qualifier(statement) == (qualifier or "") for statement in known):
        raise LambdaConflictError(
            f"The statement id ({given}) provided already exists. Please provide a new statement id, or remove the "
            "existing statement."
        )
    kept: dict[str, Any] = original(backend, function_name, qualifier, raw)
    principal = kept["Principal"]
    if isinstance(principal, str) and _ACCOUNT.fullmatch(principal):
        kept["Principal"] = {"AWS": f"arn:{backend.partition}:iam::{principal}:root"}
    elif isinstance(principal, str) and principal.startswith("arn:"):
        kept["Principal"] = {"AWS": principal}
    return kept


def _qualifier(statement: dict[str, Any]) -> str:
    """What follows the function's name in `arn:partition:lambda:region:account:function:name[:qualifier]`."""
    return ":".join(statement["Resource"].split(":")[7:])
