"""What several settings of a function rule out together, and what the target's AWS provider cannot write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.core.errors import Problem
from modules.core.provider_6 import needs_provider_6
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.function.alias_checks import alias_problems
from modules.function.environment import environment_problems
from modules.function.extensions import extension_environment, extension_problems, extension_region_problems
from modules.function.runtimes import RUNTIMES, lifecycle_problems, provider_problems
from modules.function.signing_config import CodeSigningConfig

if TYPE_CHECKING:
    from modules.function.config import FunctionConfig
    from modules.function.url_config import UrlConfig

_SNAP_START_STORAGE_MB = 512


def setting_problems(config: FunctionConfig) -> Iterator[Problem]:
    """Problems that several fields show together."""
    yield from environment_problems({**config.environment, **extension_environment(config)})
    if config.code.runtime:
        yield from lifecycle_problems(config.code.runtime, deprecated_reason=config.deprecated_runtime_reason)
    yield from _concurrency_problems(config)
    yield from _snap_start_problems(config)
    yield from _tenancy_problems(config)
    yield from alias_problems(config)
    yield from _image_problems(config)
    yield from extension_problems(config)
    yield from _url_problems(config)
    if config.resource_policy.form == "whole_document" and config.url is not None and _opens(config.url):
        yield Problem(
            "",
            'resource_policy.form is "whole_document" and url lets callers in by statements of their own',
            "the document removes every statement that it does not hold (aws_lambda_resource_policy)",
            "set resource_policy.form to statements",
        )
    if config.capacity_provider is not None and config.attachment.state != "detached":
        yield Problem(
            "",
            f'capacity_provider is set and attachment.state is "{config.attachment.state}"',
            "managed instances run in the capacity provider's subnets and security groups (Lambda guide)",
            "set attachment.state to detached",
        )
    if config.capacity_provider is not None and config.reserved_concurrency is not None:
        yield Problem(
            "",
            "capacity_provider is set and reserved_concurrency is a number",
            "managed instances scale by the capacity provider, not by the account's concurrency (Lambda guide)",
            "set reserved_concurrency to null, with unreserved_reason",
        )
    for service in sorted({name for name in config.aws_services if config.aws_services.count(name) > 1}):
        yield Problem("", f'aws_services holds "{service}" twice', "each service once", "remove one")


def _opens(url: UrlConfig) -> bool:
    return url.authorization == "NONE" or bool(url.principals)


def target_problems(config: FunctionConfig, target: Target) -> Iterator[Problem]:
    """Problems that show only together with the target."""
    if config.code.runtime:
        yield from provider_problems(config.code.runtime, target)
    yield from config.logging.target_checks(target)
    yield from (problem.within("attachment") for problem in config.attachment.target_checks(target))
    yield from config.role.target_checks(target)
    yield from config.resource_policy.target_checks(target)
    if config.url is not None:
        yield from config.url.target_checks(target)
    for given, argument in (
        ("durable", "durable_config"),
        ("tenancy", "tenancy_config"),
        ("capacity_provider", "capacity_provider_config"),
        ("source_kms_key_arn", "source_kms_key_arn"),
        ("publish_to", "publish_to"),
    ):
        if getattr(config, given):
            yield from needs_provider_6(target, f"{given} is set", f"aws_lambda_function.{argument}")
    yield from extension_region_problems(config, target)


def _concurrency_problems(config: FunctionConfig) -> Iterator[Problem]:
    if config.reserved_concurrency is None and not config.unreserved_reason:
        yield Problem(
            "",
            "reserved_concurrency is null",
            "the function may then use up what every other function of the account shares, and as many connections",
            "reserve some, or set unreserved_reason",
        )
    if config.reserved_concurrency is not None and config.unreserved_reason:
        yield Problem("", "unreserved_reason is set", "it belongs to reserved_concurrency null", "remove it")
    if config.reserved_concurrency == 0 and not config.disabled_reason:
        yield Problem(
            "",
            "reserved_concurrency is 0",
            "Lambda then throttles every call",
            "reserve more, or set disabled_reason",
        )


def _snap_start_problems(config: FunctionConfig) -> Iterator[Problem]:
    if config.snap_start == "None":
        return
    given = f'snap_start is "{config.snap_start}"'
    runtime = config.code.runtime
    if not runtime:
        yield Problem(
            "", f"{given} and code is a container image", "SnapStart takes managed runtimes (Lambda guide, SnapStart)",
            "package a zip, or remove snap_start",
        )  # fmt: skip
    elif not RUNTIMES[runtime].has_snap_start:
        family = [name for name, other in RUNTIMES.items() if other.has_snap_start]
        yield Problem(
            "", f'{given} and runtime is "{runtime}"',
            f"SnapStart takes {', '.join(family)} (Lambda guide, SnapStart)", "use one of them, or remove snap_start",
        )  # fmt: skip
    if not config.publishes:
        yield Problem(
            "", f"{given} and publish is false", "Lambda takes snapshots of published versions only (Lambda guide)",
            "set publish to true, or remove snap_start",
        )  # fmt: skip
    storage = config.ephemeral_storage_mb
    if not is_token(storage) and storage > _SNAP_START_STORAGE_MB:
        yield Problem(
            "", f"{given} and ephemeral_storage_mb is {storage}",
            f"SnapStart takes {_SNAP_START_STORAGE_MB} MB of /tmp at most (Lambda guide, SnapStart)",
            f"set it to {_SNAP_START_STORAGE_MB}, or remove snap_start",
        )  # fmt: skip
    if config.capacity_provider is not None:
        yield Problem(
            "", f"{given} and capacity_provider is set", "managed instances start from no snapshot (Lambda guide)",
            "remove one of them",
        )  # fmt: skip


def _tenancy_problems(config: FunctionConfig) -> Iterator[Problem]:
    if config.tenancy is None:
        return
    for field, is_set in (("url", config.url is not None), ("snap_start", config.snap_start != "None")):
        if is_set:
            yield Problem(
                "",
                f"tenancy and {field} are set",
                "a function with an environment for each tenant has no function URL, SnapStart or provisioned "
                "concurrency (Lambda guide, tenant isolation)",
                "remove one of them",
            )


def _image_problems(config: FunctionConfig) -> Iterator[Problem]:
    if config.code.runtime:
        return
    for field, is_set, why in (
        ("code_signing", config.code_signing != CodeSigningConfig(), "Lambda checks signatures of zip packages only"),
        ("runtime_management", config.runtime_management is not None, "an image brings its own runtime"),
        ("source_kms_key_arn", bool(config.source_kms_key_arn), "Amazon ECR encrypts an image"),
        ("deprecated_runtime_reason", bool(config.deprecated_runtime_reason), "an image brings its own runtime"),
    ):
        if is_set:
            yield Problem("", f"{field} is set and code is a container image", why, f"remove {field}")


def _url_problems(config: FunctionConfig) -> Iterator[Problem]:
    if config.url is not None and config.url.invoke_mode == "RESPONSE_STREAM" and config.attachment.state == "attached":
        yield Problem(
            "",
            'url.invoke_mode is "RESPONSE_STREAM"',
            "a function in a VPC streams no response through its URL (Lambda guide, response streaming)",
            "use BUFFERED, or let callers call InvokeWithResponseStream through the VPC endpoint lambda",
        )
