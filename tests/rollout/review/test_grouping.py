"""Targets are grouped by what changes in them, and never where more differs than what is their own."""

from __future__ import annotations

from typing import Any

import pytest

from rollout.review import review
from rollout.review.model import Action
from rollout.review.own import Own, shared_parts
from tests.analysis.forecast.changes import CREATE, DELETE, NO_OP, REPLACE, UPDATE
from tests.rollout.review.samples import ACCOUNTS, given, orders, page
from tests.rollout.review.stack import Stack

RETAIL, OUTLET = ("prod", "retail"), ("prod", "outlet")


def stack(env: str, account: str, region: str = "us-east-1") -> Stack:
    found = Stack(env, account, ACCOUNTS[account], region)
    arn = found.arn("sqs", found.name("jobs"))
    found.changes.add("aws_sqs_queue.jobs", NO_OP, {"id": f"https://sqs/{found.name('jobs')}", "arn": arn})
    found.changes.add("aws_subnet.a", NO_OP, {"id": found.id("subnet", "a"), "arn": found.arn("ec2", "subnet/a")})
    return found


def groups(*stacks: Stack) -> list[tuple[str, ...]]:
    return [group.targets for group in page(*stacks).groups]


def test_twelve_targets_are_two_groups_and_one_that_does_not_change() -> None:
    found = review(given(orders()))
    assert [(len(group.targets), len(group.changes)) for group in found.groups] == [(9, 5), (2, 7)]
    assert found.unchanged == 1
    assert found.counts[Action.CREATE] == 44
    assert [change.action for change in found.groups[1].changes][:3] == [Action.DESTROY, Action.REPLACE, Action.UPDATE]


@pytest.mark.parametrize(
    "value",
    [
        lambda s: s.target,
        lambda s: f"{s.target}-jobs",
        lambda s: f"acme-{s.target.replace('_', '-')}.example",
        lambda s: s.region,
        lambda s: f"{s.region}a",
        lambda s: [f"{s.region}a", f"{s.region}b"],
        lambda s: s.number,
        lambda s: f"arn:aws:iam::{s.number}:role/api",
        lambda s: {"nested": [{"arn": s.arn("lambda", "function:api")}]},
        lambda s: s.id("subnet", "a"),
        lambda s: [s.id("subnet", "a")],
        lambda s: s.arn("sqs", s.name("jobs")),
        lambda s: f"orders-{s.target.split('-')[0]}-table",
        lambda s: '{"Resource": "' + s.arn("sqs", "other") + '"}',
    ],
)
def test_what_is_each_targets_own_is_the_same(value: Any) -> None:
    stacks = [stack("prod", "retail"), stack("dev", "outlet", "eu-west-1")]
    for each in stacks:
        each.changes.add("aws_x.x", UPDATE, {"value": "old"}, {"value": value(each)})
    assert len(groups(*stacks)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        (1, 2),
        (1, "1"),
        (True, "true"),
        (["a", "b"], ["b", "a"]),
        ("prod-1", "dev-2"),
        ("us-east-1a", "eu-west-1b"),
        ("retail", "retail-too"),
        ("arn:aws:iam::111111111111:role/api", "arn:aws:iam::333333333333:role/other"),
        ("arn:aws:iam::111111111111:role/api", "arn:aws:iam::999999999999:role/api"),
        ("product", "device"),
        ("us-east-1", "333333333333"),
        ("111111111111", "1111111111110"),
        ("subnet-00000000000000001", "subnet-00000000000000002"),
    ],
)
def test_what_differs_is_never_the_same(one: Any, other: Any) -> None:
    stacks = [stack("prod", "retail"), stack("dev", "outlet", "eu-west-1")]
    for each, value in zip(stacks, (one, other), strict=True):
        each.changes.add("aws_x.x", UPDATE, {"value": "old"}, {"value": value})
    assert len(groups(*stacks)) == 2


def test_an_id_is_no_arn_and_another_resource_is_another() -> None:
    for service, rest in (("ec2", "subnet/a"), ("sqs", "acme-prod-orders-jobs")):
        one, other = stack(*RETAIL), stack(*OUTLET)
        one.changes.add("aws_x.x", UPDATE, {"value": "old"}, {"value": one.id("subnet", "a")})
        other.changes.add("aws_x.x", UPDATE, {"value": "old"}, {"value": other.arn(service, rest)})
        assert len(groups(one, other)) == 2


