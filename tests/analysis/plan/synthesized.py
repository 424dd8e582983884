"""Synthesized JSON of a few resources, as a plan."""

from __future__ import annotations

from typing import Any

from analysis.plan import Plan, Resource, synthesized_plan

SUBNET = {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"}


def plan_of(resources: Any, **sections: Any) -> Plan:
    """The plan of these resources and sections."""
    return synthesized_plan({"resource": resources, **sections}, "cdk.tf.json")


def one(kind: str, body: Any, **sections: Any) -> Resource:
    """One resource of such a plan."""
    found = plan_of({kind: {"it": body}}, **sections).at(f"{kind}.it")
    assert found is not None
    return found
