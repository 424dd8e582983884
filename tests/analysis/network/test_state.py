"""What the state lists of rules and routes that the plan changes or destroys does not count any more."""

from __future__ import annotations

from typing import Any

from tests.analysis.documents import Entry, ref, resource
from tests.analysis.network.houses import To, admit, host, house, made, planned, target, verdict
from tests.analysis.network.wings import (
    DATABASE,
    DATABASE_OUT,
    PORT,
    database,
)

GROUP_ID, TABLE_ID, ACL_ID = "sg-0123456789abcdef0", "rtb-0123456789abcdef0", "acl-0123456789abcdef0"


def kept(address: str, expressions: dict[str, Any], **values: Any) -> Entry:
    """A resource that the plan leaves as it is."""
    named = {name: ref(value) for name, value in expressions.items()}
    unknown = dict.fromkeys(expressions, True)
    return resource(address, values, expressions=named, unknown=unknown, actions=("no-op",))


def gone(address: str, **before: Any) -> Entry:
    """A resource that the plan destroys."""
    return resource(address, before, actions=("delete",), before=before)


RULE = {
    "protocol": "tcp",
    "from_port": PORT,
    "to_port": PORT,
    "cidr_blocks": ["10.0.0.0/16"],
}


def test_a_rule_that_is_destroyed_is_not_taken_for_a_certain_one() -> None:
    state = kept("aws_security_group.database", {"vpc_id": "aws_vpc.main.id"}, id=GROUP_ID, ingress=[RULE])
    made_plan = planned(house(), database(), DATABASE_OUT, state)
    assert verdict(made_plan, target(made_plan, DATABASE, PORT)) == ("reachable", "")
    destroyed = gone("aws_security_group_rule.in", security_group_id=GROUP_ID, type="ingress", **RULE)
    made_plan = planned(house(), database(), DATABASE_OUT, state, destroyed)
    assert verdict(made_plan, target(made_plan, DATABASE, PORT))[0] == "undecidable"


def test_a_route_that_is_destroyed_leads_nowhere() -> None:
    route = {"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-0123456789abcdef0"}
    table = kept("aws_route_table.private_a", {"vpc_id": "aws_vpc.main.id"}, id=TABLE_ID, route=[route])
    entries = house()
    del entries["aws_route.a"]
    entries["aws_route_table_association.private_a"] = made(
        "aws_route_table_association.private_a",
        subnet_id=To("aws_subnet.private_a.id"),
        route_table_id=To("aws_route_table.private_a.id"),
    )
    assert verdict(planned(entries, table), host())[0] == "undecidable"
    destroyed = gone("aws_route.a", route_table_id=TABLE_ID, destination_cidr_block="0.0.0.0/0")
    assert verdict(planned(entries, table, destroyed), host()) == (
        "unreachable",
        "a route of aws_route_table.private_a from 0.0.0.0/0 to a NAT gateway, for aws_subnet.private_a",
    )


def test_a_rule_of_an_acl_that_is_destroyed_lets_nothing_through() -> None:
    rules = {"rule_no": 100, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0}
    both = {name: [{**rules, "cidr_block": "0.0.0.0/0"}] for name in ("ingress", "egress")}
    acl = resource(
        "aws_network_acl.own",
        {"id": ACL_ID, **both},
        expressions={
            "vpc_id": {"references": ["aws_vpc.main.id"]},
            "subnet_ids": {"references": ["aws_subnet.private_a.id"]},
        },
        unknown={"vpc_id": True, "subnet_ids": True},
        actions=("no-op",),
    )
    assert verdict(planned(house(), acl), host()) == ("reachable", "")
    destroyed = gone("aws_network_acl_rule.in", network_acl_id=ACL_ID, rule_number=100, egress=False)
    assert verdict(planned(house(), acl, destroyed), host())[0] == "unreachable"


def test_groups_without_changes_keep_what_the_state_lists() -> None:
    state = kept("aws_security_group.function", {"vpc_id": "aws_vpc.main.id"}, id=GROUP_ID, egress=[RULE])
    admitted = admit("in", "ingress", PORT, of="database", to="function")
    made_plan = planned(house(), database(), state, admitted)
    assert verdict(made_plan, target(made_plan, DATABASE, PORT)) == ("reachable", "")
