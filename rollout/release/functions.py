"""What Lambda says: where an alias points, which versions exist, and how two of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rollout.readback.check import Clients, pages
from rollout.refusals import error_code
from rollout.release.errors import ReleaseError
from rollout.release.target import ReleaseTarget

LATEST = "$LATEST"
"""The unpublished version."""

_SAME_FOR_BOTH = {"Role": "execution role", "DeadLetterConfig": "dead-letter queue"}
"""What both versions of an alias with weights must share (Lambda guide, weighted aliases)."""

_NOT_COMPARED = frozenset(
    {
        "CodeSize", "ConfigSha256", "FunctionArn", "FunctionName", "LastModified", "LastUpdateStatus",
        "LastUpdateStatusReason", "LastUpdateStatusReasonCode", "MasterArn", "ResponseMetadata", "RevisionId",
        "RuntimeVersionConfig", "SigningJobArn", "State", "StateReason", "StateReasonCode", "Version",
    }
)  # fmt: skip
_SHOWN_AS_VALUES = (str, int, bool)
_HASH_CHARACTERS = 12


@dataclass(frozen=True)
class AliasState:
    """An alias as it is now.

    Attributes:
        version: the version it points to; `$LATEST` is possible.
        weights: share of the traffic, from 0 to 1, that goes to another version instead.
        revision_id: changes with every change of the alias.
    """

    version: str
    weights: Mapping[str, float]
    revision_id: str = ""

    def is_at(self, version: int | str) -> bool:
        """Whether all traffic goes to that version."""
        return self.version == str(version) and not self.weights

    def share_of(self, version: str) -> float:
        """Share of the traffic, from 0 to 1, that a version has."""
        return 1.0 - sum(self.weights.values()) if self.version == version else self.weights.get(version, 0.0)


@dataclass(frozen=True)
class VersionState:
    """A version as it is now.

    Attributes:
        number: version number; None for `$LATEST`.
        code_sha256: hash of its package, as Lambda tells it.
        state: `Pending`, `Active`, `Inactive` or `Failed`.
        state_reason: why, in Lambda's words; empty when it says nothing.
        configuration: everything Lambda tells of it.
    """

    number: int | None
    code_sha256: str
    state: str
    state_reason: str
    configuration: Mapping[str, Any]


def read_alias(clients: Clients, target: ReleaseTarget) -> AliasState:
    """Where the alias points.

    Raises:
        ReleaseError: function or alias do not exist.
    """
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    try:
        found = client.get_alias(FunctionName=target.function_name, Name=target.alias)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise ReleaseError(
            f"{target.name}: the function has no such alias; the stack makes both; apply the stack first, in the "
            "account and region that the credentials are for"
        ) from error
    weights = (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return AliasState(found["FunctionVersion"], dict(weights), found.get("RevisionId", ""))


def published_versions(clients: Clients, function_name: str) -> tuple[int, ...]:
    """The numbers of every published version, oldest first."""
    listed = pages(clients("lambda"), "list_versions_by_function", "Versions", FunctionName=function_name)
    return tuple(sorted(int(version["Version"]) for version in listed if version["Version"] != LATEST))


def read_version(clients: Clients, function_name: str, version: int | None) -> VersionState:
    """One published version, or `$LATEST` for None."""
    client: Any = clients("lambda")  # Any: as above
    qualifier = {} if version is None else {"Qualifier": str(version)}
    found = client.get_function_configuration(FunctionName=function_name, **qualifier)
    return VersionState(
        version, found.get("CodeSha256", ""), found.get("State", ""), found.get("StateReason", ""), found
    )


def differences(before: VersionState, after: VersionState) -> tuple[str, ...]:
    """How two versions differ, one line each; values of environment variables are not shown."""
    old, new = before.configuration, after.configuration
    return tuple(
        line
        for name in sorted((old.keys() | new.keys()) - _NOT_COMPARED)
        if _compared(name, old.get(name)) != _compared(name, new.get(name))
        for line in _lines(name, old.get(name), new.get(name))
    )


def not_shared(before: VersionState, after: VersionState) -> tuple[str, ...]:
    """What traffic cannot be divided between, by name: both versions would have to have the same."""
    old, new = before.configuration, after.configuration
    return tuple(what for name, what in _SAME_FOR_BOTH.items() if (old.get(name) or {}) != (new.get(name) or {}))


def _compared(name: str, value: Any) -> Any:
    if name == "SnapStart":  # optimized for published versions only
        return (value or {}).get("ApplyOn", "None")
    return value or None


def _lines(name: str, old: Any, new: Any) -> list[str]:
    if name == "CodeSha256":
        return [f"code {str(old)[:_HASH_CHARACTERS]} → {str(new)[:_HASH_CHARACTERS]}"]
    if name == "Environment":
        return _variables((old or {}).get("Variables") or {}, (new or {}).get("Variables") or {})
    if all(value is None or isinstance(value, _SHOWN_AS_VALUES) for value in (old, new)):
        return [f"{name} {_shown(old)} → {_shown(new)}"]
    return [f"{name} changed"]


def _variables(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    def change(name: str) -> str:
        if name not in old:
            return "added"
        return "changed" if name in new else "removed"

    return [
        f"environment variable {name} {change(name)}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)
