"""Whatever of the demo target is not known, no policy guesses: what passed passes or is unknown, nothing else fails.

One value of each kind is made unknown, a few at a time: what it was is among what it may be.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.plan import synthesized_plan
from policies.catalogue import catalogue
from policies.policy import Outcome, Verdict
from policies.view import View

pytestmark = pytest.mark.synth
AT_A_TIME = 4
NO_VALUES = frozenset({"//", "depends_on", "lifecycle"})
Path_ = tuple[str | int, ...]
Verdicts = Mapping[tuple[str, str], Verdict]


def values(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Paths of all values below a resource; a block is none."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name not in NO_VALUES:
                is_block = isinstance(inner, dict) or (isinstance(inner, list) and inner and isinstance(inner[0], dict))
                yield from values(inner, (*path, name)) if is_block else [(*path, name)]
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from values(inner, (*path, index))


def one_of_each_kind(resources: Mapping[str, Any]) -> list[Path_]:
    """One value for each attribute of each type of resource."""
    found: dict[Path_, Path_] = {}
    for path in values(resources):
        found.setdefault((path[0], *(part for part in path[2:] if isinstance(part, str))), path)
    return list(found.values())


def judged(document: Mapping[str, Any]) -> Verdicts:
    view = View(synthesized_plan(document), today=date(2026, 11, 21), account="123456789012", region="us-east-1")
    return {(policy.id, verdict.address): verdict for policy in catalogue() for verdict in policy.judge(view)}


def with_unknown(document: Mapping[str, Any], paths: list[Path_]) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for path in paths:
        node = changed["resource"]
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] = "${var.unknown}"
    return changed


def test_no_policy_guesses(stack: Path) -> None:
    document = json.loads((stack / "cdk.tf.json").read_bytes())
    known, paths = judged(document), one_of_each_kind(document["resource"])
    wrong = list[str]()
    for begin in range(0, len(paths), AT_A_TIME):
        chosen = paths[begin : begin + AT_A_TIME]
        for key, verdict in judged(with_unknown(document, chosen)).items():
            before = known[key].outcome if key in known else Outcome.PASSED
            if Outcome.UNKNOWN not in (before, verdict.outcome) and verdict.outcome is not before:
                wrong.append(f"{key[0]} {before} -> {verdict.outcome}: {verdict.address}: {verdict.message}; {chosen}")

    assert len(paths) > len(known)
    assert wrong == [], "\n".join(wrong)
