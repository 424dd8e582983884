"""Aliases: what they are called, which version they name, and what they rule out of a function.

Complaints of users that end here: an alias of digits that AWS refuses after the function is made; provisioned
concurrency that fails when the alias has weights; weights that a CodeDeploy shift overwrites and Terraform puts back.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function import AliasConfig, FunctionConfig, InstanceScalingConfig, RoutingConfig
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    NUMBER_TOKEN,
    STRING_TOKEN,
    around,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

VALID: dict[str, Any] = {"code": {"source": "handlers/api"}, "reserved_concurrency": 5}
CAPACITY = {"capacity_provider_arn": "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:orders"}
INSTANCES: dict[str, Any] = {
    "code": VALID["code"],
    "reserved_concurrency": None,
    "unreserved_reason": "managed instances",
    "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
    "capacity_provider": CAPACITY,
}
ROUTING = {"additional_version": 2, "additional_version_percent": 10}


def function(**fields: Any) -> dict[str, Any]:
    return {**VALID, **fields}


def target(version: str) -> Target:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**where, "stack": "orders", "owner": "me", "aws_provider_version": version})


def test_an_alias_is_live_and_moves_at_once() -> None:
    alias = AliasConfig()
    assert (alias.name, alias.shift, alias.version) == ("live", "at_once", None)
    assert (alias.routing, alias.provisioned_concurrency) == (None, None)


@pytest.mark.parametrize("name", ["live", "v1", "1-2", "Stable_2", "a" * 128])
def test_a_name_is_taken_as_it_is_given(name: str) -> None:
    assert AliasConfig(name=name).name == name


@pytest.mark.parametrize("name", ["", "12", "a.b", "$LATEST", "ä", "live\n"])
def test_a_name_that_lambda_refuses_is_refused(name: str) -> None:
    shown = name.replace("\n", "\\n")
    assert sentence(AliasConfig, {"name": name}) == (
        f'name is "{shown}"; an alias has 1 to 128 letters, digits, hyphens and underscores, not digits alone (lambda '
        "API model); rename it, such as live"
    )


def test_what_is_known_only_later_names_no_alias() -> None:
    assert sentence(AliasConfig, {"name": STRING_TOKEN}) == f'name is "{STRING_TOKEN}"; {KNOWN_LATER}'
    assert sentence(AliasConfig, {"version": NUMBER_TOKEN}).endswith(KNOWN_LATER)


@pytest.mark.parametrize("version", ["$LATEST", 0, -1, True, 1.0])
def test_an_alias_names_a_published_version(version: Any) -> None:
    shown = f'"{version}"' if isinstance(version, str) else repr(version)
    told = sentence(AliasConfig, {"version": version})
    assert told.startswith(
        f"version is {shown}; a published version's number takes 1 to 1000000 (PublishVersion counts from 1; our bound)"
    )


def test_two_versions_share_the_invocations() -> None:
    alias = AliasConfig(version=1, routing=RoutingConfig(**ROUTING))
    assert alias.routing is not None
    assert (alias.routing.additional_version, alias.routing.weight) == (2, 0.1)


@pytest.mark.parametrize("percent", [-1, 0, 100, 101])
def test_a_weight_with_which_one_version_gets_all_is_refused(percent: int) -> None:
    data = {"routing": {**ROUTING, "additional_version_percent": percent}}
    assert sentence(AliasConfig, data) == (
        f"routing.additional_version_percent is {percent}; an alias's second version takes 1 to 99 "
        "percent (lambda API model; with 0 or 100 one version gets all); set a value from 1 to 99"
    )


def test_the_second_version_is_published_and_another_one() -> None:
    assert sentence(AliasConfig, {"version": 2, "routing": ROUTING}) == (
        "version is 2 and routing.additional_version is 2; an alias shares invocations between two versions (Lambda "
        "guide, weighted aliases); name another version, or remove routing"
    )
    assert sentence(AliasConfig, {"routing": {**ROUTING, "additional_version": "$LATEST"}}) == (
        'routing.additional_version is "$LATEST"; a published version\'s number takes 1 to 1000000 (PublishVersion '
        "counts from 1; our bound); write the number without quotes"
    )


def test_codedeploy_alone_moves_what_is_left_to_it() -> None:
    assert refusal(AliasConfig, {"shift": "codedeploy", "version": 1, "routing": ROUTING}) == [
        f'shift is "codedeploy" and {field} is set; CodeDeploy moves the alias, and Terraform ignores its version and '
        f"weights; remove {field}, or set shift to at_once"
        for field in ("routing", "version")
    ]


def test_nothing_is_kept_ready_behind_weights() -> None:
    assert sentence(AliasConfig, {"routing": ROUTING, "provisioned_concurrency": {"minimum": 1}}) == (
        "routing and provisioned_concurrency are set; Lambda keeps no environments ready for an alias with weights "
        "(PutProvisionedConcurrencyConfig); remove one of them"
    )


def test_every_conflict_of_an_alias_is_told_at_once() -> None:
    data = {
        "shift": "codedeploy", "version": 2, "routing": ROUTING, "provisioned_concurrency": {"minimum": 1},
    }  # fmt: skip
    assert [problem.split(";")[0] for problem in refusal(AliasConfig, data)] == [
        'shift is "codedeploy" and routing is set',
        'shift is "codedeploy" and version is set',
        "version is 2 and routing.additional_version is 2",
        "routing and provisioned_concurrency are set",
    ]


def test_an_alias_publishes() -> None:
    assert not FunctionConfig.parse(VALID).publishes
    assert FunctionConfig.parse(function(publish=True)).publishes
    assert FunctionConfig.parse(function(alias={})).publishes
    assert FunctionConfig.parse(function(alias={}, snap_start="PublishedVersions")).snap_start == "PublishedVersions"


def test_what_is_kept_ready_is_counted() -> None:
    assert FunctionConfig.parse(VALID).most_provisioned == 0
    assert FunctionConfig.parse(function(alias={})).most_provisioned == 0
    provisioned = {"minimum": 1, "maximum": 3, "schedules": {"sale": {"schedule": "rate(1 day)", "minimum": 5}}}
    assert FunctionConfig.parse(function(alias={"provisioned_concurrency": provisioned})).most_provisioned == 5


@pytest.mark.parametrize(
    ("reserved", "provisioned", "most"),
    [
        (5, {"minimum": 6}, 6),
        (5, {"minimum": 1, "maximum": 9}, 9),
        (5, {"minimum": 1, "schedules": {"sale": {"schedule": "rate(1 day)", "minimum": 2, "maximum": 7}}}, 7),
        (0, {"minimum": 1}, 1),
    ],
)
def test_provisioned_concurrency_is_part_of_what_is_reserved(
    reserved: int, provisioned: dict[str, Any], most: int
) -> None:
    stopped = {"disabled_reason": "a trial"} if not reserved else {}
    data = function(reserved_concurrency=reserved, alias={"provisioned_concurrency": provisioned}, **stopped)
    assert sentence(FunctionConfig, data) == (
        f"alias.provisioned_concurrency keeps up to {most} environments ready and reserved_concurrency is {reserved}; "
        "provisioned concurrency is part of what is reserved (Lambda guide, provisioned concurrency); reserve "
        f"{most} or more, or provision less"
    )


def test_all_of_what_is_reserved_may_be_kept_ready() -> None:
    taken = FunctionConfig.parse(function(alias={"provisioned_concurrency": {"minimum": 5}}))
    assert taken.most_provisioned == taken.reserved_concurrency == 5
    unbounded = function(
        reserved_concurrency=None, unreserved_reason="a trial", alias={"provisioned_concurrency": {"minimum": 900}}
    )
    assert FunctionConfig.parse(unbounded).most_provisioned == 900


def test_snap_start_and_provisioned_concurrency_exclude_each_other() -> None:
    data = function(snap_start="PublishedVersions", alias={"provisioned_concurrency": {"minimum": 1}})
    assert sentence(FunctionConfig, data) == (
        'snap_start is "PublishedVersions" and alias.provisioned_concurrency is set; a version starts from a snapshot '
        "or is kept ready, never both (Lambda guide, SnapStart); remove one of them"
    )


def test_a_tenants_environment_is_not_kept_ready() -> None:
    data = function(tenancy={}, alias={"provisioned_concurrency": {"minimum": 1}})
    assert sentence(FunctionConfig, data) == (
        "tenancy and alias.provisioned_concurrency are set; a function with an environment for each tenant has no "
        "function URL, SnapStart or provisioned concurrency (Lambda guide, tenant isolation); remove one of them"
    )


def test_managed_instances_keep_environments_ready_by_themselves() -> None:
    data = {**INSTANCES, "alias": {"provisioned_concurrency": {"minimum": 1}}}
    assert sentence(FunctionConfig, data) == (
        "capacity_provider and alias.provisioned_concurrency are set; the capacity provider keeps environments of "
        "managed instances ready (Lambda guide); set capacity_provider.scaling, or remove capacity_provider"
    )


def test_every_conflict_of_a_function_and_its_alias_is_told_at_once() -> None:
    data = function(
        snap_start="PublishedVersions", tenancy={}, alias={"provisioned_concurrency": {"minimum": 6}},
        ephemeral_storage_mb=1_024,
    )  # fmt: skip
    assert len(refusal(FunctionConfig, data)) == 5  # storage, SnapStart and tenants twice, and what is reserved


def test_one_version_that_is_replaced_is_that_of_managed_instances() -> None:
    taken = FunctionConfig.parse({**INSTANCES, "publish_to": "LATEST_PUBLISHED"})
    assert taken.publishes
    assert sentence(FunctionConfig, function(publish_to="LATEST_PUBLISHED")) == (
        'publish_to is "LATEST_PUBLISHED" and capacity_provider is missing; only managed instances run what is '
        "published without a number (lambda API model, PublishTo); remove publish_to"
    )
    assert sentence(FunctionConfig, {**INSTANCES, "publish_to": "LATEST_PUBLISHED", "alias": {}}) == (
        'publish_to is "LATEST_PUBLISHED" and alias is set; an alias names numbered versions, of which none is then '
        "published; remove one of them"
    )


def test_one_version_that_is_replaced_takes_provider_6() -> None:
    taken = FunctionConfig.parse({**INSTANCES, "publish_to": "LATEST_PUBLISHED"})
    told = [str(problem) for problem in taken.target_checks(target(">= 5.100, < 7"))]
    assert told[-1] == (
        "publish_to is set; AWS provider 5 has no aws_lambda_function.publish_to, and the target allows >= 5.100, < 7; "
        'remove it, or set the target\'s aws_provider_version to ">= 6.69, < 7"'
    )
    assert not list(taken.target_checks(target(">= 6.69, < 7")))


def test_bounds_of_managed_instances_are_those_of_a_version() -> None:
    scaled = {**INSTANCES, "capacity_provider": {**CAPACITY, "scaling": {"max_execution_environments": 30}}}
    assert sentence(FunctionConfig, scaled) == (
        "capacity_provider.scaling is set and nothing is published; bounds are those of a published version "
        "(PutFunctionScalingConfig); set publish_to to LATEST_PUBLISHED, or publish to true"
    )
    ways: tuple[dict[str, Any], ...] = (
        {"publish": True},
        {"publish_to": "LATEST_PUBLISHED"},
        {"alias": {}},
    )
    for published in ways:
        assert FunctionConfig.parse({**scaled, **published}).publishes


def test_bounds_of_managed_instances_are_in_order() -> None:
    data = {"min_execution_environments": 3, "max_execution_environments": 2}
    assert sentence(InstanceScalingConfig, data) == (
        "min_execution_environments is 3 and max_execution_environments is 2; the fewest environments are not more "
        "than the most; swap them"
    )
    assert sentence(InstanceScalingConfig, {}) == (
        "neither bound is set; scaling is one bound or both; set one, or remove scaling"
    )
    assert sentence(InstanceScalingConfig, {"min_execution_environments": 15_001}) == (
        "min_execution_environments is 15001; a function on managed instances takes 0 to 15000 execution environments "
        "(lambda API model); set a value from 0 to 15000"
    )


@CI
@given(
    fields_of(
        AliasConfig,
        {
            "name": st.sampled_from(["live", "12", ""]),
            "shift": st.sampled_from(["at_once", "codedeploy", "slowly"]),
            "version": st.none() | around(1, 1_000_000),
            "routing": st.none() | st.fixed_dictionaries({
                "additional_version": around(1, 5), "additional_version_percent": around(1, 99),
            }),
            "provisioned_concurrency": st.none() | st.fixed_dictionaries({"minimum": around(1, 100_000)}),
        },
    )
)  # fmt: skip
def test_any_alias_is_refused_in_sentences_or_kept(data: dict[str, Any]) -> None:
    kept = refuses_or_keeps(AliasConfig, data)
    if isinstance(kept, AliasConfig) and kept.routing is not None:
        assert 0 < kept.routing.weight < 1
        assert (kept.shift, kept.provisioned_concurrency) == ("at_once", None)
