"""Finds what differs between states and what they describe, several targets at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Event
from typing import Any, Protocol

from modules.core.errors import SuiteError
from rollout.domain.drift import DriftedAttribute, DriftedResource, DriftKind, TargetDrift
from rollout.domain.model import RunTarget
from rollout.domain.states import StateFound
from rollout.review.differences import covered, leaves
from rollout.review.masking import Mask, sensitive_texts
from rollout.running.in_parallel import Told, in_parallel


class Refreshing(Protocol):
    """Plans without a change: what differs from the state."""

    def document(self, target: RunTarget, root: bytes, *, interrupt: Event) -> Mapping[str, Any]:
        """Output of `terraform show -json` for a plan with `-refresh-only`.

        Raises:
            SuiteError: it cannot be made; its message holds no secret.
        """
        ...


def find_drift(
    targets: Iterable[RunTarget],
    refreshing: Refreshing,
    *,
    root_of: Callable[[RunTarget], bytes],
    state_of: Callable[[RunTarget], StateFound],
    workers: int,
    told: Told = lambda *_: None,
) -> tuple[TargetDrift, ...]:
    """What differs in each target, in their order. A target whose state is locked is not looked at: it is changing.

    Args:
        targets: what is looked at.
        refreshing: plans.
        root_of: the packed Terraform root of a target.
        state_of: whether a target has a state, and who holds its lock.
        workers: how many Terraform processes run at once.
        told: told how many targets are done, and of how many.
    """
    interrupt = Event()

    def looked_at(target: RunTarget) -> TargetDrift:
        try:
            state = state_of(target)
            if state.problem or state.lock is not None:
                return TargetDrift(target.name, problem=state.problem or _changing(target, state))
            if not state.exists:
                return TargetDrift(target.name, without_state=True)
            document = refreshing.document(target, root_of(target), interrupt=interrupt)
        except SuiteError as error:
            return TargetDrift(target.name, problem=" ".join(str(error).split()))
        return TargetDrift(target.name, tuple(drifted_in(document)))

    return in_parallel(looked_at, targets, workers=workers, told=told, interrupt=interrupt)


def _changing(target: RunTarget, state: StateFound) -> str:
    return (
        f"{target.name}: its state is locked ({state.lock}), so it changes at the moment; drift is told of a state "
        "that stays; wait until that run has ended"
    )


def drifted_in(document: Mapping[str, Any]) -> Iterator[DriftedResource]:
    """Resources that differ from the state, by address; sensitive values are covered.

    Attributes count that the configuration sets, and tags, which the provider sets too. The others are AWS's: such as
    the `policy` of an `aws_sns_topic`, which changes with the `aws_sns_topic_policy` that is applied after it.

    Args:
        document: output of `terraform show -json` for a plan with `-refresh-only`.
    """
    mask = Mask(sensitive_texts(document))
    configured = _configured(document)
    found = (raw for raw in document.get("resource_drift") or () if raw.get("mode") != "data")
    for raw in sorted(found, key=lambda raw: str(raw["address"])):
        change = raw.get("change") or {}
        actions = tuple(change.get("actions") or ())
        address = mask.text(str(raw["address"]))
        if actions == ("delete",):
            yield DriftedResource(address, DriftKind.DELETED)
        elif actions != ("no-op",):
            attributes = tuple(_attributes(change, mask, configured.get(_ADDRESS_INDEX.sub("", str(raw["address"])))))
            if attributes:
                yield DriftedResource(address, DriftKind.CHANGED, attributes)


_ADDRESS_INDEX = re.compile(r"\[[^\]]*\]$")
_TAGS = frozenset({"tags", "tags_all"})


def _configured(document: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """Attributes that the root's configuration sets, by address of the resource without its index."""
    resources = ((document.get("configuration") or {}).get("root_module") or {}).get("resources") or ()
    return {str(each["address"]): frozenset(each.get("expressions") or ()) | _TAGS for each in resources}


def _attributes(change: Mapping[str, Any], mask: Mask, configured: frozenset[str] | None) -> Iterator[DriftedAttribute]:
    for leaf in leaves(change, mask, lambda _: None):
        if configured is not None and leaf.path.partition(".")[0] not in configured:
            continue
        if [leaf.before] == leaf.after or leaf.before == [leaf.after]:
            continue  # in a policy, text and a list of it alone mean the same (IAM guide, grammar of policies)
        yield DriftedAttribute(leaf.path, covered(leaf.path, leaf.before), covered(leaf.path, leaf.after))
