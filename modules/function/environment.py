"""Rules for environment variables of a Lambda function."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from modules.core import limits
from modules.core.errors import Problem
from modules.core.secrecy import names_secret
from modules.core.tokens import is_token

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")

RESERVED_NAMES = frozenset(
    {
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)  # fmt: skip
"""Names that Lambda sets itself (Lambda developer guide, defined runtime environment variables)."""


def environment_problems(variables: Mapping[str, str]) -> Iterator[Problem]:
    """What Lambda would refuse about `variables`, and names that look as if they carried a secret in clear text."""
    for name, value in sorted(variables.items()):
        shown = f'environment holds "{name}"'
        if name in RESERVED_NAMES:
            yield Problem("", shown, "Lambda sets it itself", "choose another name")
        elif not is_token(name) and not _NAME.fullmatch(name):
            yield Problem(
                "",
                shown,
                "a name is a letter, then one or more letters, digits or underscores (Lambda API)",
                "rename it",
            )
        if names_secret(name) and value and not value.startswith("arn:") and not is_token(value):
            yield Problem(
                "",
                shown,
                "environment variables are readable by whoever can read the function",
                "pass the secret's ARN in a variable that ends in _ARN",
            )
    used = _json_bytes({"" if is_token(k) else k: "" if is_token(v) else v for k, v in variables.items()})
    if used > limits.LAMBDA_MAX_ENVIRONMENT_BYTES:
        yield Problem(
            "",
            f"environment takes {used} bytes",
            f"Lambda takes {limits.LAMBDA_MAX_ENVIRONMENT_BYTES} for all names and values, as JSON (Lambda quotas)",
            "shorten it, or move values to SSM Parameter Store",
        )


def _json_bytes(variables: Mapping[str, str]) -> int:
    """What Lambda counts: its refusal quotes the "string measured", compact JSON."""
    return len(json.dumps(variables, ensure_ascii=False, separators=(",", ":")).encode())
