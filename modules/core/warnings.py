"""Warnings: what is allowed and may still hurt; `lambdanet synth` prints what stands in the synthesized manifest."""

from __future__ import annotations

import modules.core.engine

from cdktf import Annotations
from constructs import Construct

from modules.core.errors import Problem


def warn(scope: Construct, given: str, allowed: str, fix: str) -> None:
    """Attach a warning to a construct, as one sentence of the same form as an error.

    Args:
        scope: the construct that it is about.
        given: what was found.
        allowed: why it may hurt.
        fix: what to do about it.
    """
    Annotations.of(scope).add_warning(str(Problem(scope.node.path, given, allowed, fix)))
