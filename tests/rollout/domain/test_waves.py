"""Targets in waves and batches: who goes where, in which order, how many at once."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from rollout.domain.model import Batch, Gate, Mode
from rollout.domain.waves import resolved, wave_index
from tests.modules.core.samples import CI
from tests.rollout.domain.fleets import IDS, fleet, settings, target

CANARY = {"name": "canary", "select": {"accounts": ["main"], "regions": ["us-east-1"]}}
REST = {"name": "rest"}


def test_without_settings_all_targets_go_in_one_wave_one_region_after_the_other() -> None:
    found = resolved(settings(), fleet())
    [wave] = found.waves
    assert (wave.name, wave.mode, wave.gate, wave.needs_approval) == ("all", Mode.STRICT, Gate(), False)
    assert wave.batches == (
        Batch(tuple(f"dev-{account}-eu-west-1-orders_api" for account in sorted(IDS)), 1, 0, "eu-west-1"),
        Batch(tuple(f"dev-{account}-us-east-1-orders_api" for account in sorted(IDS)), 1, 0, "us-east-1"),
    )
    assert tuple(each.name for each in found.targets) == wave.targets


def test_a_target_belongs_to_the_first_wave_that_selects_it() -> None:
    found = resolved(settings(waves=[CANARY, REST]), fleet())
    assert [(wave.name, len(wave.targets)) for wave in found.waves] == [("canary", 1), ("rest", 5)]
    assert found.waves[0].targets == ("dev-main-us-east-1-orders_api",)


def test_each_field_of_a_selector_narrows_it() -> None:
    everything = (
        *fleet("orders_api", "orders_ui"),
        target(env="prod", account_id="444444444444", tags={"ring": "canary"}),
    )

    def chosen(**select: object) -> int:
        waves = [{"name": "first", "select": select}, REST]
        return len(resolved(settings(waves=waves), everything).waves[0].targets)

    assert chosen(environments=["prod"]) == 1
    assert chosen(accounts=["main"]) == 5
    assert chosen(accounts=["444444444444", "shop"]) == 5
    assert chosen(regions=["us-east-1"]) == 7
    assert chosen(stacks=["orders_ui"]) == 6
    assert chosen(stacks=["orders_ui"], regions=["eu-west-1"]) == 3
    assert chosen(targets=["dev-*-orders_ui", "prod-main-us-east-1-orders_api"]) == 7
    assert chosen(tags={"ring": "canary"}) == 1
    assert chosen(tags={"stack": "orders_ui", "env": "dev"}) == 6


def test_regions_go_in_the_order_that_is_given_and_the_others_by_name_after_them() -> None:
    regions = ("us-west-2", "eu-west-1", "ap-south-1", "us-east-1")
    targets = [target(region=region) for region in regions]
    waves = [{"name": "all", "region_order": ["us-west-2", "us-east-1"]}]
    [wave] = resolved(settings(waves=waves), targets).waves
    assert [batch.region for batch in wave.batches] == ["us-west-2", "us-east-1", "ap-south-1", "eu-west-1"]


def test_regions_side_by_side_are_one_batch() -> None:
    waves = [{"name": "all", "regions": "parallel", "max_concurrent": 4, "failure_tolerance": 2, "mode": "soft"}]
    [wave] = resolved(settings(waves=waves), fleet()).waves
    assert wave.mode is Mode.SOFT
    [batch] = wave.batches
    assert (len(batch.targets), batch.max_concurrent, batch.failure_tolerance, batch.region) == (6, 4, 2, "")


def test_percentages_are_of_the_batch_and_round_down_to_one_at_least_at_once() -> None:
    waves = [{"name": "all", "max_concurrent": "50%", "failure_tolerance": "34%"}]
    [wave] = resolved(settings(waves=waves), fleet()).waves
    assert {(batch.max_concurrent, batch.failure_tolerance) for batch in wave.batches} == {(1, 1)}
    waves = [{"name": "all", "max_concurrent": "10%", "failure_tolerance": "33%"}]
    [wave] = resolved(settings(waves=waves), fleet()).waves
    assert {(batch.max_concurrent, batch.failure_tolerance) for batch in wave.batches} == {(1, 0)}


def test_gate_and_approval_come_with_the_wave() -> None:
    waves = [{"name": "all", "approval": "required", "gate": {"bake_minutes": 3, "missing_data_reason": "new"}}]
    [wave] = resolved(settings(waves=waves), fleet()).waves
    assert wave.needs_approval
    assert wave.gate == Gate(3.0, "", (), "new")


def test_what_a_target_builds_on_is_of_the_same_place_and_starts_before_it() -> None:
    stacks = {"a_first": {"after": ["z_last"]}, "b": {"after": ["a_first", "z_last"]}}
    found = resolved(settings(stacks=stacks), fleet("a_first", "b", "z_last"))
    after = {each.name: each.after for each in found.targets}
    assert after["dev-shop-eu-west-1-b"] == ("dev-shop-eu-west-1-a_first", "dev-shop-eu-west-1-z_last")
    assert after["dev-shop-eu-west-1-z_last"] == ()
    first = found.waves[0].batches[0].targets
    assert [name.rsplit("-", 1)[-1] for name in first] == ["z_last"] * 3 + ["a_first"] * 3 + ["b"] * 3


def test_a_stack_without_a_target_in_a_place_is_not_waited_for_there() -> None:
    targets = (target(stack="net"), target(stack="api"), target("shop", stack="api"))
    found = resolved(settings(stacks={"api": {"after": ["net"]}}), targets)
    assert {each.name: each.after for each in found.targets} == {
        "dev-main-us-east-1-net": (),
        "dev-main-us-east-1-api": ("dev-main-us-east-1-net",),
        "dev-shop-us-east-1-api": (),
    }


def test_wanted_targets_alone_make_up_the_run() -> None:
    waves = [CANARY, {**REST, "failure_tolerance": 3, "max_concurrent": "100%"}]
    stacks = {"orders_ui": {"after": ["orders_api"]}}
    chosen = settings(waves=waves, stacks=stacks)
    found = resolved(chosen, fleet("orders_api", "orders_ui"), only=("dev-shop-us-*", "dev-bank-eu-west-1-orders_ui"))
    [wave] = found.waves
    assert wave.name == "rest"
    assert [(batch.region, batch.targets, batch.max_concurrent, batch.failure_tolerance) for batch in wave.batches] == [
        ("eu-west-1", ("dev-bank-eu-west-1-orders_ui",), 1, 1),
        ("us-east-1", ("dev-shop-us-east-1-orders_api", "dev-shop-us-east-1-orders_ui"), 2, 2),
    ]
    assert [each.after for each in found.targets] == [(), (), ("dev-shop-us-east-1-orders_api",)]
    assert found.left_out == (("dev-bank-eu-west-1-orders_ui", "dev-bank-eu-west-1-orders_api"),)


def test_the_wave_of_one_target() -> None:
    chosen = settings(waves=[CANARY, {"name": "shop", "select": {"accounts": ["shop"]}}])
    assert [wave_index(chosen, target(account)) for account in ("main", "shop", "bank")] == [0, 1, None]


@CI
@given(
    st.lists(
        st.builds(target, st.sampled_from(sorted(IDS)), st.sampled_from(["us-east-1", "eu-west-1", "ap-south-1"])),
        min_size=1,
        unique_by=lambda each: each.name,
    ),
    st.sampled_from(["sequential", "parallel"]),
    st.integers(1, 100),
    st.integers(0, 100),
)
def test_every_target_is_in_exactly_one_batch_and_limits_hold(
    targets: list[Target], regions: str, at_once: int, tolerance: int
) -> None:
    limits = {"regions": regions, "max_concurrent": f"{at_once}%", "failure_tolerance": f"{tolerance}%"}
    found = resolved(settings(waves=[{"name": "all", **limits}]), targets)
    batches = [batch for wave in found.waves for batch in wave.batches]
    assert sorted(name for batch in batches for name in batch.targets) == sorted(each.name for each in targets)
    for batch in batches:
        assert 1 <= batch.max_concurrent <= len(batch.targets)
        assert 0 <= batch.failure_tolerance <= len(batch.targets)
        assert batch.failure_tolerance <= tolerance / 100 * len(batch.targets)


def test_a_large_fleet_is_put_into_waves_in_linear_time() -> None:
    """500 accounts in 3 regions with two stacks: a walk over all targets for each target would take minutes."""
    base = target()
    targets = [
        base.model_copy(
            update={"account": f"a{number}", "account_id": f"{number:012}", "region": region, "stack": stack}
        )
        for number in range(500)
        for region in ("us-east-1", "eu-west-1", "eu-north-1")
        for stack in ("net", "api")
    ]
    begin = time.process_time()
    found = resolved(
        settings(stacks={"api": {"after": ["net"]}}, waves=[{"name": "all", "max_concurrent": "5%"}]), targets
    )
    assert len(found.targets) == len(targets)
    assert time.process_time() - begin < 2.0
