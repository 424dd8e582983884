"""What an alias, and what is kept ready for it, rule out together with other settings of the function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.core.errors import Problem

if TYPE_CHECKING:
    from modules.function.config import FunctionConfig


def alias_problems(config: FunctionConfig) -> Iterator[Problem]:
    """Problems of provisioned concurrency and of what is published, across the function and its alias."""
    yield from _publish_to_problems(config)
    alias = config.alias
    if alias is None or alias.provisioned_concurrency is None:
        return
    reserved = config.reserved_concurrency
    if reserved is not None and config.most_provisioned > reserved:
        yield Problem(
            "",
            f"alias.provisioned_concurrency keeps up to {config.most_provisioned} environments ready and "
            f"reserved_concurrency is {reserved}",
            "provisioned concurrency is part of what is reserved (Lambda guide, provisioned concurrency)",
            f"reserve {config.most_provisioned} or more, or provision less",
        )
    if config.snap_start != "None":
        yield Problem(
            "",
            f'snap_start is "{config.snap_start}" and alias.provisioned_concurrency is set',
            "a version starts from a snapshot or is kept ready, never both (Lambda guide, SnapStart)",
            "remove one of them",
        )
    if config.tenancy is not None:
        yield Problem(
            "",
            "tenancy and alias.provisioned_concurrency are set",
            "a function with an environment for each tenant has no function URL, SnapStart or provisioned concurrency "
            "(Lambda guide, tenant isolation)",
            "remove one of them",
        )
    if config.capacity_provider is not None:
        yield Problem(
            "",
            "capacity_provider and alias.provisioned_concurrency are set",
            "the capacity provider keeps environments of managed instances ready (Lambda guide)",
            "set capacity_provider.scaling, or remove capacity_provider",
        )


def _publish_to_problems(config: FunctionConfig) -> Iterator[Problem]:
    provider = config.capacity_provider
    if config.publish_to and provider is None:
        yield Problem(
            "",
            f'publish_to is "{config.publish_to}" and capacity_provider is missing',
            "only managed instances run what is published without a number (lambda API model, PublishTo)",
            "remove publish_to",
        )
    if config.publish_to and config.alias is not None:
        yield Problem(
            "",
            f'publish_to is "{config.publish_to}" and alias is set',
            "an alias names numbered versions, of which none is then published",
            "remove one of them",
        )
    if provider is not None and provider.scaling is not None and not config.publishes:
        yield Problem(
            "",
            "capacity_provider.scaling is set and nothing is published",
            "bounds are those of a published version (PutFunctionScalingConfig)",
            "set publish_to to LATEST_PUBLISHED, or publish to true",
        )
