"""Configuration of a VPC-attached Lambda function."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text, Within
from modules.core.target import Target
from modules.function.environment import environment_problems
from modules.function.runtimes import AS_OF, RUNTIMES
from modules.observability import AlarmsConfig

ARCHITECTURES = ("arm64", "x86_64")
"""Instruction sets; arm64 costs 20 percent less per GB-second (AWS Lambda pricing)."""


class CodeConfig(ConfigModel):
    """A Python source folder, packaged at synth with its pinned dependencies for the function's architecture."""

    source: Path = Field(description="Folder with the handler; relative paths start at the working directory.")
    handler: Annotated[
        str,
        Matching(
            r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", "a handler reads like module.function, 128 characters at most",
            "correct it", 128, literal=True,
        ),
    ] = Field(default="handler.handler", description="module.function that Lambda calls.")  # fmt: skip
    requirements: Path | None = Field(
        default=None, description="Lock file with hashes, in pip's format; its wheels are packaged with the source."
    )
    runtime: Annotated[str, OneOf(tuple(RUNTIMES), "a Python runtime", literal=True)] = Field(
        default="python3.13", description="Lambda runtime."
    )
    architecture: Annotated[str, OneOf(ARCHITECTURES, "an architecture", literal=True)] = Field(
        default="arm64", description="Instruction set."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """The runtime is not deprecated."""
        runtime = RUNTIMES[self.runtime]
        if runtime.is_deprecated:
            yield Problem(
                "",
                f'runtime is "{self.runtime}"',
                f"AWS deprecated it on {runtime.deprecated_on} (table of {AS_OF})",
                "use python3.13",
            )


class LoggingConfig(ConfigModel):
    """JSON logs in a log group of the function's own."""

    retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    application_level: Annotated[
        str, OneOf(("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"), "an application log level")
    ] = Field(default="INFO", description="Least level that the code's records need (Lambda API).")
    system_level: Annotated[str, OneOf(("DEBUG", "INFO", "WARN"), "a system log level")] = Field(
        default="INFO", description="Least level that Lambda's own records need (Lambda API)."
    )


class AsynchronousConfig(ConfigModel):
    """What happens to events that fail when nobody waits for the answer; they end in a dead-letter queue."""

    max_event_age_seconds: Annotated[int, Within(limits.LAMBDA_ASYNC_EVENT_AGE_SECONDS)] = Field(
        default=3_600, description="Age at which an event is given up, in seconds. 60 to 21600 (Lambda API)."
    )
    max_retries: Annotated[int, Within(limits.LAMBDA_ASYNC_RETRIES)] = Field(
        default=2, description="Retries after the first attempt. 0 to 2 (Lambda API)."
    )
    dead_letter_retention_seconds: Annotated[int, Within(limits.SQS_RETENTION_SECONDS)] = Field(
        default=1_209_600, description="How long the dead-letter queue keeps an event, in seconds (SQS)."
    )


class CodeSigningConfig(ConfigModel):
    """Which signatures Lambda accepts on the function's code."""

    untrusted_artifact: Annotated[str, OneOf(("Warn", "Enforce"), "untrusted_artifact")] = Field(
        default="Warn",
        description="Warn deploys unsigned code and counts it in SignatureValidationErrors; Enforce refuses it.",
    )
    signing_profile_version_arns: tuple[
        Annotated[
            str,
            Matching(
                rf"arn:aws(?:-cn|-us-gov)?:signer:{limits.REGION}:\d{{12}}:/signing-profiles/\w{{2,64}}/[A-Za-z0-9]{{10}}",
                "a signing profile version's ARN names region, account, profile and version",
                "copy it from AWS Signer",
            ),
        ],
        ...,
    ] = Field(default=(), description="Trusted publishers, at most 20; empty makes a profile for this function.")

    def cross_checks(self) -> Iterator[Problem]:
        """Each publisher once, and at most as many as Lambda takes."""
        arns = self.signing_profile_version_arns
        for arn in sorted({arn for arn in arns if arns.count(arn) > 1}):
            yield Problem("", f'signing_profile_version_arns holds "{arn}" twice', "each publisher once", "remove one")
        if len(arns) > _MAX_PUBLISHERS:
            given = f"signing_profile_version_arns has {len(arns)} entries"
            yield Problem("", given, "Lambda takes 20 (Lambda API)", "remove some")


class FunctionAlarmsConfig(AlarmsConfig):
    """Alarms of a function, with the thresholds that depend on it."""

    errors_per_minute: Annotated[
        int, Within(limits.Range(0, 1_000_000, "errors a minute", "the errors alarm", "our bound"))
    ] = Field(default=0, description="Errors a minute that are still normal.")
    duration_percent_of_timeout: Annotated[
        int, Within(limits.Range(1, 100, "percent", "the duration alarm", "a share of the timeout"), literal=True)
    ] = Field(default=80, description="Share of the timeout that the 90th percentile of duration may reach.")
    concurrency_percent_of_reserved: Annotated[
        int,
        Within(
            limits.Range(1, 100, "percent", "the concurrency alarm", "a share of reserved concurrency"), literal=True
        ),
    ] = Field(default=90, description="Share of reserved concurrency that may be in use.")


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
        runtime = RUNTIMES[self.code.runtime]
        if runtime.lowest_provider > _LOWEST_PROVIDER and target.allows_provider_5:
            yield Problem(
                "",
                f'runtime is "{runtime.name}"',
                f"AWS provider 5 does not know it, and the target allows {target.aws_provider_version}",
                'use python3.13, or set the target\'s aws_provider_version to ">= 6.20, < 7"',
            )

    def cross_checks(self) -> Iterator[Problem]:
        """Environment variables, and a reason for a function that never runs."""
        yield from environment_problems(self.environment)
        if self.reserved_concurrency == 0 and not self.disabled_reason:
            yield Problem(
                "",
                "reserved_concurrency is 0",
                "Lambda then throttles every call",
                "reserve more, or set disabled_reason",
            )


_MAX_PUBLISHERS = 20
_LOWEST_PROVIDER = 5
