"""A function with SnapStart publishes versions, and uses nothing that SnapStart refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from analysis.budget.concurrency import Side
from analysis.plan import UNKNOWN, Resource
from modules.core.limits import LAMBDA_EPHEMERAL_STORAGE_MB
from modules.function.runtimes import RUNTIMES
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.concurrency import provisioned, side_of
from policies.shared.concurrency_samples import provisioned as provisioned_sample
from policies.shared.concurrency_samples import published
from policies.view import View

_VERSIONS = "PublishedVersions"
_MOST_STORAGE = LAMBDA_EPHEMERAL_STORAGE_MB.minimum  # Lambda guide, SnapStart: no more than the 512 MB of any function


def judge(view: View) -> Iterator[Verdict]:
    """Each function that has SnapStart, or may."""
    side = side_of(view)
    for entry in view.functions:
        applied = view.setting(entry, "snap_start.apply_on")
        if applied is not UNKNOWN and applied != _VERSIONS:
            continue
        wrong, doubts = _problems(view, side, entry)
        if wrong and applied is not UNKNOWN:
            yield failed(entry, "; ".join(wrong))
        elif wrong or doubts:
            parts = (["snap_start.apply_on"] if applied is UNKNOWN else []) + doubts
            yield unknown(
                entry, f"whether Lambda takes SnapStart for it cannot be told without knowing {' and '.join(parts)}"
            )
        else:
            yield passed(entry)


def _problems(view: View, side: Side, entry: Resource) -> tuple[list[str], list[str]]:
    """What SnapStart refuses of a function, and what cannot be told."""
    ready = provisioned(side, entry)
    wrong = [f"it has SnapStart and provisioned concurrency of {ready.most}"] if ready.most else []
    doubts = [ready.unknown] if ready.unknown and not ready.most else []
    for path, default, refused in _REFUSED:
        value = view.setting(entry, path, default)
        if value is UNKNOWN:
            doubts.append(path)
        elif text := refused(value):
            wrong.append(text)
    return wrong, doubts


def _publish(value: Any) -> str:
    return (
        "" if value is True else "it has SnapStart and publish is not true, so that there is no version to start from"
    )


def _storage(value: Any) -> str:
    return f"it has SnapStart and {value} MB of /tmp, more than {_MOST_STORAGE}" if int(value) > _MOST_STORAGE else ""


def _files(value: Any) -> str:
    return "it has SnapStart and mounts a file system" if value else ""


def _package(value: Any) -> str:
    return "it has SnapStart and is a container image" if value == "Image" else ""


def _runtime(value: Any) -> str:
    known = RUNTIMES.get(str(value))
    return f"it has SnapStart and {value} has none" if known is not None and not known.has_snap_start else ""


_REFUSED: tuple[tuple[str, Any, Callable[[Any], str]], ...] = (
    ("publish", False, _publish),
    ("file_system_config", [], _files),
    ("ephemeral_storage.size", _MOST_STORAGE, _storage),
    ("package_type", "Zip", _package),
    ("runtime", "", _runtime),
)
"""Attribute, AWS's default, and what is wrong with a value (Lambda guide, SnapStart)."""

_SNAP_START = {"snap_start": [{"apply_on": _VERSIONS}]}

POLICY = Policy(
    id="CKV2_LNET_406",
    title="Function with SnapStart publishes versions, and has nothing that SnapStart refuses",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Lambda refuses SnapStart beside provisioned concurrency, a file system, more than 512 MB of /tmp, container "
    "images and most runtimes; and without a published version it does nothing.",
    source="Lambda guide, improving startup performance with Lambda SnapStart",
    fix="Set publish = true, and take away SnapStart or what it refuses.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            function("passes_with_versions", publish=True, **_SNAP_START),
            function("fails_without_versions", **_SNAP_START),
            function("fails_with_storage", publish=True, ephemeral_storage=[{"size": 1024}], **_SNAP_START),
            function("fails_with_runtime", publish=True, runtime="python3.11", **_SNAP_START),
            function("unknown_then_passes_by_variable", publish=LATER.format("true"), **_SNAP_START),
            function("unknown_then_fails_by_variable", publish=LATER.format("false"), **_SNAP_START),
            function("without_snap_start", ephemeral_storage=[{"size": 1024}]),
        ),
        merged(
            published("fails_with_provisioned_concurrency", **_SNAP_START),
            provisioned_sample("ready", "fails_with_provisioned_concurrency"),
        ),
    ),
)
