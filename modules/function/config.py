"""Configuration of a VPC-attached Lambda function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, Reason, Text, Within
from modules.core.target import Target
from modules.function.alarms_config import FunctionAlarmsConfig
from modules.function.asynchronous_config import AsynchronousConfig
from modules.function.code_config import ARCHITECTURES, CodeConfig
from modules.function.environment import environment_problems
from modules.function.logging_config import LoggingConfig
from modules.function.runtimes import lifecycle_problems, provider_problems
from modules.function.signing_config import CodeSigningConfig

__all__ = [
    "ARCHITECTURES",
    "AsynchronousConfig",
    "CodeConfig",
    "CodeSigningConfig",
    "FunctionAlarmsConfig",
    "FunctionConfig",
    "LoggingConfig",
]


class FunctionConfig(ConfigModel):
    """A Lambda function in the private subnets of a network.

    Its role, log group, security group, dead-letter queue, tracing and JSON logs come with it.

    Raises:
        ConfigError: with every refused field.
    """

    code: CodeConfig = Field(description="What runs.")
    reserved_concurrency: Annotated[int, Within(limits.LAMBDA_RESERVED_CONCURRENCY, literal=True)] = Field(
        description="Executions kept for this function, and its most; bounds what it asks of a database."
    )
    disabled_reason: Reason = Field(
        default="", description="Why reserved_concurrency 0 stops the function; required then."
    )
    deprecated_runtime_reason: Reason = Field(
        default="", description="Why a runtime is used that AWS has deprecated; required then."
    )
    description: Annotated[
        str, Matching(r".*", "a description has at most 256 characters on one line", "shorten it", 256)
    ] = Field(default="", description="What the function is for.")
    memory_mb: Annotated[int, Within(limits.LAMBDA_MEMORY_MB)] = Field(
        default=512, description="Memory in MB; 1769 MB is one vCPU. 128 to 10240 (Lambda quotas)."
    )
    timeout_seconds: Annotated[int, Within(limits.LAMBDA_TIMEOUT_SECONDS, literal=True)] = Field(
        default=30, description="Timeout in seconds. 1 to 900 (Lambda quotas)."
    )
    ephemeral_storage_mb: Annotated[int, Within(limits.LAMBDA_EPHEMERAL_STORAGE_MB)] = Field(
        default=512, description="Size of /tmp in MB. 512 to 10240 (Lambda quotas)."
    )
    environment: dict[str, Text] = Field(
        default_factory=dict, description="Environment variables, 4 KB with those that connect_to adds; no secrets."
    )
    internet_egress_reason: Annotated[
        str,
        Matching(
            r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*",
            "it stands in a security group rule, with at most 232 letters, digits, spaces and characters of "
            "._-:/()#,@[]+=&;{}!$* (EC2 API)",
            "shorten or reword it",
            limits.SECURITY_GROUP_RULE_DESCRIPTION_LENGTH - len("HTTPS to the internet: "),
            literal=True,
        ),
    ] = Field(default="", description="Why the function may open HTTPS to the internet; empty keeps it from it.")
    logging: LoggingConfig = Field(default_factory=LoggingConfig, description="Logs.")
    asynchronous: AsynchronousConfig = Field(default_factory=AsynchronousConfig, description="Failure path.")
    code_signing: CodeSigningConfig = Field(default_factory=CodeSigningConfig, description="Code signing.")
    replace_security_groups_on_destroy: StrictBool = Field(
        default=True,
        description="Hand the function's network interfaces to the locked default group at destroy, so that its own "
        "group can be deleted at once instead of after up to 45 minutes.",
    )
    alarms: FunctionAlarmsConfig = Field(default_factory=FunctionAlarmsConfig, description="Alarms of the function.")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Every AWS provider that the target allows knows the runtime."""
        yield from provider_problems(self.code.runtime, target)

    def cross_checks(self) -> Iterator[Problem]:
        """Environment variables, and a reason for a function that never runs."""
        yield from environment_problems(self.environment)
        yield from lifecycle_problems(self.code.runtime, deprecated_reason=self.deprecated_runtime_reason)
        if self.reserved_concurrency == 0 and not self.disabled_reason:
            yield Problem(
                "",
                "reserved_concurrency is 0",
                "Lambda then throttles every call",
                "reserve more, or set disabled_reason",
            )