def test_a_word_that_one_target_is_called_by_is_the_same_where_all_have_it() -> None:
    stacks = [stack("prod", "retail"), stack("dev", "retail")]
    for each in stacks:
        each.changes.add("aws_x.x", UPDATE, {"value": "old"}, {"value": "prod"})
    assert len(groups(*stacks)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((UPDATE, "aws_x.x"), (REPLACE, "aws_x.x")),
        ((UPDATE, "aws_x.x"), (UPDATE, "aws_x.y")),
        ((CREATE, "aws_x.x"), (UPDATE, "aws_x.x")),
    ],
)
def test_actions_and_addresses_tell_targets_apart(one: tuple[list[str], str], other: tuple[list[str], str]) -> None:
    stacks = [stack(*RETAIL), stack(*OUTLET)]
    for each, (actions, address) in zip(stacks, (one, other), strict=True):
        each.changes.add(address, actions, None if actions == CREATE else {"value": "old"}, {"value": "new"})
    assert len(groups(*stacks)) == 2


def test_reasons_of_a_replacement_and_references_tell_targets_apart() -> None:
    one, other = stack(*RETAIL), stack(*OUTLET)
    for each, path in ((one, "value"), (other, "key")):
        each.changes.add("aws_x.x", REPLACE, {"value": 1, "key": 1}, {"value": 2, "key": 2}, replace=[[path]])
    assert len(groups(one, other)) == 2
    one, other = stack(*RETAIL), stack(*OUTLET)
    for each, to in ((one, "aws_subnet.a"), (other, "aws_sqs_queue.jobs")):
        expression = {"references": [f"{to}.id", to]}
        each.changes.add("aws_x.x", CREATE, None, {}, unknown={"value": True}, expressions={"value": expression})
    assert len(groups(one, other)) == 2


def test_what_aws_sets_anew_and_ids_of_what_is_destroyed_tell_nothing_apart() -> None:
    stacks = [stack(*RETAIL), stack(*OUTLET)]
    for number, each in enumerate(stacks):
        was = {"id": f"x{number}", "version": str(number), "memory_size": 1}
        each.changes.add("aws_x.changed", UPDATE, was, {"memory_size": 2}, unknown={"version": True})
        each.changes.add("aws_x.replaced", REPLACE, was, {"memory_size": 2}, unknown={"id": True, "version": True})
        each.changes.add("aws_x.gone", DELETE, was)
    found = page(*stacks)
    assert [len(group.targets) for group in found.groups] == [2]
    told = {change.address: (len(change.told), change.given) for change in found.groups[0].changes}
    assert told == {"aws_x.gone": (0, ()), "aws_x.replaced": (1, ()), "aws_x.changed": (1, ("version",))}


def test_different_secrets_are_the_same_change() -> None:
    stacks = [stack(*RETAIL), stack(*OUTLET)]
    for number, each in enumerate(stacks):
        each.changes.add("aws_x.x", UPDATE, {"word": f"before-{number}"}, {"word": f"after-{number}"})
        each.sensitive["aws_x.x"] = ("word",)
    assert len(groups(*stacks)) == 1


def test_what_the_base_branch_would_change_too_is_pending_and_splits_no_letter_of_it() -> None:
    new, old = stack(*RETAIL), stack(*RETAIL)
    for each in (new, old):
        each.changes.add("aws_x.drift", UPDATE, {"value": 1}, {"value": 2})
    new.changes.add("aws_x.mine", UPDATE, {"value": 1}, {"value": 2})
    found = page(new, base={old.target: old.plan})
    assert {change.address: change.is_pending for change in found.groups[0].changes} == {
        "aws_x.drift": True,
        "aws_x.mine": False,
    }


def test_values_that_are_each_targets_own_are_marked() -> None:
    one, other = stack(*RETAIL), stack(*OUTLET)
    for each in (one, other):
        each.changes.add("aws_x.x", UPDATE, {"a": "x", "b": "x"}, {"a": each.number, "b": "y"})
    (change,) = page(one, other).groups[0].changes
    assert {entry.path: entry.is_own for entry in change.differences} == {"a": True, "b": False}


def test_the_order_of_targets_and_of_changes_says_nothing() -> None:
    stacks = orders()
    backwards = dict(reversed(stacks.items()))
    assert review(given(stacks)) == review(given(backwards))


def test_placeholders_need_whole_words() -> None:
    names = ["prod-eu-west-1-orders", "dev-eu-west-1-orders"]
    own = Own(names[0], Stack("prod", "retail", ACCOUNTS["retail"], "eu-west-1").plan, shared_parts(names))
    for text in ("production", "reprod", "orders", "eu-west-12", "xeu-west-1"):
        assert own.text(text) == text
    for text in ("prod", "a-prod-b", "prod_x", names[0]):
        assert own.text(text) != text
