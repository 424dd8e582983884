"""Synthesized JSON as a plan: what `count`, `for_each` and `dynamic` make of one block."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import UNKNOWN
from tests.analysis.plan.synthesized import SUBNET, one, plan_of


def test_count_gives_instances() -> None:
    plan = plan_of({"aws_subnet": {"it": {**SUBNET, "count": 2, "cidr_block": "10.0.${count.index}.0/24"}}})

    assert [entry.get("cidr_block") for entry in plan.of("aws_subnet")] == ["10.0.0.0/24", "10.0.1.0/24"]
    assert [entry.address for entry in plan.of("aws_subnet")] == ["aws_subnet.it[0]", "aws_subnet.it[1]"]
    assert plan_of({"aws_subnet": {"it": {"count": 0}}, "aws_vpc": {"it": {}}}).of("aws_subnet") == ()


@pytest.mark.parametrize("each", [{"a": "10.0.0.0/24"}, '${toset(["a"])}', "${local.zones}"])
def test_for_each_gives_instances(each: Any) -> None:
    plan = plan_of(
        {"aws_subnet": {"it": {**SUBNET, "for_each": each, "tags": {"Name": "${each.key}"}}}},
        locals={"zones": {"a": "10.0.0.0/24"}},
    )
    [found] = plan.of("aws_subnet")

    assert (found.address, found.key) == ('aws_subnet.it["a"]', "a")
    assert found.get("tags.Name") == "a"


@pytest.mark.parametrize(
    ("repeat", "reference"),
    [
        ({"count": "${var.zones}"}, "${aws_subnet.it[*].id}"),
        ({"count": "${var.zones}"}, "${aws_subnet.it[0].id}"),
        ({"for_each": "${var.zones}"}, '${aws_subnet.it["a"].id}'),
    ],
)
def test_of_an_unknown_number_of_instances_nobody_takes_the_one_for_all(repeat: Any, reference: str) -> None:
    plan = plan_of(
        {
            "aws_subnet": {"it": {**SUBNET, **repeat}},
            "aws_lambda_function": {"it": {"vpc_config": {"subnet_ids": [reference]}}},
        }
    )
    [function] = plan.of("aws_lambda_function")
    links = plan.links(function, "vpc_config.subnet_ids", "aws_subnet")

    assert [entry.address for entry in plan.of("aws_subnet")] == ["aws_subnet.it"]
    assert links.resources == plan.of("aws_subnet")
    assert not links.is_complete
    assert links.only is None


def test_instances_that_go_in_step_lead_to_each_other() -> None:
    association = {"count": "${var.zones}", "subnet_id": "${aws_subnet.it[count.index].id}"}
    plan = plan_of(
        {
            "aws_subnet": {"it": {**SUBNET, "count": "${var.zones}"}},
            "aws_route_table_association": {"it": association},
        }
    )
    [found] = plan.of("aws_route_table_association")

    assert plan.links(found, "subnet_id").only is plan.at("aws_subnet.it")


def test_a_dynamic_block_is_unknown_and_never_absent() -> None:
    content = {"from_port": 22, "cidr_ipv4": "${ingress.value}", "security_groups": ["${aws_security_group.other.id}"]}
    body = {"ingress": [{"from_port": 443}], "dynamic": {"ingress": {"for_each": "${var.rules}", "content": content}}}
    plan = plan_of({"aws_security_group": {"it": body, "other": {}}})
    found = plan.at("aws_security_group.it")
    assert found

    assert found.get("ingress") is UNKNOWN
    assert found.blocks("ingress") == ()
    assert plan.is_configured(found, "ingress")
    links = plan.links(found, "ingress.security_groups", "aws_security_group")
    assert links.resources == (plan.at("aws_security_group.other"),)
    assert not links.is_complete


@pytest.mark.parametrize("as_list", [False, True])
def test_a_dynamic_block_over_literals_is_written_out(*, as_list: bool) -> None:
    block = {
        "for_each": ["10.0.0.0/16", "10.1.0.0/16"],
        "iterator": "each_cidr",
        "content": {"from_port": 1, "cidr_blocks": ["${each_cidr.value}"]},
    }
    found = one("aws_security_group", {"dynamic": [{"ingress": [block]}] if as_list else {"ingress": block}})

    assert [entry.get("cidr_blocks") for entry in found.blocks("ingress")] == [["10.0.0.0/16"], ["10.1.0.0/16"]]
