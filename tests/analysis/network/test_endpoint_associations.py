"""Associations add to endpoints; where the endpoint of one is not known, it may be any."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.network import Network
from analysis.network.endpoints import Endpoint
from analysis.plan import synthesized_plan

KINDS = {
    "aws_vpc_endpoint_route_table_association": ("route_table_id", "${aws_route_table.it.id}", "tables"),
    "aws_vpc_endpoint_subnet_association": ("subnet_id", "${aws_subnet.it.id}", "subnets"),
    "aws_vpc_endpoint_security_group_association": ("security_group_id", "${aws_security_group.it.id}", "groups"),
}


def endpoint(kind: str, named: str) -> Endpoint:
    name, value, _ = KINDS[kind]
    resources: dict[str, Any] = {
        kind: {"it": {name: value, "vpc_endpoint_id": named}},
        "aws_vpc_endpoint": {"it": {"service_name": "com.amazonaws.eu-west-1.sqs", "vpc_endpoint_type": "Interface"}},
        "aws_route_table": {"it": {}},
        "aws_subnet": {"it": {}},
        "aws_security_group": {"it": {}},
    }
    [found] = Network(synthesized_plan({"resource": resources})).endpoints.every
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_it_adds_to_its_endpoint(kind: str) -> None:
    parts = getattr(endpoint(kind, "${aws_vpc_endpoint.it.id}"), KINDS[kind][2])

    assert [str(part) for part in parts.known] == [KINDS[kind][1].removeprefix("${").removesuffix(".id}")]
    assert parts.unknown == ()


@pytest.mark.parametrize("kind", KINDS)
def test_it_may_add_to_any_endpoint_where_its_own_is_not_known(kind: str) -> None:
    parts = getattr(endpoint(kind, "${var.endpoint}"), KINDS[kind][2])

    assert f"what {kind}.it adds" in parts.unknown


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_an_endpoint_elsewhere_adds_nothing(kind: str) -> None:
    parts = getattr(endpoint(kind, "vpce-0123456789abcdef0"), KINDS[kind][2])

    assert f"what {kind}.it adds" not in parts.unknown
