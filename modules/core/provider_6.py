"""The refusal of what AWS provider 5 cannot write."""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.errors import Problem
from modules.core.target import Target

KNOWN_WITH = "6.69"
"""AWS provider in which every argument that is refused here is known to exist (bindings of provider 6.69.1)."""


def needs_provider_6(
    target: Target, given: str, argument: str, *, instead: str = "remove it", version: str = KNOWN_WITH
) -> Iterator[Problem]:
    """Refuse something while the target allows AWS provider 5.

    Args:
        target: its `aws_provider_version` decides.
        given: field and value.
        argument: what provider 5 lacks, such as `aws_lambda_function.durable_config`.
        instead: what to do while on provider 5.
        version: first provider version that has it.
    """
    if target.allows_provider_5:
        yield Problem(
            "",
            given,
            f"AWS provider 5 has no {argument}, and the target allows {target.aws_provider_version}",
            f'{instead}, or set the target\'s aws_provider_version to ">= {version}, < 7"',
        )
