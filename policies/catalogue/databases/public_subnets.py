"""Databases, proxies and caches stand in no public subnet."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.network.answer import Answer
from analysis.network.targets import DATABASE_TYPES, Target, targets_of
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import cloud, merged, network, proxy, resource, subnet_ids
from policies.shared.databases_samples import database, known_later, later, public_subnets
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each database by the routes of the subnets of its subnet group."""
    for entry in view.plan.of(*DATABASE_TYPES):
        for target in targets_of(view.network, entry):
            yield _verdict(view, target)


def _verdict(view: View, target: Target) -> Verdict:
    entry = target.resource
    found = [(subnet, view.network.is_public(subnet)) for subnet in target.subnets]
    for subnet, check in found:
        if check.passes:
            gateway = f" ({check.address})" if check.address else ""
            return failed(entry, f"its subnet {subnet} has a route to an internet gateway{gateway}")
    for subnet, check in found:
        if check.answer is Answer.UNKNOWN:
            return unknown(entry, f"whether its subnet {subnet} is public cannot be told without knowing {check.note}")
    if target.doubts or not found:
        what = target.doubts[0] if target.doubts else "its subnets"
        return unknown(entry, f"whether its subnets are public cannot be told without knowing {what}")
    return passed(entry)


def _group(name: str, subnets: str) -> Sample:
    return resource("aws_db_subnet_group", name, name=cloud(name), subnet_ids=subnets)


def _named(group: str) -> str:
    return f"${{aws_db_subnet_group.{group}.name}}"


_OPEN_GROUPS = ["${aws_security_group.open.id}"]
_OPEN = {"db_subnet_group_name": _named("open"), "vpc_security_group_ids": _OPEN_GROUPS}

POLICY = Policy(
    id="CKV2_LNET_304",
    title="Databases, proxies and caches stand in no public subnet",
    severity=Severity.HIGH,
    types=DATABASE_TYPES,
    why="In a subnet with a route to an internet gateway a database is one setting, publicly_accessible, away from "
    "the internet.",
    source="Security Hub controls for Amazon RDS, RDS.46 and RDS.18",
    fix="Put it into subnets whose route tables have no route to an internet gateway.",
    judge=judge,
    samples=(
        merged(
            public_subnets(),
            database("passes_in_private_subnets"),
            database("fails_in_public_subnets", **_OPEN),
            proxy("passes_in_private_subnets"),
            proxy(
                "fails_in_public_subnets", vpc_subnet_ids=subnet_ids(name="open"), vpc_security_group_ids=_OPEN_GROUPS
            ),
        ),
        merged(
            public_subnets(),
            network(),
            later(open=subnet_ids(name="open"), private=subnet_ids()),
            _group("open_later", known_later("open")),
            _group("private_later", known_later("private")),
            database("unknown_then_fails_by_variable", **{**_OPEN, "db_subnet_group_name": _named("open_later")}),
            database("unknown_then_passes_by_variable", db_subnet_group_name=_named("private_later")),
        ),
    ),
)
