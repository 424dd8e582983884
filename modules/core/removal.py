"""Whether what holds data is kept when its stack is destroyed: one choice, the same for every module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from modules.core.errors import Problem
from modules.core.fields import OneOf

Removal = Annotated[str, OneOf(("keep", "destroy"), "removal", literal=True)]
"""`keep`: Terraform refuses to destroy it. `destroy`: it goes with the stack, which takes a reason."""


def removal_problems(removal: str, reason: str, *, lost: str = "data") -> Iterator[Problem]:
    """A reason for losing data, and none where nothing is lost.

    Args:
        removal: `keep` or `destroy`.
        reason: `removal_reason`.
        lost: what would be lost, in the plural, such as `objects`.
    """
    if removal == "destroy" and not reason:
        yield Problem(
            "", 'removal is "destroy" without a reason', f"the {lost} would be lost for good", "set removal_reason"
        )
    if removal == "keep" and reason:
        yield Problem("", f'removal_reason is "{reason}"', "a reason belongs to removal: destroy", "remove it")
