"""What extensions of a function bring with them: layers, variables, statements, ways, and what they rule out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.core.errors import Problem
from modules.core.statements import Condition, Statement
from modules.core.target import Target
from modules.function.insights_config import INSIGHTS_LOG_GROUP
from modules.function.telemetry_config import SIGNALS_LOG_GROUP, TelemetryConfig

if TYPE_CHECKING:
    from modules.function.config import FunctionConfig

_EXTENSIONS = ("secrets_extension", "insights", "telemetry")
_OS_ONLY = ("provided", "go1.x")
_WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")


def extension_layers(config: FunctionConfig) -> tuple[str, ...]:
    """ARNs of the layers that extensions come in."""
    return tuple(
        extension.layer_version_arn for extension in (getattr(config, name) for name in _EXTENSIONS) if extension
    )


def extension_environment(config: FunctionConfig) -> dict[str, str]:
    """Variables that extensions read."""
    return {
        **(config.secrets_extension.environment if config.secrets_extension else {}),
        **(config.telemetry.environment if config.telemetry else {}),
    }


def extension_services(config: FunctionConfig) -> tuple[str, ...]:
    """AWS services that extensions call from the function's own network."""
    found: set[str] = set()
    if config.insights is not None:
        found.add("logs")
    if config.telemetry is not None:
        found |= {"logs"} if config.telemetry.application_signals else set()
        found |= set() if config.telemetry.otlp_endpoint else {"xray"}
    return tuple(sorted(found))


def extension_statements(config: FunctionConfig, target: Target) -> tuple[Statement, ...]:
    """What extensions write besides the function's own logs and traces, one log group each."""
    found: list[Statement] = []
    if config.insights is not None:
        found += _log_group("Insights", INSIGHTS_LOG_GROUP, target, is_made=not config.insights.log_group_exists)
    if config.telemetry is not None and config.telemetry.application_signals:
        made = not config.telemetry.log_group_exists
        found += _log_group("ApplicationSignals", SIGNALS_LOG_GROUP, target, is_made=made)
    if config.telemetry is not None and config.telemetry.otlp_endpoint == "":
        in_region = Condition("StringEquals", "aws:RequestedRegion", (target.region,))
        rules = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
        found.append(Statement("ReadSamplingRules", rules, ("*",), conditions=(in_region,)))
    return tuple(found)


def _log_group(word: str, name: str, target: Target, *, is_made: bool) -> list[Statement]:
    arn = target.arn("logs", f"log-group:{name}")
    write = Statement(f"Write{word}", _WRITE, (f"{arn}:*",))
    make = Statement(f"Make{word}LogGroup", ("logs:CreateLogGroup",), (arn, f"{arn}:*"))
    return [write, make] if is_made else [write]


def extension_problems(config: FunctionConfig) -> Iterator[Problem]:
    """What extensions and the rest of the configuration rule out together."""
    if not config.code.runtime:
        for name in _EXTENSIONS:
            if getattr(config, name) is not None:
                given = f"{name} is set and code is a container image"
                yield Problem("", given, "an image takes no layers", f"remove {name}")
        return
    for name in ("secrets_extension", "insights"):
        yield from _architecture_problems(config, name)
    if config.telemetry is not None:
        yield from _telemetry_problems(config, config.telemetry)
    for name in _EXTENSIONS:
        set_by_it = getattr(getattr(config, name), "environment", {})
        for variable in sorted(config.environment.keys() & set_by_it.keys()):
            yield Problem("", f'environment holds "{variable}"', f"{name} sets it", "remove it from environment")
    yield from _log_group_problems(config)


def _architecture_problems(config: FunctionConfig, name: str) -> Iterator[Problem]:
    extension = getattr(config, name)
    if extension is not None and extension.is_for_arm64 != (config.code.architecture == "arm64"):
        yield Problem(
            "",
            f'{name}.layer_version_arn is "{extension.layer_version_arn}" and the architecture is '
            f"{config.code.architecture}",
            "the layer's programs are built for one architecture; -Arm64 is that of arm64",
            "copy the ARN for the architecture",
        )


def _telemetry_problems(config: FunctionConfig, telemetry: TelemetryConfig) -> Iterator[Problem]:
    runtime, shown = config.code.runtime or "", f'telemetry.layer_version_arn names "{telemetry.layer_name}"'
    if telemetry.family and not runtime.startswith(telemetry.family):
        yield Problem(
            "",
            f'{shown} and runtime is "{runtime}"',
            f"the layer instruments {telemetry.family} (ADOT guide)",
            "use the layer for the runtime",
        )
    if telemetry.architecture and telemetry.architecture != config.code.architecture:
        yield Problem(
            "",
            f"{shown} and the architecture is {config.code.architecture}",
            f"the layer was built for {telemetry.architecture} (ADOT guide)",
            "use the layer for the architecture",
        )
    if telemetry.exec_wrapper and runtime.startswith(_OS_ONLY):
        yield Problem(
            "",
            f'telemetry starts the runtime by "{telemetry.exec_wrapper}" and runtime is "{runtime}"',
            "Lambda runs no wrapper on runtimes that hold an operating system only (Lambda guide, wrapper scripts)",
            "instrument the code, and set telemetry.wrapper to none",
        )


def _log_group_problems(config: FunctionConfig) -> Iterator[Problem]:
    """The managed policy comes with a Deny of making log groups, which an Allow cannot lift."""
    if config.role.eni_permissions != "managed_policy" or config.attachment.state == "detached":
        return
    signals = config.telemetry if config.telemetry is not None and config.telemetry.application_signals else None
    for name, extension, group in (
        ("insights", config.insights, INSIGHTS_LOG_GROUP), ("telemetry", signals, SIGNALS_LOG_GROUP),
    ):  # fmt: skip
        if extension is not None and not extension.log_group_exists:
            yield Problem(
                "",
                f'{name}.log_group_exists is false and role.eni_permissions is "managed_policy"',
                f"that policy comes with a Deny of making log groups, and the extension would make {group}",
                f"make that log group and set {name}.log_group_exists, or set role.eni_permissions to scoped",
            )


def extension_region_problems(config: FunctionConfig, target: Target) -> Iterator[Problem]:
    """Layers of extensions lie in the function's region."""
    for name in _EXTENSIONS:
        extension = getattr(config, name)
        if extension is not None and f":lambda:{target.region}:" not in extension.layer_version_arn:
            yield Problem(
                "",
                f'{name}.layer_version_arn is "{extension.layer_version_arn}"',
                f"a layer lies in the function's region, {target.region} (Lambda guide, layers)",
                "copy the ARN for that region",
            )
