"""Paths between two VPCs: peering connections and transit gateways, with routes both ways."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.reach.model import Destination, Kind
from tests.analysis.documents import Entry, resource
from tests.analysis.network.houses import (
    To,
    admit,
    function,
    house,
    judged,
    made,
    planned,
    target,
    verdict,
    without,
)
from tests.analysis.network.wings import (
    DATABASE,
    DATABASE_IN,
    DATABASE_OUT,
    OVER,
    PORT,
    database,
    peering,
    reached,
    two_vpcs,
    ways,
)


@pytest.mark.parametrize(
    ("connection", "routes", "expected"),
    [
        (peering(), ways(*OVER), ("reachable", "")),
        (peering(vpc_id=To("aws_vpc.other.id"), peer_vpc_id=To("aws_vpc.main.id")), ways(*OVER), ("reachable", "")),
        (peering(), ways(*OVER, back=False), ("unreachable", "a route of aws_route_table.data_a from")),
        (
            peering(auto_accept=False),
            ways(*OVER),
            ("undecidable", "whether aws_vpc_peering_connection.over is accepted"),
        ),
        (peering(peer_vpc_id="vpc-0123456789abcdef0"), ways(*OVER), ("unreachable", "a peering connection of")),
        (peering(peer_vpc_id=To("local.vpc")), ways(*OVER), ("undecidable", "which VPCs")),
    ],
)
def test_peering(connection: Entry, routes: list[Entry], expected: tuple[str, str]) -> None:
    verdict_, missing = reached(two_vpcs(), connection, routes)
    assert verdict_ == expected[0], missing
    assert expected[1] in missing


def test_two_vpcs_without_a_way_between() -> None:
    entries = without(two_vpcs(), "aws_route.a", "aws_route.b")
    assert reached(entries) == (
        "unreachable",
        "a route of aws_route_table.private_a from aws_subnet.private_a to aws_subnet.data_a",
    )


def test_the_default_route_to_nat_leads_to_no_other_vpc() -> None:
    assert reached(two_vpcs())[0] == "unreachable"


def transit(*vpcs: str, **more: Any) -> list[Entry]:
    tier = {"main": "private", "other": "data"}
    return [
        made("aws_ec2_transit_gateway.over", **more),
        *(
            made(
                f"aws_ec2_transit_gateway_vpc_attachment.{vpc}",
                transit_gateway_id=To("aws_ec2_transit_gateway.over.id"),
                vpc_id=To(f"aws_vpc.{vpc}.id"),
                subnet_ids=[To(f"aws_subnet.{tier[vpc]}_a.id"), To(f"aws_subnet.{tier[vpc]}_b.id")],
            )
            for vpc in vpcs
        ),
    ]


TRANSIT = ("transit_gateway_id", "aws_ec2_transit_gateway.over.id")
BY_ADDRESS = [
    admit("in", "ingress", PORT, of="database", cidr="10.0.0.0/16"),
    admit("out", "egress", PORT, of="function", cidr="10.1.0.0/16"),
]


@pytest.mark.parametrize(
    ("given", "rules", "expected"),
    [
        (transit("main", "other"), BY_ADDRESS, ("reachable", "")),
        (transit("main", "other"), [], ("unreachable", "an egress rule")),
        (transit("main", "other", security_group_referencing_support="enable"), [], ("reachable", "")),
        (transit("main"), BY_ADDRESS, ("unreachable", "an attachment of aws_vpc.other")),
        (transit("main", "other", default_route_table_propagation="disable"), BY_ADDRESS, ("undecidable", "the route")),
        (
            [
                *transit("main", "other"),
                made("aws_ec2_transit_gateway_route.over", destination_cidr_block="10.0.0.0/8"),
            ],
            BY_ADDRESS,
            ("undecidable", "the route tables of aws_ec2_transit_gateway.over"),
        ),
    ],
)
def test_transit_gateways(given: list[Entry], rules: list[Entry], expected: tuple[str, str]) -> None:
    verdict_, missing = reached(two_vpcs(), given, ways(*TRANSIT), rules)
    assert verdict_ == expected[0], missing
    assert expected[1] in missing


def test_what_stands_outside_the_plan_is_undecidable() -> None:
    given = planned(house())
    unnamed = Destination(Kind.RESOURCE, "db.elsewhere.example", ports=(PORT,))
    assert verdict(given, unnamed) == ("undecidable", "where db.elsewhere.example stands")
    caller = function(vpc_config={"subnet_ids": ["subnet-0123456789abcdef0"]})
    assert reached(house(), database(), DATABASE_OUT, DATABASE_IN, caller)[0] == "undecidable"


def test_a_subnet_that_a_data_source_reads_is_in_a_vpc_of_its_own() -> None:
    data = resource("data.aws_subnet.private", {"id": "subnet-0123456789abcdef0", "vpc_id": "vpc-0123456789abcdef0"})
    caller = function(vpc_config={"subnet_ids": [To("data.aws_subnet.private.id")]})
    assert reached(house(), database(), DATABASE_OUT, DATABASE_IN, data, caller)[0] == "undecidable"


def test_findings_say_it_in_whole_sentences() -> None:
    given = planned(house(), database(), DATABASE_IN)
    errors = [entry for entry in judged(given, target(given, DATABASE, PORT)).findings if entry.level == "error"]
    missing = "an egress rule of aws_security_group.function for TCP 5432 to aws_db_instance.orders"
    assert [(entry.rule, entry.missing) for entry in errors] == [("no-path", missing)]
    assert str(errors[0]) == (
        "aws_lambda_function.api: it cannot reach aws_db_instance.orders (a test needs it), and will wait until it "
        f"times out: {missing} is missing; add the rule"
    )


def test_what_cannot_be_told_is_a_finding_too() -> None:
    caller = function(groups=[], vpc_config={"security_group_ids": ["sg-0123456789abcdef0"]})
    given = planned(house(), database(), admit("in", "ingress", PORT, of="database", cidr="10.0.0.0/16"), caller)
    (entry,) = (e for e in judged(given, target(given, DATABASE, PORT)).findings if e.rule == "undecided-path")
    unknown = "the rules of sg-0123456789abcdef0, which is outside the plan"
    assert (entry.level, entry.missing) == ("undecidable", unknown)
    assert str(entry) == (
        "aws_lambda_function.api: whether it reaches aws_db_instance.orders (a test needs it) cannot be told, as this "
        f"is not known: {unknown}; check that it lets TCP 5432 to aws_db_instance.orders through"
    )
