"""What is refused about targets and waves together: everything at once, in whole sentences."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rollout.domain.fleets import fleet, refusals, settings, target

ALL = {"name": "all"}
THREE = "bank, main, shop"


@pytest.mark.parametrize(
    ("select", "path", "what", "there"),
    [
        ({"accounts": ["main", "mian"]}, 'accounts[1] is "mian"', "account", THREE),
        ({"accounts": ["999999999999"]}, 'accounts[0] is "999999999999"', "account", THREE),
        ({"environments": ["prod"]}, 'environments[0] is "prod"', "environment", "dev"),
        ({"regions": ["us-east-2"]}, 'regions[0] is "us-east-2"', "region", "eu-west-1, us-east-1"),
        ({"stacks": ["orders"]}, 'stacks[0] is "orders"', "stack", "orders_api"),
    ],
)
def test_a_selector_that_names_what_no_target_has(select: dict[str, Any], path: str, what: str, there: str) -> None:
    told = refusals(settings(waves=[{"name": "first", "select": select}, ALL]), *fleet())
    assert told[0] == (
        f"rollout.yaml: waves[0].select.{path}; no target has that {what}; there are {there}; correct it"
    )


def test_patterns_that_no_target_fits() -> None:
    names = ", ".join(sorted(each.name for each in fleet()))
    chosen = settings(
        waves=[{"name": "first", "select": {"targets": ["dev-*", "prod-*"]}}],
        routed=[["dev-*", "shared-*"]],
        allow_destroy=[{"target": "test-*", "address": "*", "reason": "gone"}],
    )
    fix = f"no target is called so; there are {names}; correct it"
    assert refusals(chosen, *fleet(), only=("dev-nobody",)) == [
        f'rollout.yaml: waves[0].select.targets[1] is "prod-*"; {fix}',
        f'rollout.yaml: routed[0][1] is "shared-*"; {fix}',
        f'rollout.yaml: allow_destroy[0].target is "test-*"; {fix}',
        f'rollout.yaml: the wanted target is "dev-nobody"; {fix}',
    ]


def test_a_dot_in_a_pattern_would_stand_for_itself_only() -> None:
    waves = [{"name": "first", "select": {"targets": ["dev-main-us-east-1-orders_ap"]}}, ALL]
    assert len(refusals(settings(waves=waves), *fleet())) == 2


def test_tags_that_no_target_has() -> None:
    targets = (*fleet(), target(stack="web", tags={"ring": "edge"}))
    waves = [{"name": "first", "select": {"tags": {"ring": "canary", "team": "a"}}}, ALL]
    assert refusals(settings(waves=waves), *targets)[:2] == [
        (
            'rollout.yaml: waves[0].select.tags["ring"] is "canary"; no target has that tag; its values are edge; '
            "correct it"
        ),
        (
            'rollout.yaml: waves[0].select.tags["team"] is "a"; no target has that tag; there are env, managed-by, '
            "org, "
            "owner, ring, stack; correct it"
        ),
    ]


def test_waves_that_select_nothing() -> None:
    waves = [
        {"name": "first", "select": {"stacks": ["orders_api"]}},
        {"name": "second", "select": {"accounts": ["main"]}},
        {"name": "third", "select": {"regions": ["us-west-2"]}, "failure_tolerance": 1, "regions": "parallel"},
    ]
    fix = "a wave holds at least one target; widen its select, or remove it"
    assert refusals(settings(waves=waves), *fleet()) == [
        (
            'rollout.yaml: waves[2].select.regions[0] is "us-west-2"; no target has that region; there are eu-west-1, '
            "us-east-1; correct it"
        ),
        f"rollout.yaml: waves[1] (second) selects nothing: waves before it have taken all 2 that fit; {fix}",
        f"rollout.yaml: waves[2] (third) selects nothing: no target fits it; {fix}",
    ]


def test_targets_in_no_wave() -> None:
    fix = "every target goes in a wave; add a wave with select: {} at the end, or widen one"
    waves = [{"name": "first", "select": {"accounts": ["main", "shop"]}}]
    assert refusals(settings(waves=waves), *fleet()) == [
        f"rollout.yaml: no wave selects dev-bank-eu-west-1-orders_api, dev-bank-us-east-1-orders_api; {fix}"
    ]
    many = [target(stack=f"s{number:02}") for number in range(13)]
    waves = [{"name": "first", "select": {"stacks": ["s00"]}}]
    [told] = refusals(settings(waves=waves), *many)
    assert told == f"rollout.yaml: no wave selects {', '.join(each.name for each in many[1:11])} and 2 more; {fix}"


def test_a_tolerance_above_the_number_of_targets() -> None:
    targets = (*fleet(), target(region="us-west-2"))
    assert refusals(settings(waves=[{"name": "all", "failure_tolerance": 3}]), *targets) == [
        (
            "rollout.yaml: waves[0] (all).failure_tolerance is 3; the wave has 1 target in us-west-2; set it to at "
            "most 1, "
            "or write a percentage"
        )
    ]
    together = {"name": "all", "failure_tolerance": 8, "regions": "parallel"}
    assert refusals(settings(waves=[together]), *targets) == [
        (
            "rollout.yaml: waves[0] (all).failure_tolerance is 8; the wave has 7 targets; set it to at most 7, or "
            "write a "
            "percentage"
        )
    ]


def test_a_region_order_of_a_region_without_targets() -> None:
    assert refusals(settings(waves=[{"name": "all", "region_order": ["eu-west-1", "eu-west-2"]}]), *fleet()) == [
        (
            'rollout.yaml: waves[0].region_order[1] is "eu-west-2"; no target has that region; there are eu-west-1, '
            "us-east-1; correct it"
        )
    ]


def test_accounts_with_two_names_or_two_ids() -> None:
    targets = (
        target("main"),
        target("main", stack="web"),
        target("shop", account_id="111111111111"),
        target("shop", account_id="111111111111", stack="web"),
        target("bank"),
        target("bank", region="eu-west-1", account_id="444444444444"),
    )
    assert refusals(settings(), *targets) == [
        (
            "rollout.yaml: the account id 111111111111 is that of main and of shop; an account has one name; correct "
            "account_id or account in one of them"
        ),
        (
            "rollout.yaml: the account bank of dev has the ids 333333333333 and 444444444444; an account has one id; "
            "correct "
            "account_id or account in one of them"
        ),
    ]


def test_one_name_for_accounts_of_two_environments_is_fine() -> None:
    targets = (target(), target(env="prod", account_id="444444444444"))
    waves = [{"name": "all", "failure_tolerance": 3}]
    assert len(refusals(settings(waves=waves), *targets)) == 1  # about the tolerance alone


def test_stacks_that_wait_for_each_other() -> None:
    orders = {"a": {"after": ["c"]}, "b": {"after": ["a"]}, "c": {"after": ["b"]}, "d": {"after": ["d", "a"]}}
    fix = "one of them is applied first; remove one of their after"
    assert refusals(settings(stacks=orders), *fleet("a", "b", "c", "d")) == [
        f"rollout.yaml: stacks wait for each other: a after c after b after a; {fix}",
        f"rollout.yaml: stacks wait for each other: d after d; {fix}",
    ]


def test_an_order_of_stacks_that_no_target_has() -> None:
    orders = {"orders_api": {"after": ["network"]}, "orders": {}}
    there = "no target has that stack; there are orders_api; correct it"
    assert refusals(settings(stacks=orders), *fleet()) == [
        f'rollout.yaml: stacks.orders_api.after[0] is "network"; {there}',
        f'rollout.yaml: stacks names "orders"; {there}, or remove it',
    ]


def test_a_target_cannot_build_on_one_of_a_later_wave() -> None:
    waves = [{"name": "first", "select": {"stacks": ["api"]}}, {"name": "second"}]
    assert refusals(settings(waves=waves, stacks={"api": {"after": ["net"]}}), *fleet("api", "net")) == [
        (
            "rollout.yaml: dev-bank-eu-west-1-api of wave first builds on dev-bank-eu-west-1-net of the later wave "
            "second "
            "(and 5 more like it); what a target builds on is applied before it; select it in the same wave or an "
            "earlier one"
        )
    ]


def test_all_of_it_at_once() -> None:
    waves = [
        {"name": "first", "select": {"accounts": ["nobody"]}},
        {"name": "second", "select": {"accounts": ["main"]}, "failure_tolerance": 9},
    ]
    told = refusals(settings(waves=waves, stacks={"a": {"after": ["b"]}, "b": {"after": ["a"]}}), *fleet("a", "b"))
    assert [sentence.split("; ")[0].removeprefix("rollout.yaml: ") for sentence in told] == [
        'waves[0].select.accounts[0] is "nobody"',
        "stacks wait for each other: a after b after a",
        "waves[0] (first) selects nothing: no target fits it",
        "waves[1] (second).failure_tolerance is 9",
        "waves[1] (second).failure_tolerance is 9",
        (
            "no wave selects dev-bank-eu-west-1-a, dev-bank-eu-west-1-b, dev-bank-us-east-1-a, dev-bank-us-east-1-b, "
            "dev-shop-eu-west-1-a, dev-shop-eu-west-1-b, dev-shop-us-east-1-a, dev-shop-us-east-1-b"
        ),
    ]
