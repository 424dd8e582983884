"""Which route table and which network ACL a subnet has."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.network import Network
from tests.analysis.documents import Entry, resource
from tests.analysis.network.houses import To, house, made, network, without

A = "aws_subnet.private_a"


def bare() -> dict[str, Entry]:
    """The network with a subnet that nothing associates with a table."""
    return without(house(), "aws_route_table_association.private_a")


def table(given: Network, address: str = A) -> tuple[list[str], tuple[str, ...]]:
    found = given.plan.at(address)
    assert found
    parts = given.routes.table_of(given.vpcs.subnet(found))
    return [str(part) for part in parts.known], parts.unknown


VPC, OWN = To("aws_vpc.main.id"), To("aws_route_table.private_b.id")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], "the default route table of aws_vpc.main"),
        ([made("aws_main_route_table_association.main", vpc_id=VPC, route_table_id=OWN)], "aws_route_table.private_b"),
        (
            [made("aws_default_route_table.main", default_route_table_id=To("aws_vpc.main.default_route_table_id"))],
            "aws_default_route_table.main",
        ),
        (
            [made("aws_route_table_association.x", subnet_id=To(f"{A}.id"), route_table_id=OWN)],
            "aws_route_table.private_b",
        ),
        (
            [
                made(
                    "aws_route_table_association.x",
                    subnet_id=To(f"{A}.id"),
                    route_table_id=To("aws_vpc.main.main_route_table_id"),
                )
            ],
            "the default route table of aws_vpc.main",
        ),
    ],
)
def test_the_table_of_a_subnet(more: list[Entry], expected: str) -> None:
    assert table(network(bare(), more)) == ([expected], ())


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            [made("aws_route_table_association.x", subnet_id=To("local.subnet"), route_table_id=OWN)],
            "the subnet of aws_route_table_association.x",
        ),
        ([made("aws_default_route_table.x", default_route_table_id=To("local.table"))], "the VPC of aws_default_"),
        (
            [
                made("aws_main_route_table_association.x", vpc_id=To("local.vpc"), route_table_id=OWN),
                made("aws_vpc.other"),
            ],
            "the VPC of aws_main_route_table_association.x",
        ),
        ([made(A, vpc_id="vpc-0123456789abcdef0")], "the main route table of vpc-0123456789abcdef0"),
        ([made(A, vpc_id=[To("aws_vpc.main.id"), To("aws_vpc.other.id")]), made("aws_vpc.other")], f"the VPC of {A}"),
    ],
)
def test_a_table_that_cannot_be_told(more: list[Entry], expected: str) -> None:
    known, unknown = table(network(bare(), more))
    assert known == []
    assert unknown[0].startswith(expected)


def test_an_unknown_association_leaves_subnets_with_their_own_alone() -> None:
    entry = made("aws_route_table_association.x", subnet_id=To("local.subnet"), route_table_id=OWN)
    assert table(network(house(), entry)) == (["aws_route_table.private_a"], ())


def test_a_local_value_in_a_module_with_one_vpc_is_that_vpc() -> None:
    def inside(address: str, values: dict[str, Any], **expressions: str) -> Entry:
        named = {name: {"references": [value]} for name, value in expressions.items()}
        unknown = {"id": True, **dict.fromkeys(expressions, True)}
        return resource(address, values, expressions=named, unknown=unknown, module="module.vpc")

    vpc = inside("aws_vpc.this", {"cidr_block": "10.0.0.0/16"})
    placed = inside("aws_subnet.a", {"cidr_block": "10.0.0.0/24"}, vpc_id="local.vpc_id")
    given = network({}, vpc, placed)
    assert table(given, "module.vpc.aws_subnet.a") == (["the default route table of module.vpc.aws_vpc.this"], ())
    second = inside("aws_vpc.second", {"cidr_block": "10.1.0.0/16"})
    inner = resource("aws_vpc.inner", {"cidr_block": "10.1.0.0/16"}, module="module.vpc.module.inner")
    for other in (second, inner):
        known, unknown = table(network({}, vpc, other, placed), "module.vpc.aws_subnet.a")
        assert (known, unknown) == ([], ("the main route table of module.vpc.local.vpc_id",))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], ["the default network ACL of aws_vpc.main"]),
        ([made("aws_network_acl.own", vpc_id=VPC, subnet_ids=[To(f"{A}.id")])], ["aws_network_acl.own"]),
        (
            [
                made("aws_network_acl.own", vpc_id=VPC),
                made(
                    "aws_network_acl_association.own",
                    subnet_id=To(f"{A}.id"),
                    network_acl_id=To("aws_network_acl.own.id"),
                ),
            ],
            ["aws_network_acl.own"],
        ),
        (
            [made("aws_default_network_acl.own", default_network_acl_id=To("aws_vpc.main.default_network_acl_id"))],
            ["aws_default_network_acl.own"],
        ),
        ([made("aws_network_acl.own", vpc_id=VPC, subnet_ids=To("local.subnets"))], []),
        ([made("aws_default_network_acl.own", default_network_acl_id=To("local.acl"))], []),
    ],
)
def test_the_network_acl_of_a_subnet(more: list[Entry], expected: list[str]) -> None:
    given = network(house(), more)
    found = given.plan.at(A)
    assert found
    parts = given.acls.of(given.vpcs.subnet(found))
    assert [str(part) for part in parts.known] == expected
    assert bool(parts.unknown) == (not expected)
