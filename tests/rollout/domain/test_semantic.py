"""Two plans of the same root: the same, a part, or something else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.domain.semantic import Comparison, Kind, compared

Change = dict[str, Any]


def change(address: str, *actions: str, deposed: str = "", reason: str = "", **sides: Any) -> Change:
    """An entry of `resource_changes`, as Terraform writes it."""
    told: Change = {"address": address, "mode": "managed", "type": address.partition(".")[0]}
    told["change"] = {"actions": list(actions), "before": None, "after": None, "after_unknown": {}, **sides}
    return told | ({"deposed": deposed} if deposed else {}) | ({"action_reason": reason} if reason else {})


def plan(*changes: Change, **outputs: Change) -> dict[str, Any]:
    return {"resource_changes": list(changes), "output_changes": outputs}


def function(memory: int, *, was: int = 128, **more: Any) -> Change:
    """An update of a function's memory; what only AWS gives changes with it."""
    before = {"id": "orders", "memory_size": was, "last_modified": more.pop("modified", "09:00"), "tags": {"a": "b"}}
    after = {"id": "orders", "memory_size": memory, "tags": {"a": "b"}, **more}
    unknown = {"last_modified": True, "tags": {}}
    return change("aws_lambda_function.orders", "update", before=before, after=after, after_unknown=unknown)


def queue(name: str, **more: Any) -> Change:
    return change(
        "aws_sqs_queue.jobs", "create", after={"name": name, "fifo": False}, after_unknown={"id": True}, **more
    )


def replaced(*, was: str = "sub-1", order: tuple[str, str] = ("delete", "create"), **more: Any) -> Change:
    before, after = {"id": was, "cidr": "10.0.0.0/24"}, {"cidr": "10.0.1.0/24"}
    return change("aws_subnet.a", *order, before=before, after=after, after_unknown={"id": True}, **more)


REVIEWED = plan(function(256), queue("jobs"), replaced(), url={"actions": ["create"], "before": None, "after": "a"})


def test_the_same_plan() -> None:
    assert compared(REVIEWED, copy.deepcopy(REVIEWED)) == Comparison(Kind.SAME)


def test_what_only_aws_gives_and_what_stays_does_not_count() -> None:
    quiet = change("aws_sqs_queue.other", "no-op", before={"id": "x"}, after={"id": "x"})
    read = change("data.aws_region.here", "read", after={"name": "eu-west-1"}) | {"mode": "data"}
    assert compared(plan(function(256)), plan(read, function(256, modified="10:00"), quiet)).kind is Kind.SAME


@pytest.mark.parametrize(
    ("now", "difference"),
    [
        (function(512), "memory_size is changed from or to another value than reviewed"),
        (function(256, was=192), "memory_size is changed from or to another value than reviewed"),
        (function(256, timeout=3), "timeout is changed, which was not reviewed"),
        (function(256, tags={"a": "c"}), "tags.a is changed, which was not reviewed"),
        (function(128), "memory_size is not changed any more"),
        (
            change("aws_lambda_function.orders", "delete", before={"id": "orders"}),
            "it is destroyed; reviewed was: it is changed",
        ),
    ],
)
def test_another_change_of_the_same_resource(now: Change, difference: str) -> None:
    comparison = compared(plan(function(256)), plan(now))
    assert comparison.differences == (f"aws_lambda_function.orders: {difference}",)
    assert comparison.kind is Kind.DIFFERENT


def test_what_was_not_reviewed() -> None:
    assert compared(plan(), plan(queue("jobs"))) == Comparison(
        Kind.DIFFERENT, ("aws_sqs_queue.jobs: it is created, which was not reviewed",)
    )


def test_another_object_at_the_same_address() -> None:
    wrong = "aws_subnet.a: another object is destroyed than the one reviewed"
    assert compared(plan(replaced()), plan(replaced(was="sub-2"))) == Comparison(Kind.DIFFERENT, (wrong,))


def test_outputs() -> None:
    before = plan(url={"actions": ["update"], "before": "a", "after": "b", "after_unknown": False})
    other = plan(url={"actions": ["update"], "before": "a", "after": {"b": 1}, "after_unknown": False})
    unknown = plan(url={"actions": ["update"], "before": "a", "after_unknown": True})
    assert compared(before, copy.deepcopy(before)).kind is Kind.SAME
    assert compared(before, other).kind is Kind.DIFFERENT
    assert compared(before, unknown).kind is Kind.DIFFERENT
    assert compared(unknown, other).kind is Kind.PART, "AWS has given it since"


def test_a_value_that_is_true_is_not_one() -> None:
    one = change("a.b", "update", before={"x": 0}, after={"x": 1})
    true = change("a.b", "update", before={"x": 0}, after={"x": True})
    assert compared(plan(one), plan(true)).kind is Kind.DIFFERENT


@pytest.mark.parametrize(
    "left",
    [
        plan(),
        plan(queue("jobs")),
        plan(change("aws_subnet.a", "create", after={"cidr": "10.0.1.0/24"}, after_unknown={"id": True})),
        plan(replaced(order=("delete", "create"), was="sub-9", reason="replace_because_tainted")),
        plan(change("aws_sqs_queue.jobs", "create", after={"name": "jobs", "fifo": False, "id": "given"})),
    ],
    ids=["nothing", "one of them", "the rest of a replacement", "a new one half made", "what AWS gave since"],
)
def test_what_is_left_of_a_plan(left: dict[str, Any]) -> None:
    comparison = compared(REVIEWED, left)
    assert (comparison.kind, comparison.is_empty) == (Kind.PART, not left["resource_changes"])


