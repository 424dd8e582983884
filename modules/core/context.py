"""The target travels with the construct tree, so a construct works in any CDKTF app that attached one."""

from __future__ import annotations

from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.target import Target

_CONTEXT_KEY = "lambdanet:target"


def attach_target(stack: Construct, target: Target) -> None:
    """Tell everything below `stack` where it goes; call it before the first child is created."""
    stack.node.set_context(_CONTEXT_KEY, target.model_dump(mode="json"))


def target_of(scope: Construct) -> Target:
    """The target that the nearest stack was attached to.

    Raises:
        ConfigError: no target was attached.
    """
    data = scope.node.try_get_context(_CONTEXT_KEY)
    if data is None:
        raise ConfigError.single(
            scope.node.path,
            "no target is attached",
            "a construct takes names, tags and region from its stack's target",
            "call modules.core.context.attach_target(stack, target) before adding constructs",
        )
    return Target.parse(data)
