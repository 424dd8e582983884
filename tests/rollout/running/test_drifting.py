"""Drift of many targets, without Terraform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest

from modules.core.errors import PlanError
from rollout.domain.drift import DriftedAttribute, DriftedResource, DriftKind, TargetDrift
from rollout.domain.model import RunTarget
from rollout.domain.states import StateFound, StateLock, state_place
from rollout.running.drifting import drifted_in, find_drift
from tests.modules.core.test_target import target

SECRET = "hunter2-hunter2"


def changed(address: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    actions = ["delete"] if after is None else ["update"]
    return {
        "address": address,
        "mode": "managed",
        "change": {"actions": actions, "before": before, "after": after} | more,
    }


def document(*drift: dict[str, Any]) -> dict[str, Any]:
    return {"format_version": "1.2", "resource_drift": list(drift)}


def test_what_differs_is_told_by_attribute() -> None:
    found = tuple(
        drifted_in(
            document(
                changed("aws_sqs_queue.orders", {"delay_seconds": 0, "name": "a"}, {"delay_seconds": 5, "name": "a"}),
                changed("aws_kms_key.key", {"id": "k"}, None),
            )
        )
    )
    assert found == (
        DriftedResource("aws_kms_key.key", DriftKind.DELETED),
        DriftedResource("aws_sqs_queue.orders", DriftKind.CHANGED, (DriftedAttribute("delay_seconds", "0", "5"),)),
    )


def test_a_list_of_one_in_a_policy_is_the_same_as_its_member() -> None:
    def policy(resource: Any, action: Any) -> dict[str, Any]:
        return {"policy": json.dumps({"Statement": [{"Resource": resource, "Action": action}]})}

    same = changed("aws_sns_topic.news", policy("arn:a", ["sns:Publish"]), policy(["arn:a"], "sns:Publish"))
    other = changed("aws_sns_topic.other", policy("arn:a", "sns:Publish"), policy(["arn:b"], "sns:Publish"))
    (found,) = drifted_in(document(same, other))
    assert found.address == "aws_sns_topic.other"
    assert [each.path for each in found.attributes] == ["policy.Statement.0.Resource"]


def test_what_the_configuration_does_not_set_is_no_drift_but_tags_are() -> None:
    expressions = {"name": {"constant_value": "news"}, "lambda": [{"arn": {}}]}
    resources = [{"address": "aws_sns_topic.news", "expressions": expressions}]
    before = {"name": "news", "policy": "default", "owner": "1", "tags": {}, "lambda": [{"arn": "a"}]}
    after = {"name": "news", "policy": "other", "owner": "2", "tags": {"by": "hand"}, "lambda": [{"arn": "b"}]}
    told = document(changed("aws_sns_topic.news", before, after), changed('aws_sns_topic.news["a"]', before, after))
    told["configuration"] = {"root_module": {"resources": resources}}
    for found in drifted_in(told):
        assert [each.path for each in found.attributes] == ["lambda.0.arn", "tags.by"]
    told["configuration"] = {"root_module": {"resources": []}}  # in a module, whose configuration stands elsewhere
    assert [len(found.attributes) for found in drifted_in(told)] == [4, 4]


def test_sensitive_values_are_covered_wherever_they_stand() -> None:
    marked = changed(
        "aws_db_instance.orders",
        {"password": SECRET, "tags": {"note": f"was {SECRET}"}},
        {"password": "another-secret", "tags": {"note": f"now {SECRET}"}},
        before_sensitive={"password": True},
        after_sensitive={"password": True},
    )
    unmarked = changed("aws_lambda_function.api", {"password": "abcdefgh12345678"}, {"password": "zyxwvuts87654321"})
    told = json.dumps([str(each) for each in drifted_in(document(marked, unmarked))])
    for secret in (SECRET, "another-secret", "abcdefgh12345678", "zyxwvuts87654321"):
        assert secret not in told
    assert "password" in told
    assert "tags.note" in told


@pytest.mark.parametrize(
    "raw",
    [
        changed("aws_sqs_queue.orders", {"tags": None}, {"tags": {}}),
        {**changed("data.aws_region.here", {"id": "a"}, {"id": "b"}), "mode": "data"},
        {"address": "aws_sqs_queue.orders", "change": {"actions": ["no-op"], "before": {"a": 1}, "after": {"a": 2}}},
    ],
)
def test_what_is_no_difference_is_left_out(raw: dict[str, Any]) -> None:
    assert tuple(drifted_in(document(raw))) == ()


class Fake:
    """Answers by target name: a document, or an error."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def document(self, target: RunTarget, root: bytes, *, interrupt: Event) -> Mapping[str, Any]:
        assert (root, interrupt.is_set()) == (b"root", False)
        self.asked.append(target.name)
        answer: Any = self.answers[target.name]
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


def test_every_target_has_its_own_end() -> None:
    every = [RunTarget(target(stack=stack)) for stack in ("same", "drifted", "broken", "locked", "absent", "denied")]
    same, drifted, broken, locked, absent, denied = every
    drift = changed("aws_sqs_queue.orders", {"delay_seconds": 0}, {"delay_seconds": 5})
    fake = Fake(
        {same.name: document(), drifted.name: document(drift), broken.name: PlanError(f"{broken.name}:\nno\n provider")}
    )
    states: dict[str, dict[str, Any]] = {
        locked.name: {"exists": True, "lock": StateLock("5c0d")},
        absent.name: {"exists": False},
        denied.name: {"problem": "denied; allow it"},
    }
    steps: list[tuple[int, int]] = []
    found = find_drift(
        every,
        fake,
        root_of=lambda _: b"root",
        state_of=lambda one: StateFound(state_place(one.target), **{"exists": True, **states.get(one.name, {})}),
        workers=3,
        told=lambda done, total: steps.append((done, total)),
    )
    attributes = (DriftedAttribute("delay_seconds", "0", "5"),)
    assert found == (
        TargetDrift(same.name),
        TargetDrift(drifted.name, (DriftedResource("aws_sqs_queue.orders", DriftKind.CHANGED, attributes),)),
        TargetDrift(broken.name, problem=f"{broken.name}: no provider"),
        TargetDrift(
            locked.name,
            problem=f"{locked.name}: its state is locked (lock 5c0d, held by somebody), so it changes at the moment; "
            "drift is told of a state that stays; wait until that run has ended",
        ),
        TargetDrift(absent.name, without_state=True),
        TargetDrift(denied.name, problem="denied; allow it"),
    )
    assert sorted(fake.asked) == sorted([same.name, drifted.name, broken.name])
    assert steps[0] == (0, 6)
    assert steps[-1] == (6, 6)
