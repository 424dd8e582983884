"""Versions that nothing names any more, deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from modules.core.errors import ConfigError, Problem
from rollout.readback.check import Clients, pages
from rollout.refusals import error_code
from rollout.release.aws import asking
from rollout.release.errors import ReleaseError
from rollout.release.functions import published_versions, read_alias
from rollout.release.groups import read_group
from rollout.release.model import Observer, Silent
from rollout.release.rolling_back import version_before
from rollout.release.target import ReleaseTarget


@dataclass(frozen=True)
class PrunePlan:
    """What would be deleted of one function.

    Attributes:
        function_name: name of the function.
        kept: why each version that stays does.
        deleted: versions that go, oldest first.
    """

    function_name: str
    kept: dict[int, tuple[str, ...]] = field(default_factory=dict)
    deleted: tuple[int, ...] = ()


def plan_prune(clients: Clients, targets: Sequence[ReleaseTarget], *, keep: int) -> list[PrunePlan]:
    """Which versions of these functions would be deleted.

    A version stays when it is one of the newest, when an alias, provisioned concurrency, an asynchronous
    configuration, an event source or an active deployment names it, and when a rollback would go back to it.

    Args:
        clients: service name to boto3 client.
        targets: the aliases whose functions are looked at.
        keep: how many of the newest versions stay whatever names them; at least 1.

    Raises:
        ConfigError: `keep` is less than 1.
        ReleaseError: AWS refused a request.
    """
    if keep < 1:
        raise ConfigError(
            [Problem("release prune", f"--keep is {keep}", "at least the newest version stays", "keep 1 or more")]
        )
    functions = dict.fromkeys(target.function_name for target in targets)
    return [
        _planned(clients, name, [target for target in targets if target.function_name == name], keep)
        for name in functions
    ]


def prune(
    clients: Clients, targets: Sequence[ReleaseTarget], *, keep: int, observer: Observer | None = None
) -> list[PrunePlan]:
    """Delete the versions that `plan_prune` names, and return what was deleted.

    Raises:
        ConfigError: as `plan_prune`.
        ReleaseError: Lambda refused to delete at least one; the others are gone.
    """
    plans, refused = plan_prune(clients, targets, keep=keep), list[str]()
    told = observer or Silent()
    for planned in plans:
        for done, version in enumerate(planned.deleted, start=1):
            try:
                with asking(planned.function_name, "see what needs that version, and run the command again"):
                    _delete(clients, planned.function_name, version)
            except ReleaseError as error:
                refused.append(f"version {version} of {error}")
            told.progressed(planned.function_name, 100 * done / len(planned.deleted), f"version {version}")
    if refused:
        raise ReleaseError("\n".join(refused))
    return plans


def _delete(clients: Clients, function_name: str, version: int) -> None:
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    try:
        # Without a qualifier the whole function would go: it is a number, and never empty.
        client.delete_function(FunctionName=function_name, Qualifier=f"{version:d}")
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise


def _planned(clients: Clients, function_name: str, targets: Sequence[ReleaseTarget], keep: int) -> PrunePlan:
    with asking(function_name):
        versions = published_versions(clients, function_name)
        reasons: dict[int, list[str]] = {}
        for version, reason in _reasons(clients, function_name, targets, versions):
            reasons.setdefault(version, []).append(reason)
    for version in versions[-keep:]:
        reasons.setdefault(version, []).append("newest" if keep == 1 else f"one of the newest {keep}")
    kept = {version: tuple(reasons[version]) for version in versions if version in reasons}
    return PrunePlan(function_name, kept, tuple(version for version in versions if version not in kept))


def _reasons(
    clients: Clients, function_name: str, targets: Sequence[ReleaseTarget], versions: Sequence[int]
) -> Iterator[tuple[int, str]]:
    client = clients("lambda")
    for alias in pages(client, "list_aliases", "Aliases", FunctionName=function_name):
        weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        for named in (alias["FunctionVersion"], *weights):
            yield from _numbered(named, f"alias {alias['Name']}")
    for operation, key, what in (
        ("list_provisioned_concurrency_configs", "ProvisionedConcurrencyConfigs", "provisioned concurrency"),
        ("list_function_event_invoke_configs", "FunctionEventInvokeConfigs", "asynchronous configuration"),
    ):
        for found in pages(client, operation, key, FunctionName=function_name):
            yield from _numbered(_qualifier(found["FunctionArn"]), what)
    # Asked for a function, Lambda lists the event sources of the unqualified function only.
    for found in pages(client, "list_event_source_mappings", "EventSourceMappings"):
        arn = found.get("FunctionArn", "")
        if f":function:{function_name}:" in arn:
            yield from _numbered(_qualifier(arn), f"event source {found['UUID']}")
    for target in targets:
        yield from _released(clients, target, versions)


def _released(clients: Clients, target: ReleaseTarget, versions: Sequence[int]) -> Iterator[tuple[int, str]]:
    alias, group = read_alias(clients, target), read_group(clients, target)
    if group.active is not None and group.active.revision is not None:
        for named in (group.active.revision.current_version, group.active.revision.target_version):
            yield from _numbered(named, f"deployment {group.active.deployment_id}")
    if alias.version.isdigit() and (before := version_before(clients, target, alias, group, versions)) is not None:
        yield before, f"rollback of {target.alias}"


def _numbered(named: str, reason: str) -> Iterator[tuple[int, str]]:
    if named.isdigit():
        yield int(named), reason


def _qualifier(arn: str) -> str:
    """What stands after the function's name in an ARN; empty for the unqualified function."""
    return arn.split(":function:", 1)[-1].partition(":")[2]
