"""Where a function's logs go: a log group of its own, an adopted one, or somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, field

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunctionLoggingConfig
from constructs import Construct

from modules.core.context import target_of
from modules.function.logging_config import LoggingConfig
from modules.key import KeyBase
from modules.observability import LogGroup


@dataclass(frozen=True)
class FunctionLogs:
    """Logs of a function.

    Attributes:
        group_arn: ARN of the log group.
        group_name: its name, as a token if the stack makes it.
        config: the function resource's `logging_config`.
        format: `JSON` or `Text`.
        log_group_class: `STANDARD` or `INFREQUENT_ACCESS`; empty where somebody else manages the group.
        filters: names of the subscription and metric filters that were added to the group here, by kind.
    """

    group_arn: str
    group_name: str
    config: LambdaFunctionLoggingConfig
    format: str = "JSON"
    log_group_class: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)


def function_logs(scope: Construct, *, config: LoggingConfig, function_name: str, key: KeyBase) -> FunctionLogs:
    """The log group of a function, as construct `logs` of `scope`, and what the function resource says about it."""
    if config.existing_log_group:
        name = config.existing_log_group
        arn = target_of(scope).arn("logs", f"log-group:{name}")
        return FunctionLogs(arn, name, _logging(config, name), config.format)
    group = LogGroup(
        scope,
        "logs",
        name=config.log_group_name or f"/aws/lambda/{function_name}",
        retention_days=config.retention_days,
        key=key,
        log_group_class=None if config.log_group_class == "STANDARD" else config.log_group_class,
        skip_destroy=config.removal == "keep",
        adopt_existing=config.adopt_existing,
    )
    if config.deletion_protection:
        group.resource.add_override("deletion_protection_enabled", True)  # noqa: FBT003  # what the argument takes
    return FunctionLogs(group.arn, group.name, _logging(config, group.name), config.format, config.log_group_class)


def _logging(config: LoggingConfig, group_name: str) -> LambdaFunctionLoggingConfig:
    is_json = config.format == "JSON"
    return LambdaFunctionLoggingConfig(
        log_format=config.format,
        log_group=group_name,
        application_log_level=config.application_level if is_json else None,
        system_log_level=config.system_level if is_json else None,
    )
