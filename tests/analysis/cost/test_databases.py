"""Databases: instances by class, RDS Proxy by vCPU with its minimum, Serverless v2 by capacity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.cost import usd
from tests.analysis.cost.documents import costed, line, plan_of

DB, PROXY, TARGET = "aws_db_instance.db", "aws_db_proxy.p", "aws_db_proxy_target.t"
CLUSTER, MEMBER = "aws_rds_cluster.c", "aws_rds_cluster_instance.m"
AURORA = "aurora-postgresql"


def instance(size: str, **more: Any) -> dict[str, Any]:
    values = {"identifier": "orders", "engine": "postgres", "instance_class": size, "multi_az": False}
    return {**values, "allocated_storage": 20, "storage_type": "gp3", **more}


def proxied(size: str) -> dict[str, Any]:
    target = {"db_proxy_name": "pool", "db_instance_identifier": "orders", "target_group_name": "default"}
    return {DB: instance(size), PROXY: {"name": "pool"}, TARGET: target}


def serverless(least: float, members: int) -> dict[str, Any]:
    scaling = [{"min_capacity": least, "max_capacity": 16}]
    member = {"cluster_identifier": "orders", "engine": AURORA, "instance_class": "db.serverless"}
    cluster = {"cluster_identifier": "orders", "engine": AURORA, "serverlessv2_scaling_configuration": scaling}
    return {CLUSTER: cluster, **{f"{MEMBER}[{index}]": member for index in range(members)}}


@pytest.mark.parametrize(
    ("size", "total"),
    [
        ("db.t4g.micro", "21.90"),  # 2 vCPUs
        ("db.r6g.large", "21.90"),
        ("db.r6g.xlarge", "43.80"),
        ("db.r6g.2xlarge", "87.60"),
    ],
)
def test_a_proxy_costs_by_the_vcpus_of_its_target(size: str, total: str) -> None:
    found = costed(plan_of(proxied(size)))
    assert usd(line(found, PROXY, "rds_proxy.vcpu_hours").monthly_usd or Decimal(0)) == total


def test_a_proxy_of_a_serverless_cluster_costs_eight_capacity_units_at_least() -> None:
    target = {"db_proxy_name": "pool", "db_cluster_identifier": "orders"}
    plan = plan_of({**serverless(0.5, 2), PROXY: {"name": "pool"}, TARGET: target})
    assert usd(line(costed(plan), PROXY, "rds_proxy.acu_hours", "fixed").monthly_usd or Decimal(0)) == "87.60"
    used = costed(plan, {"clusters": {CLUSTER: {"acu": 6}}})
    assert line(used, PROXY, "rds_proxy.acu_hours", "usage").monthly_usd == Decimal("43.800")  # 2 x 6 - 8 = 4 ACU


def test_a_proxy_without_a_target_is_undecidable() -> None:
    found = costed(plan_of({PROXY: {"name": "pool"}}))
    assert [each.reason for each in found.undecidable] == ["unknown: its target, as there is none in the plan"]


def test_a_proxy_of_a_class_that_no_table_has_is_undecidable() -> None:
    found = costed(plan_of(proxied("db.x9.large")))
    assert [each.reason for each in found.undecidable] == [f"unknown: the vCPUs of {DB} (db.x9.large)"]


def test_a_class_of_which_a_price_is_known() -> None:
    found = costed(plan_of({DB: instance("db.t4g.micro", manage_master_user_password=True)}))
    assert line(found, DB, "rds.instance.postgres.db.t4g.micro.single").monthly_usd == Decimal("11.680")
    assert line(found, DB, "secrets.secrets").monthly_usd == Decimal("0.40")


def test_a_price_is_never_taken_for_anothers() -> None:
    found = costed(plan_of({DB: instance("db.t4g.micro", multi_az=True)}))
    assert [each.reason for each in found.without_price] == [
        "no price is known of postgres instance db.t4g.micro, Multi-AZ in us-east-1",
        "no price is known of gp3 storage, Multi-AZ in us-east-1",
    ]
    assert found.totals.total_usd == 0


def test_an_unknown_class_is_undecidable() -> None:
    values = {name: value for name, value in instance("x").items() if name != "instance_class"}
    found = costed(plan_of({DB: values}, unknown={DB: {"instance_class": True}}))
    assert [each.reason for each in found.undecidable] == ["unknown: instance_class"]


def test_serverless_capacity_is_fixed_at_its_least_and_used_above() -> None:
    found = costed(plan_of(serverless(0.5, 2)), {"clusters": {"*": {"acu": 2}}})
    member = f"{MEMBER}[0]"
    assert line(found, member, "aurora.acu_hours", "fixed").monthly_usd == Decimal("43.80000")  # 0.5 x 730 x 0.12
    assert line(found, member, "aurora.acu_hours", "usage").monthly_usd == Decimal("131.40000")  # 1.5 x 730 x 0.12
    assert usd(found.totals.fixed_usd) == "87.60"


def test_instances_of_a_cluster_elsewhere_are_undecidable() -> None:
    values = {"cluster_identifier": "elsewhere", "engine": AURORA, "instance_class": "db.serverless"}
    found = costed(plan_of({MEMBER: values}))
    assert [each.reason for each in found.undecidable] == [
        "unknown: storage_type of its cluster, which decides its price"
    ]


def test_io_optimized_clusters_have_other_prices() -> None:
    resources = serverless(0.5, 1)
    resources[CLUSTER] = {**resources[CLUSTER], "storage_type": "aurora-iopt1"}
    assert [each.reason for each in costed(plan_of(resources)).without_price] == [
        "no price is known of Aurora storage, aurora-iopt1 in us-east-1",
        "no price is known of db.serverless of aurora-postgresql, aurora-iopt1 in us-east-1",
    ]


def test_a_cluster_without_capacity_is_undecidable() -> None:
    resources = serverless(0.5, 1)
    resources[CLUSTER] = {"cluster_identifier": "orders", "engine": AURORA}
    assert [each.reason for each in costed(plan_of(resources)).undecidable] == ["unknown: min_capacity of its cluster"]


def test_what_nothing_sets_is_what_aws_gives_but_for_what_is_restored() -> None:
    values = {
        name: value for name, value in instance("db.t4g.micro").items() if name not in ("multi_az", "storage_type")
    }
    unknown = {DB: {"multi_az": True, "storage_type": True}}
    found = costed(plan_of({DB: values}, unknown=unknown))
    assert [each.item for each in found.lines] == [
        "rds.instance.postgres.db.t4g.micro.single",
        "rds.storage.gp2.single",
    ]
    restored = plan_of({DB: values}, unknown=unknown, references={DB: {"snapshot_identifier": ["var.snapshot"]}})
    assert [each.reason for each in costed(restored).undecidable] == ["unknown: multi_az"]


def test_a_replica_has_the_engine_of_its_source() -> None:
    replica = {
        "identifier": "copy",
        "instance_class": "db.t4g.micro",
        "multi_az": False,
        "replicate_source_db": "orders",
    }
    plan = plan_of(
        {DB: instance("db.t4g.micro"), "aws_db_instance.copy": replica},
        unknown={"aws_db_instance.copy": {"engine": True}},
    )
    found = line(costed(plan), "aws_db_instance.copy", "rds.instance.postgres.db.t4g.micro.single")
    assert found.monthly_usd == Decimal("11.680")