def test_the_old_one_of_a_replacement_that_creates_first() -> None:
    deposed = change("aws_subnet.a", "delete", deposed="ab12", before={"id": "sub-1"})
    creates_first, destroys_first = replaced(order=("create", "delete")), replaced()
    assert compared(plan(creates_first), plan(deposed)).kind is Kind.PART
    assert compared(plan(destroys_first), plan(deposed)).kind is Kind.DIFFERENT


def test_half_made_is_made_anew_but_not_what_holds_data() -> None:
    def made(kind: str) -> dict[str, Any]:
        return plan(change(f"{kind}.a", "create", after={"name": "a"}, after_unknown={"id": True}))

    def half_made(kind: str) -> dict[str, Any]:
        sides: Any = {"before": {"id": "x", "name": "a"}, "after": {"name": "a"}, "after_unknown": {"id": True}}
        return plan(change(f"{kind}.a", "delete", "create", reason="replace_because_tainted", **sides))

    kind = "aws_security_group"
    assert compared(made(kind), half_made(kind)).kind is Kind.PART
    assert compared(made("aws_db_instance"), half_made("aws_db_instance")).kind is Kind.DIFFERENT


def test_what_somebody_else_changed_is_no_part() -> None:
    assert compared(plan(function(256)), plan(function(256, was=192))).kind is Kind.DIFFERENT
    elsewhere = change("aws_sqs_queue.jobs", "update", before={"name": "jobs", "fifo": True}, after={"name": "jobs"})
    assert compared(REVIEWED, plan(elsewhere)).kind is Kind.DIFFERENT


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=2),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from("pqr"), VALUES, min_size=1, max_size=3)


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    changes = []
    for address in draw(st.lists(st.sampled_from(["a.a", "b.b", "c.c"]), unique=True)):
        before, after = draw(OBJECTS), draw(OBJECTS)
        if before != after:
            changes.append(change(address, "update", before=before, after=after))
    return plan(*changes)


@settings(deadline=None)
@given(plans(), st.data())
def test_a_plan_is_the_same_as_itself_and_what_is_left_out_makes_a_part(
    document: dict[str, Any], data: st.DataObject
) -> None:
    assert compared(document, copy.deepcopy(document)).kind is Kind.SAME
    changes = document["resource_changes"]
    kept = data.draw(st.lists(st.sampled_from(changes), unique_by=id)) if changes else []
    left = compared(document, plan(*kept))
    assert left.kind is (Kind.SAME if len(kept) == len(changes) else Kind.PART)
    if len(kept) < len(changes):
        assert compared(plan(*kept), document).kind is Kind.DIFFERENT


def test_another_object_is_changed_or_forgotten() -> None:
    def done(identity: str, action: str) -> dict[str, Any]:
        after = {"id": identity, "x": 2} if action == "update" else None
        return plan(change("a.b", action, before={"id": identity, "x": 1}, after=after))

    for action in ("update", "forget"):
        wrong = ("a.b: another object is changed than the one reviewed",)
        assert compared(done("i-1", action), done("i-2", action)) == Comparison(Kind.DIFFERENT, wrong)


def test_the_rest_of_a_creation_has_every_attribute() -> None:
    encrypted = change("aws_sqs_queue.jobs", "create", after={"name": "jobs", "kms": "alias/a"})
    for left in ({"name": "jobs"}, {"name": "jobs", "kms": None}):
        now = plan(change("aws_sqs_queue.jobs", "create", after=left))
        assert compared(plan(encrypted), now).kind is Kind.DIFFERENT


def test_the_rest_of_an_update_is_as_it_was_to_be() -> None:
    def updated(x: int, y: int, *, was_y: int = 1) -> dict[str, Any]:
        return plan(change("a.b", "update", before={"x": 1, "y": was_y}, after={"x": x, "y": y}))

    assert compared(updated(2, 2), updated(2, 2, was_y=2)).kind is Kind.PART, "y is done"
    wrong = "a.b: y is not changed any more"
    assert compared(updated(2, 2), updated(2, 1)) == Comparison(Kind.DIFFERENT, (wrong,))


def test_a_deposed_object_that_is_not_the_one_replaced() -> None:
    deposed = change("aws_subnet.a", "delete", deposed="ab12", before={"id": "sub-9"})
    assert compared(plan(replaced(order=("create", "delete"))), plan(deposed)).kind is Kind.DIFFERENT


def test_an_import_is_known_by_id_or_identity() -> None:
    def imported(**importing: Any) -> dict[str, Any]:
        return plan(change("a.b", "no-op", before={"id": "x"}, after={"id": "x"}, importing=importing))

    one, two = imported(identity={"name": "one"}), imported(identity={"name": "two"})
    assert compared(one, copy.deepcopy(one)).kind is Kind.SAME
    assert compared(one, two).kind is Kind.DIFFERENT
    assert compared(plan(), one).kind is Kind.DIFFERENT


def test_a_point_in_the_name_of_a_tag() -> None:
    def tagged(version: str) -> dict[str, Any]:
        after = {"tags": {"app.version": version}}
        return plan(change("a.b", "update", before={}, after=after, after_unknown={"tags": {"app": True}}))

    assert compared(tagged("1"), tagged("2")).kind is Kind.DIFFERENT


def test_actions_of_providers() -> None:
    def invoked(payload: str) -> dict[str, Any]:
        trigger = {"triggering_resource_address": "a.b", "action_trigger_event": "AfterCreate"}
        given = {"address": "action.aws_lambda_invoke.x", "config_values": {"payload": payload}}
        return plan() | {"action_invocations": [given | {"lifecycle_action_trigger": trigger}]}

    assert compared(invoked("a"), invoked("a")).kind is Kind.SAME
    assert compared(invoked("a"), invoked("b")).kind is Kind.DIFFERENT
    assert compared(plan(), invoked("a")).kind is Kind.DIFFERENT
    assert compared(invoked("a"), plan()).kind is Kind.PART
