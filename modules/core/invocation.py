"""What a trigger invokes, as plain data: a function's alias, or the unqualified function where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ASYNCHRONOUS_SERVICES = frozenset(
    {
        "cloudformation", "codecommit", "codepipeline", "config", "events", "iot", "lambda.alarms.cloudwatch", "logs",
        "s3", "ses", "sns",
    }
)  # fmt: skip
"""Services that invoke functions asynchronously (Lambda guide, invoking functions with events of other services)."""


@dataclass(frozen=True)
class InvocationTarget:
    """What is invoked; every trigger, permission and destination takes it from one place.

    Attributes:
        function_name: the function's name, as a token.
        qualifier: the alias; empty for the unqualified function.
        arn: ARN with the alias, as a token.
        invoke_arn: the same as API Gateway wants it, as a token.
        dependencies: Terraform resources to wait for before it is invoked.
    """

    function_name: str
    qualifier: str
    arn: str
    invoke_arn: str
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type
