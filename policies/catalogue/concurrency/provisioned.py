"""Provisioned concurrency is part of what the function reserves, and belongs to a published version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.budget.callables import ALIAS, LATEST
from analysis.budget.concurrency import Side
from analysis.budget.provisions import Provision
from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged
from policies.shared.concurrency import PROVISIONED_CONFIG, SCALING_TARGET, provisioned, reserved, side_of
from policies.shared.concurrency_samples import provisioned as provisioned_sample
from policies.shared.concurrency_samples import published, scaled
from policies.view import View

_WEIGHTS = "routing_config.additional_version_weights"


def judge(view: View) -> Iterator[Verdict]:
    """Each resource that provisions, by its version and by the sum of its function."""
    side = side_of(view)
    for entry in side.provisions:
        if entry.resource.type in {PROVISIONED_CONFIG, SCALING_TARGET} and entry.count != 0:
            yield _verdict(view, side, entry)


def _verdict(view: View, side: Side, entry: Provision) -> Verdict:
    wrong, doubts = list[str](), list[str]()
    if entry.named.function is None:
        doubts.append(entry.named.unknown or f"what {entry.named.name}, which is no resource of the plan, reserves")
    else:
        _sum(view, side, entry.named.function, wrong, doubts)
    _version(view, side, entry, wrong, doubts)
    if wrong:
        return failed(entry.resource, "; ".join(wrong))
    if doubts:
        missing = " and ".join(dict.fromkeys(doubts))
        return unknown(
            entry.resource, f"whether Lambda takes its provisioned concurrency cannot be told without knowing {missing}"
        )
    return passed(entry.resource)


def _sum(view: View, side: Side, called: Resource, wrong: list[str], doubts: list[str]) -> None:
    bound, ready = reserved(view, called), provisioned(side, called)
    if bound is None:
        return
    if bound is UNKNOWN:
        doubts.append(f"reserved_concurrent_executions of {called}")
    elif ready.most > bound:
        wrong.append(
            f"provisioned concurrency of {called} is {ready.most} in all, and it reserves {bound}, so that Lambda "
            "refuses it"
        )
    elif ready.unknown:
        doubts.append(ready.unknown)


def _version(view: View, side: Side, entry: Provision, wrong: list[str], doubts: list[str]) -> None:
    """Whether it names a version that is published."""
    alias = _alias(view, side, entry)
    if alias is None:
        answer = _is_latest(view, entry.resource, "qualifier") if entry.resource.type == PROVISIONED_CONFIG else None
        is_latest: Any = True if entry.qualifier == LATEST else answer
    else:
        is_latest = _is_latest(view, alias, "function_version")
        weights = view.setting(alias, _WEIGHTS)
        if weights is UNKNOWN:
            doubts.append(f"routing_config of {alias}")
        elif weights:
            wrong.append(
                f"{alias} shares its traffic between two versions, and Lambda refuses provisioned concurrency for it"
            )
    if is_latest is True:
        what = "it is for" if alias is None else f"the version of {alias} is"
        wrong.append(f"{what} {LATEST}, and Lambda keeps only published versions ready")
    elif is_latest is UNKNOWN:
        doubts.append(f"the version that {alias or entry.resource} names")


def _is_latest(view: View, entry: Resource, path: str) -> Any:
    """Whether an attribute names `$LATEST`: true, false, or UNKNOWN."""
    value = view.setting(entry, path)
    if value is not UNKNOWN:
        return value == LATEST
    links = view.plan.links(entry, path)
    versions = [source for source, attribute in links.sources if attribute == "version"]
    if len(versions) == 1 and len(links.sources) == 1 and versions[0].type == "aws_lambda_function":
        published_setting = view.setting(versions[0], "publish", default=False)
        return UNKNOWN if published_setting is UNKNOWN else published_setting is not True
    if any(source.type == ALIAS for source, _ in links.sources):
        return False
    return UNKNOWN


def _alias(view: View, side: Side, entry: Provision) -> Resource | None:
    if entry.named.alias is not None:
        return entry.named.alias
    if entry.resource.type == PROVISIONED_CONFIG:
        found = view.plan.links(entry.resource, "qualifier", ALIAS).only
        if found is not None:
            return found
    return side.callables.alias(entry.named.function, entry.qualifier)


POLICY = Policy(
    id="CKV2_LNET_405",
    title="Provisioned concurrency is within what the function reserves, and for a published version",
    severity=Severity.MEDIUM,
    types=(PROVISIONED_CONFIG, SCALING_TARGET),
    why="Lambda refuses provisioned concurrency beyond the reservation of its function, for $LATEST, and for an alias "
    "that shares its traffic, so that the apply fails half way.",
    source="Lambda guide, configuring provisioned concurrency for a function",
    fix="Publish versions (publish = true), name an alias, and reserve at least what is provisioned.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            published("within", reserved_concurrent_executions=10),
            provisioned_sample("passes_within_reservation", "within", 10),
            scaled("passes_when_scaled", "within", 8),
            published("beyond", reserved_concurrent_executions=2),
            provisioned_sample("fails_beyond_reservation", "beyond", 5),
            published("open", reserved_concurrent_executions=10),
            provisioned_sample("unknown_then_fails_by_variable", "open", LATER.format("large")),
            published("small", reserved_concurrent_executions=10),
            provisioned_sample("unknown_then_passes_by_variable", "small", LATER.format("small")),
        ),
        merged(
            published("unpublished", publish=False),
            provisioned_sample("fails_without_version", "unpublished"),
            provisioned_sample("fails_on_latest", "unpublished", qualifier=LATEST),
        ),
    ),
)
