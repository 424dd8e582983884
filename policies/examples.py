"""A small good and a small bad example of a policy, taken out of its samples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from analysis.plan import synthesized_plan
from analysis.quotas import CONCURRENT_EXECUTIONS, QuotaSnapshot
from policies.policy import Outcome, Policy
from policies.samples import ACCOUNT_ID, REGION
from policies.view import View

_PREFIXES = {Outcome.PASSED: "passes_", Outcome.FAILED: "fails_"}
_VERDICTS = ("passes_", "fails_", "unknown_")
_REFERENCE = re.compile(r"(?<![\w.])((?:data\.)?[a-z][\w-]*\.[A-Za-z_][\w-]*)")


@dataclass(frozen=True)
class Example:
    """A part of a sample.

    Attributes:
        address: the resource that the verdict is on.
        document: Terraform in JSON.
        message: what the policy says of it; empty where it passes.
    """

    address: str
    document: Mapping[str, Any]
    message: str


def example(policy: Policy, outcome: Outcome, *, today: date | None = None) -> Example | None:
    """The smallest part of the samples on which a policy says this, beginning at the first resource that is named so.

    Args:
        policy: whose samples are looked at.
        outcome: passed or failed.
        today: the day that it is judged on.

    Returns:
        None where no sample holds such a resource.
    """
    for sample in policy.samples:
        blocks = dict(_blocks(sample))
        focus = next((address for address in blocks if address.partition(".")[2].startswith(_PREFIXES[outcome])), None)
        if focus is None:
            continue
        for wanted in (_needed(blocks, focus), _around(blocks, focus), set(blocks)):
            document = _document({address: blocks[address] for address in blocks if address in wanted}, sample)
            if found := _judged(policy, document, focus, outcome, today or datetime.now(UTC).date()):
                return found
    return None


def _blocks(sample: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, named in sample.get(section, {}).items():
            for name, body in named.items():
                yield f"{prefix}{kind}.{name}", body


def _references(blocks: Mapping[str, Any], address: str) -> set[str]:
    return {name for name in _REFERENCE.findall(json.dumps(blocks[address])) if name in blocks and name != address}


def _needed(blocks: Mapping[str, Any], focus: str) -> set[str]:
    """The resource and all that it refers to."""
    found, left = {focus}, [focus]
    while left:
        new = _references(blocks, left.pop()) - found
        found |= new
        left += sorted(new)
    return found


def _around(blocks: Mapping[str, Any], focus: str) -> set[str]:
    """The resource, all that it is connected with, and nothing that another verdict is on."""
    others = {
        address for address in blocks if address.partition(".")[2].startswith(_VERDICTS) and address != focus
    } - _needed(blocks, focus)
    kept = {address: _references(blocks, address) for address in blocks if address not in others}
    connected = {address: {*named} for address, named in kept.items() if not named & others}
    for address, named in list(connected.items()):
        for name in named & connected.keys():
            connected[name].add(address)
    found, left = {focus}, [focus]
    while left:
        new = (connected.get(left.pop(), set()) & connected.keys()) - found
        found |= new
        left += sorted(new)
    return found


def _document(blocks: Mapping[str, Any], sample: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {key: value for key, value in sample.items() if key not in ("resource", "data")}
    for address, body in blocks.items():
        section, name = (
            ("data", address.removeprefix("data.")) if address.startswith("data.") else ("resource", address)
        )
        kind, _, name = name.partition(".")
        found.setdefault(section, {}).setdefault(kind, {})[name] = body
    return found


def _judged(policy: Policy, document: Mapping[str, Any], focus: str, outcome: Outcome, today: date) -> Example | None:
    plan = synthesized_plan({"provider": {"aws": [{"region": REGION}]}, **document}, policy.id)
    snapshot = QuotaSnapshot(account_id=ACCOUNT_ID, region=REGION, taken=today, quotas={CONCURRENT_EXECUTIONS: 1_000})
    quotas = {(ACCOUNT_ID, REGION): snapshot}
    for verdict in policy.judge(View(plan, today=today, quotas=quotas, account=ACCOUNT_ID, region=REGION)):
        if verdict.address == focus and verdict.outcome is outcome:
            return Example(focus, document, verdict.message)
    return None
