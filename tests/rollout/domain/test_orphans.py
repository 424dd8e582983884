"""States without a declared target."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from modules.core.target import Target
from rollout.domain.drift import DriftedResource, DriftKind, TargetDrift, exit_code
from rollout.domain.model import RunTarget
from rollout.domain.orphans import Known, destroy_order, destroy_waves, destroyable, orphans
from rollout.domain.states import StateFile, StateLock, StatePlace, state_place
from tests.modules.core.test_target import target

AT = datetime(2026, 11, 21, tzinfo=UTC)
S3 = {"kind": "s3", "bucket": "acme-state", "region": "eu-west-1"}


def kept(stack: str, **fields: Any) -> Target:
    return target(stack=stack, backend=S3, **fields)


def file_of(one: Target) -> StateFile:
    return StateFile(state_place(one), AT, 100)


def known(*targets: RunTarget) -> dict[StatePlace, Known]:
    return {state_place(each.target): Known("20261121-000000-aaaaaa", each) for each in targets}


def test_places_of_states_name_their_targets() -> None:
    place = state_place(kept("orders_api"))
    assert str(place) == "s3://acme-state/acme/dev-main-eu-west-1-orders_api.tfstate"
    local = state_place(target())
    assert str(local) == "terraform.dev-main-eu-west-1-orders_api.tfstate"
    assert place.name == local.name == "dev-main-eu-west-1-orders_api"


def test_a_declared_target_is_no_orphan() -> None:
    one, other = kept("orders_api"), kept("orders_ui")
    found = orphans([file_of(one), file_of(other)], [one], known(RunTarget(one), RunTarget(other)))
    assert [(each.name, each.known, each.moved_to) for each in found] == [
        (other.name, Known("20261121-000000-aaaaaa", RunTarget(other)), None)
    ]
    assert destroyable(found) == found
    assert found[0].fix == (
        "declare the target again, or run `lambdanet rollout orphans --plan-destroy`, which plans its destruction"
    )


def test_a_state_left_behind_by_a_migration_is_never_destroyed() -> None:
    before, now = kept("orders_api"), target(stack="orders_api")
    (found,) = orphans([file_of(before), file_of(now)], [now], known(RunTarget(before)))
    assert found.moved_to == state_place(now)
    assert destroyable([found]) == ()
    assert found.fix == (
        "the target is declared and keeps its state in terraform.dev-main-eu-west-1-orders_api.tfstate; compare both, "
        "and delete this one once everything in it stands there too"
    )


def test_a_state_that_no_run_knows_is_listed_only() -> None:
    elsewhere = kept("orders_api", org="other")
    (found,) = orphans([file_of(kept("orders_api"))], [], known(RunTarget(elsewhere)))
    assert found.known is None
    assert destroyable([found]) == ()
    assert found.fix == (
        "no run of this store had its target; declare it again and destroy it with Terraform, or delete the state if "
        "everything in it is gone"
    )


def test_what_builds_on_another_is_destroyed_before_it() -> None:
    network, api, ui = kept("a_network"), kept("b_api"), kept("c_ui")
    runs = known(RunTarget(network), RunTarget(api, (network.name,)), RunTarget(ui, (api.name, "gone")))
    found = orphans([file_of(each) for each in (network, api, ui)], [], runs)
    order = destroy_order(found)
    assert [(each.name, each.after) for each in order] == [
        (ui.name, ()),
        (api.name, (ui.name,)),
        (network.name, (api.name,)),
    ]
    (wave,) = destroy_waves(order)
    assert (wave.targets, wave.needs_approval) == ((ui.name, api.name, network.name), True)
    assert (wave.batches[0].max_concurrent, wave.batches[0].failure_tolerance) == (1, 0)


def test_a_lock_is_read_as_far_as_it_can() -> None:
    content = (
        b'{"ID":"5c0d","Operation":"OperationTypeApply","Who":"ci@runner","Created":"2026-11-21T09:30:00.123456Z"}'
    )
    assert str(StateLock.from_json(content)) == (
        "lock 5c0d of OperationTypeApply, held by ci@runner since 2026-11-21 09:30 UTC"
    )
    for broken in (b"", b"[]", b'{"Created": 3}', b"\xff"):
        assert StateLock.from_json(broken) == StateLock("")
    assert str(StateLock("")) == "lock without an id, held by somebody"


def test_exit_codes_of_drift() -> None:
    same, unknown = TargetDrift("a"), TargetDrift("b", problem="no")
    drifted = TargetDrift("c", (DriftedResource("aws_sqs_queue.orders", DriftKind.DELETED),))
    assert [exit_code(each) for each in ([], [same], [same, drifted], [drifted, unknown])] == [0, 0, 1, 2]
    assert [each.verdict for each in (same, unknown, drifted, TargetDrift("d", without_state=True))] == [
        "as applied",
        "not known",
        "drifted",
        "not applied yet",
    ]


def test_places_compare_by_bucket_and_key() -> None:
    assert StatePlace("a", "k", "eu-west-1") != StatePlace("b", "k", "eu-west-1")
