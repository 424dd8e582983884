"""What cannot be told in one module leaves the others alone, unless the module is given something of theirs."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.network import Network
from analysis.plan import Plan
from tests.analysis.documents import Entry, plan, ref, resource


def inside(module: str, address: str, values: Any = None, **expressions: str) -> Entry:
    named = {name: ref(value) for name, value in expressions.items()}
    unknown = {"id": True, **dict.fromkeys(expressions, True)}
    return resource(address, values or {}, expressions=named, unknown=unknown, module=module)


def network(module: str) -> list[Entry]:
    """A VPC with a subnet that has the main route table."""
    return [
        inside(module, "aws_vpc.this", {"cidr_block": "10.0.0.0/16"}),
        inside(module, "aws_subnet.a", {"cidr_block": "10.0.0.0/24"}, vpc_id="aws_vpc.this.id"),
    ]


STRAY = inside("module.stray", "aws_route_table_association.x", subnet_id="local.subnet", route_table_id="local.table")
LOOKUP = resource(
    "data.aws_subnets.all", {}, unknown={"id": True, "ids": True}, actions=("read",), module="module.stray"
)


def doubt(made: Plan, address: str = "module.network.aws_subnet.a") -> tuple[str, ...]:
    found, given = made.at(address), Network(made)
    assert found
    return given.routes.table_of(given.vpcs.subnet(found)).unknown


@pytest.mark.parametrize(
    ("inputs", "more", "expected"),
    [
        ({}, [], ()),
        ({"name": {"constant_value": "orders"}}, [], ()),
        (
            {"subnet": ref("module.network.subnet_id")},
            [],
            ("the subnet of module.stray.aws_route_table_association.x",),
        ),
        ({"subnet": ref("local.subnet")}, [], ("the subnet of module.stray.aws_route_table_association.x",)),
        ({}, [LOOKUP], ("the subnet of module.stray.aws_route_table_association.x",)),
    ],
)
def test_what_a_stray_association_may_lead_to(inputs: Any, more: list[Entry], expected: tuple[str, ...]) -> None:
    made = plan(
        *network("module.network"),
        STRAY,
        *more,
        calls={"stray": {"expressions": inputs}, "network": {}},
        outputs={"network.subnet_id": ref("aws_subnet.a.id")},
    )
    assert doubt(made) == expected


def test_a_stray_association_of_the_same_module_or_the_one_around_it() -> None:
    own = [
        inside("module.network", "aws_route_table_association.x", subnet_id="local.subnet", route_table_id="local.t")
    ]
    around = [
        resource(
            "aws_route_table_association.x", {}, expressions={"subnet_id": ref("local.s")}, unknown={"subnet_id": True}
        )
    ]
    for entries in (own, around):
        made = plan(*network("module.network"), *network("module.other"), *entries, calls={"network": {}, "other": {}})
        assert len(doubt(made)) == 1
    made = plan(*network("module.network"), *network("module.other"), *own, calls={"network": {}, "other": {}})
    assert doubt(made, "module.other.aws_subnet.a") == ()
