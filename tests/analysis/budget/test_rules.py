"""Rules of security groups and routes of route tables."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.budget import Row, Verdict
from tests.analysis.budget.samples import counted, group, told, vpc
from tests.analysis.documents import Entry, plan, ref, resource, text


def rule(name: str, direction: str = "ingress", **values: Any) -> Entry:
    return resource(
        f"aws_vpc_security_group_{direction}_rule.{name}",
        values,
        unknown={"security_group_id": True},
        expressions={"security_group_id": ref("aws_security_group.x.id")},
    )


def row(*entries: Entry, name: str = "inbound-rules-per-security-group") -> Row:
    found = counted(plan(vpc(), *entries)).row(name, "aws_security_group.x")
    assert found
    return found


def inline(*blocks: dict[str, Any]) -> Entry:
    return resource(
        "aws_security_group.x",
        {"name": "x", "ingress": list(blocks)},
        unknown={"id": True},
        expressions={"ingress": text(list(blocks)), "vpc_id": ref("aws_vpc.main.id")},
    )


def test_rules_of_both_directions_are_counted_apart() -> None:
    entries = (group("x"), rule("a", cidr_ipv4="10.0.0.0/8"), rule("b", "egress", cidr_ipv4="0.0.0.0/0"))
    assert row(*entries).after == 1
    assert row(*entries, name="outbound-rules-per-security-group").after == 1


def test_sixty_ranges_fit_and_sixty_one_may_not() -> None:
    def many(count: int) -> list[Entry]:
        return [group("x"), *(rule(f"r{number:02}", cidr_ipv4=f"10.0.{number}.0/24") for number in range(count))]

    assert row(*many(60)).verdict is Verdict.FITS
    assert row(*many(61)).verdict is Verdict.UNDECIDABLE


def test_addresses_of_both_kinds_are_counted_apart_and_groups_count_for_both() -> None:
    both = (
        rule("four", cidr_ipv4="10.0.0.0/8"),
        rule("six", cidr_ipv6="fd00::/8"),
        rule("group", referenced_security_group_id="sg-0123456789abcdef0"),
    )
    assert row(group("x"), *both).after == 2


def test_a_block_counts_each_range_and_group() -> None:
    block = {"cidr_blocks": ["10.0.0.0/8", "172.16.0.0/12"], "security_groups": ["sg-0123456789abcdef0"], "self": True}
    assert row(inline(block)).after == 4


@pytest.mark.parametrize(
    ("entry", "expressions", "count"),
    [
        (
            resource("aws_ec2_managed_prefix_list.office", {"max_entries": 25}, unknown={"id": True}),
            ref("aws_ec2_managed_prefix_list.office.id"),
            25,
        ),
        (
            resource("aws_vpc_endpoint.s3", {"service_name": "com.amazonaws.eu-west-1.s3"}, unknown={"id": True}),
            ref("aws_vpc_endpoint.s3.prefix_list_id"),
            1,
        ),
        (
            resource(
                "data.aws_ec2_managed_prefix_list.edge",
                {"id": "pl-0123456789abcdef0", "name": "com.amazonaws.global.cloudfront.origin-facing"},
            ),
            ref("data.aws_ec2_managed_prefix_list.edge.id"),
            55,
        ),
    ],
)
def test_a_prefix_list_counts_with_its_most_entries(entry: Entry, expressions: Any, count: int) -> None:
    listed = resource(
        "aws_vpc_security_group_ingress_rule.list",
        unknown={"security_group_id": True, "prefix_list_id": True},
        expressions={"security_group_id": ref("aws_security_group.x.id"), "prefix_list_id": expressions},
    )
    assert row(group("x"), entry, listed).after == count


def test_a_prefix_list_outside_the_plan_is_not_known() -> None:
    assert told(vpc(), group("x"), rule("list", prefix_list_id="pl-0123456789abcdef0")) == [
        (
            "undecidable inbound-rules-per-security-group: aws_vpc_security_group_ingress_rule.list: whether the "
            "inbound rules of aws_security_group.x stay within 60 (AWS's default, VPC quotas) cannot be told, as the "
            "plan does not tell the entries of pl-0123456789abcdef0, which is no resource of the plan; read it with a "
            "data source, such as aws_subnet or aws_ec2_managed_prefix_list"
        )
    ]


def test_rules_that_aws_fills_in_are_not_counted_twice() -> None:
    state = {"id": "sg-0123456789abcdef0", "name": "x", "ingress": [{"cidr_blocks": ["10.0.0.0/8"]}]}
    old = resource("aws_security_group.x", state, actions=("no-op",), before=state)
    kept = {"security_group_id": "sg-0123456789abcdef0", "cidr_ipv4": "10.0.0.0/8"}
    entry = resource("aws_vpc_security_group_ingress_rule.a", kept, actions=("no-op",), before=kept)
    found = row(old, entry)
    assert (found.before, found.after) == (1, 1)
    alone = row(old)
    assert (alone.before, alone.after) == (1, 1)


def test_routes_of_a_table_in_every_spelling() -> None:
    blocks = [{"cidr_block": "0.0.0.0/0"}, {"cidr_block": "10.1.0.0/16"}]
    entries = (
        resource(
            "aws_route_table.a",
            {"route": blocks},
            unknown={"id": True},
            expressions={"route": text(blocks)},
        ),
        resource("aws_route_table.b", unknown={"id": True, "route": True}),
        resource(
            "aws_route.b", unknown={"route_table_id": True}, expressions={"route_table_id": ref("aws_route_table.b.id")}
        ),
        resource(
            "aws_vpc_endpoint.s3",
            {"vpc_endpoint_type": "Gateway"},
            unknown={"route_table_ids": True},
            expressions={"route_table_ids": ref("aws_route_table.a.id", "aws_route_table.b.id")},
        ),
    )
    found = counted(plan(*entries))
    assert {row.scope: row.after for row in found.rows if row.rule == "routes-per-table"} == {
        "aws_route_table.a": 3,
        "aws_route_table.b": 2,
    }
