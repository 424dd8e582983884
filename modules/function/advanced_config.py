"""Configuration of what only AWS provider 6 can write: durable functions, tenant isolation, managed instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within


class DurableConfig(ConfigModel):
    """Executions that outlive the function's timeout and go on from checkpoints (AWS provider 6 only)."""

    execution_timeout_seconds: Annotated[int, Within(limits.LAMBDA_DURABLE_EXECUTION_SECONDS)] = Field(
        description="Longest execution, waits included, in seconds. 1 to 31622400 (lambda API model)."
    )
    retention_days: Annotated[int, Within(limits.LAMBDA_DURABLE_RETENTION_DAYS)] = Field(
        default=14, description="Days that the history is kept after the end. 1 to 90 (lambda API model)."
    )


class TenancyConfig(ConfigModel):
    """An execution environment for each tenant (AWS provider 6 only); a change replaces the function."""

    tenant_isolation_mode: Annotated[str, OneOf(("PER_TENANT",), "a tenant isolation mode", literal=True)] = Field(
        default="PER_TENANT", description="PER_TENANT is the only mode (lambda API model)."
    )


_Environments = Annotated[int, Within(limits.LAMBDA_INSTANCE_ENVIRONMENTS, literal=True)]


class InstanceScalingConfig(ConfigModel):
    """Bounds of the environments that managed instances run of what is published (AWS provider 6 only).

    Raises:
        ConfigError: with every refused field.
    """

    min_execution_environments: _Environments | None = Field(
        default=None, description="Fewest environments; null leaves it to Lambda. 0 to 15000 (lambda API model)."
    )
    max_execution_environments: _Environments | None = Field(
        default=None, description="Most environments; null leaves it to Lambda. 0 to 15000 (lambda API model)."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """At least one bound, and both in order."""
        fewest, most = self.min_execution_environments, self.max_execution_environments
        if fewest is None and most is None:
            yield Problem("", "neither bound is set", "scaling is one bound or both", "set one, or remove scaling")
        if fewest is not None and most is not None and fewest > most:
            yield Problem(
                "",
                f"min_execution_environments is {fewest} and max_execution_environments is {most}",
                "the fewest environments are not more than the most",
                "swap them",
            )


class CapacityProviderConfig(ConfigModel):
    """Lambda managed instances: the function runs on instances of a capacity provider (AWS provider 6 only).

    The function then lives in the capacity provider's network: it is attached to no subnet of its own.
    """

    capacity_provider_arn: Annotated[
        str,
        Matching(
            rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:capacity-provider:[A-Za-z0-9_-]+",
            "a capacity provider's ARN reads like arn:aws:lambda:eu-west-1:123456789012:capacity-provider:name",
            "copy it from Lambda",
            140,
        ),
    ] = Field(description="ARN of the capacity provider.")
    memory_gib_per_vcpu: Annotated[int, Within(limits.LAMBDA_INSTANCE_MEMORY_GIB_PER_VCPU)] | None = Field(
        default=None, description="Memory for each vCPU, in GiB. 2 to 8 (lambda API model)."
    )
    max_concurrency: Annotated[int, Within(limits.LAMBDA_INSTANCE_CONCURRENCY)] | None = Field(
        default=None, description="Invocations that one environment takes at a time. 1 to 1600 (lambda API model)."
    )
    scaling: InstanceScalingConfig | None = Field(
        default=None, description="Bounds of the function's environments; Lambda's own by default."
    )
