"""Addresses of subnets, and everything that is counted one by one."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.budget import Row, Verdict
from tests.analysis.budget.samples import LATER, counted, function, group, subnet, told, vpc
from tests.analysis.documents import Entry, plan, ref, resource

SMALL = (vpc(), subnet("a", "10.0.0.0/28"), group("x"))
TOO_SMALL = (
    "warning subnet-too-small: aws_subnet.a: aws_subnet.a has the smallest size there is, 16 addresses of which AWS "
    "keeps 5, and this plan takes 1 of the other 11, so that 10 are left, while each other set of security groups of "
    "functions takes 1, an interface endpoint 1, an Application Load Balancer 8 and an RDS Proxy 10 or more of its "
    "subnets together; use /26 or larger before anything is in the subnet, as the range of a subnet cannot be changed"
)


def balancer(**values: Any) -> Entry:
    return resource(
        "aws_lb.web", values, unknown={**LATER, "subnets": True}, expressions={"subnets": ref("aws_subnet.a.id")}
    )


def row(*entries: Entry, scope: str = "aws_subnet.a") -> Row:
    found = counted(plan(*entries)).row("addresses-per-subnet", scope)
    assert found
    return found


def test_the_smallest_subnet_leaves_functions_no_room() -> None:
    assert told(*SMALL, function("api", ["a"], ["x"])) == [TOO_SMALL]
    assert told(vpc(), subnet("a", "10.0.0.0/27"), group("x"), function("api", ["a"], ["x"])) == []
    assert told(*SMALL) == []


def test_addresses_are_counted_against_the_range_without_those_that_aws_keeps() -> None:
    groups = [group(f"g{number:02}") for number in range(12)]
    functions = [function(f"f{number:02}", ["a"], [f"g{number:02}"]) for number in range(12)]
    found = row(vpc(), subnet("a", "10.0.0.0/28"), *groups, *functions)
    assert (found.after, found.limit.value, found.verdict) == (12, 11, Verdict.OVER)
    [finding] = counted(plan(vpc(), subnet("a", "10.0.0.0/28"), *groups, *functions)).findings
    assert (finding.address, finding.missing) == ("aws_subnet.a", "12 of 11 addresses")
    assert finding.message == (
        "aws_subnet.a has 12 addresses after the plan and had 0 before, and at most 11 (10.0.0.0/28 has 16 addresses, "
        "of which AWS keeps 5; VPC guide) fit: aws_lambda_function.f00 adds 1, aws_lambda_function.f01 adds 1, "
        "aws_lambda_function.f02 adds 1, aws_lambda_function.f03 adds 1, aws_lambda_function.f04 adds 1 and 7 more"
    )


@pytest.mark.parametrize(("kind", "addresses"), [("application", 8), ("network", 1)])
def test_load_balancers_keep_addresses(kind: str, addresses: int) -> None:
    assert row(*SMALL, balancer(load_balancer_type=kind)).after == addresses


@pytest.mark.parametrize(
    ("size", "each"), [("db.r6g.large", 5), ("db.r6g.4xlarge", 13), ("db.r6g.16xlarge", 38), ("db.r6g.24xlarge", 55)]
)
def test_a_proxy_takes_addresses_by_the_size_of_its_target(size: str, each: int) -> None:
    entries = (
        resource("aws_db_instance.main", {"instance_class": size, "identifier": "main"}, unknown=LATER),
        resource(
            "aws_db_proxy.main",
            {"name": "main"},
            unknown={**LATER, "vpc_subnet_ids": True},
            expressions={"vpc_subnet_ids": ref("aws_subnet.a.id", "aws_subnet.b.id")},
        ),
        resource(
            "aws_db_proxy_target.main",
            {"db_proxy_name": "main", "db_instance_identifier": "main"},
            expressions={
                "db_proxy_name": ref("aws_db_proxy.main.name"),
                "db_instance_identifier": ref("aws_db_instance.main.identifier"),
            },
        ),
    )
    assert row(vpc(), subnet("a"), subnet("b", "10.0.1.0/24"), *entries).after == each


def test_nodes_of_databases_and_caches_spread_over_their_subnets() -> None:
    def subnets(kind: str) -> Entry:
        return resource(
            f"{kind}.main",
            {"name": "main"},
            unknown={"subnet_ids": True},
            expressions={"subnet_ids": ref("aws_subnet.a.id", "aws_subnet.b.id")},
        )

    entries = (
        subnets("aws_db_subnet_group"),
        subnets("aws_elasticache_subnet_group"),
        resource("aws_db_instance.main", {"db_subnet_group_name": "main", "multi_az": True}),
        resource("aws_elasticache_replication_group.main", {"subnet_group_name": "main", "num_cache_clusters": 3}),
    )
    found = row(vpc(), subnet("a"), subnet("b", "10.0.1.0/24"), *entries)
    assert found.after == 3  # 1 of 2 database nodes, and 3 halves of the cache


def test_subnets_without_ipv4_have_no_row() -> None:
    entry = subnet("a", ipv6_native=True, cidr_block=None)
    found = counted(plan(vpc(), entry, group("x"), function("api", ["a"], ["x"])))
    assert found.row("addresses-per-subnet") is None
    assert found.findings == ()


def test_the_range_of_a_subnet_outside_the_plan_is_not_known() -> None:
    entry = function("api", vpc_config=[{"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0a"]}])
    assert told(entry) == [
        (
            "undecidable addresses-per-subnet: aws_lambda_function.api: the most addresses that "
            "subnet-0123456789abcdef0 may have cannot be told, as the plan does not tell the range of "
            "subnet-0123456789abcdef0, which is no resource of the plan; read it with a data source, such as "
            "aws_subnet or aws_ec2_managed_prefix_list"
        )
    ]


def test_what_is_in_use_already_is_read_from_the_data_source() -> None:
    data = {"id": "subnet-0a", "cidr_block": "10.0.0.0/28", "available_ip_address_count": 2}
    entry = function("api", vpc_config=[{"subnet_ids": ["subnet-0a"], "security_group_ids": ["sg-0a"]}])
    found = row(resource("data.aws_subnet.a", data), entry, scope="data.aws_subnet.a")
    assert (found.before, found.after, found.limit.value) == (9, 10, 11)
    was = {"vpc_config": [{"subnet_ids": ["subnet-0a"], "security_group_ids": ["sg-0a"]}]}
    kept = resource("aws_lambda_function.api", was, actions=("no-op",), before=was)
    found = row(resource("data.aws_subnet.a", data), kept, scope="data.aws_subnet.a")
    assert (found.before, found.after) == (9, 9)


def test_the_size_of_a_subnet_from_an_address_pool_is_known() -> None:
    entry = resource(
        "aws_subnet.a",
        {"ipv4_netmask_length": 26},
        unknown={"id": True, "cidr_block": True},
        expressions={"ipv4_netmask_length": {"constant_value": 26}},
    )
    found = row(vpc(), entry, group("x"), function("api", ["a"], ["x"]))
    assert (found.limit.value, found.limit.source) == (59, "/26 has 64 addresses, of which AWS keeps 5; VPC guide")


@pytest.mark.parametrize(
    ("rule", "entries", "quota"),
    [
        ("elastic-ips-per-region", [resource(f"aws_eip.e[{number}]", unknown=LATER) for number in range(6)], 5),
        ("vpcs-per-region", [vpc(f"v{number}") for number in range(6)], 5),
        (
            "gateway-endpoints-per-region",
            [resource(f"aws_vpc_endpoint.g[{n}]", {"vpc_endpoint_type": "Gateway"}) for n in range(21)],
            20,
        ),
        ("subnets-per-vpc", [vpc(), *(subnet(f"s{n}", f"10.0.{n}.0/24") for n in range(201))], 200),
        ("security-groups-per-region", [vpc(), group("x")], 2_500),
    ],
)
def test_resources_are_counted_one_by_one(rule: str, entries: list[Entry], quota: int) -> None:
    found = counted(plan(*entries)).row(rule)
    assert found
    assert found.limit.value == quota
    assert found.verdict is (Verdict.UNDECIDABLE if found.after > quota else Verdict.FITS)
    assert found.after == sum(entry["type"] != "aws_vpc" or rule == "vpcs-per-region" for entry in entries)


def test_nat_gateways_are_counted_by_zone() -> None:
    def nat(name: str, subnet: str) -> Entry:
        named = {"subnet_id": ref(f"aws_subnet.{subnet}.id")}
        return resource(f"aws_nat_gateway.{name}", unknown={"subnet_id": True}, expressions=named)

    zones = (
        subnet("a", availability_zone="eu-west-1a"),
        subnet("b", "10.0.1.0/24", availability_zone="eu-west-1b"),
    )
    found = counted(plan(vpc(), *zones, nat("a", "a"), nat("b", "b"), nat("c", "b")), L_FE5A380F=1)
    assert {row.scope: (row.after, row.verdict) for row in found.rows if row.rule == "nat-gateways-per-zone"} == {
        "account 123456789012 in eu-west-1, eu-west-1a": (1, Verdict.FITS),
        "account 123456789012 in eu-west-1, eu-west-1b": (2, Verdict.OVER),
    }


def test_nat_gateways_of_zones_that_are_not_known_are_undecidable_once_one_zone_cannot_hold_them() -> None:
    def gateways(count: int) -> list[Verdict]:
        entries = [resource(f"aws_nat_gateway.n[{number}]", {"subnet_id": "subnet-0a"}) for number in range(count)]
        return [row.verdict for row in counted(plan(*entries)).rows if row.rule == "nat-gateways-per-zone"]

    assert gateways(5) == [Verdict.FITS]
    assert gateways(6) == [Verdict.UNDECIDABLE]


def test_six_groups_on_a_function_are_refused() -> None:
    names = [f"g{number}" for number in range(6)]
    groups = [group(name) for name in names]
    [finding] = counted(plan(vpc(), subnet("a"), *groups, function("api", ["a"], names))).findings
    assert (finding.rule, str(finding.level), finding.missing) == (
        "security-groups-per-function",
        "error",
        "6 of 5 security groups",
    )
    assert counted(plan(vpc(), subnet("a"), *groups, function("api", ["a"], names[:5]))).findings == ()
