"""An RDS proxy stands in two availability zones, in the VPC of its database."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.network.answer import Answer
from analysis.network.targets import Target, targets_of
from analysis.plan import Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import ZONES, merged, network, proxy, resource
from policies.shared.databases_samples import database, fronts, known_later, later, public_subnets
from policies.view import View

_DATABASES = {"db_instance_identifier": "aws_db_instance", "db_cluster_identifier": "aws_rds_cluster"}


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy by the zones of its subnets, and by the VPC of what is behind it."""
    for entry in view.plan.of("aws_db_proxy"):
        (target,) = targets_of(view.network, entry)
        wrong, doubts = list[str](), list[str]()
        _zones(target, wrong, doubts)
        _vpc(view, target, wrong, doubts)
        if wrong:
            yield failed(entry, "; ".join(wrong))
        elif doubts:
            yield unknown(entry, "; ".join(doubts))
        else:
            yield passed(entry)


def _zones(target: Target, wrong: list[str], doubts: list[str]) -> None:
    known = sorted({subnet.zone for subnet in target.subnets} - {""})
    unsure = [str(subnet) for subnet in target.subnets if not subnet.zone]
    if len(known) > 1:
        return
    if target.doubts or (unsure and len(target.subnets) > 1) or not target.subnets:
        what = target.doubts[0] if target.doubts else f"the zone of {', '.join(unsure)}"
        doubts.append(f"whether its subnets lie in two availability zones cannot be told without knowing {what}")
    else:
        where = known[0] if known else f"the zone of {unsure[0]}"
        wrong.append(f"all of its subnets lie in {where}, and RDS refuses a proxy in fewer than two zones")


def _vpc(view: View, target: Target, wrong: list[str], doubts: list[str]) -> None:
    for behind, doubt in _behind(view, target.resource):
        if behind is None:
            doubts.append(f"whether {doubt} lies in its VPC cannot be told")
            continue
        (other,) = targets_of(view.network, behind)
        if not target.subnets or not other.subnets:
            what = (*target.doubts, *other.doubts, f"the subnets of {behind}")[0]
            doubts.append(f"whether {behind} lies in its VPC cannot be told without knowing {what}")
            continue
        answer = view.network.same_vpc(target.subnets[0].vpc, other.subnets[0].vpc)
        if answer is Answer.NO:
            here, there = target.subnets[0].vpc, other.subnets[0].vpc
            wrong.append(f"it lies in {here} and its target {behind} in {there}; a proxy connects within its VPC only")
        elif answer is Answer.UNKNOWN:
            doubts.append(f"whether {behind} lies in its VPC cannot be told")


def _behind(view: View, proxy: Resource) -> Iterator[tuple[Resource | None, str]]:
    """Databases behind a proxy; None for one that is no resource of the plan, with its name."""
    for entry in view.plan.referrers(proxy, "aws_db_proxy_target", via="db_proxy_name"):
        for path, kind in _DATABASES.items():
            links = view.plan.links(entry, path, kind)
            yield from ((found, "") for found in links.resources)
            if not links.resources and (links.literals or links.unresolved):
                yield None, (*links.literals, f"{path} of {entry}")[0]


def _in_zone(name: str, zone: str) -> dict[str, object]:
    return resource("aws_subnet", name, vpc_id="${aws_vpc.main.id}", availability_zone=zone, cidr_block="10.0.9.0/24")


POLICY = Policy(
    id="CKV2_LNET_303",
    title="RDS proxy stands in two availability zones, in the VPC of its database",
    severity=Severity.HIGH,
    types=("aws_db_proxy",),
    why="RDS refuses a proxy whose subnets lie in one zone, and a proxy reaches databases of its own VPC only.",
    source="RDS guide, planning where to use RDS Proxy: network prerequisites",
    fix="Name a subnet in another zone of the database's VPC in vpc_subnet_ids.",
    judge=judge,
    samples=(
        merged(
            proxy("passes_in_two_zones"),
            database("orders"),
            fronts("passes_in_two_zones", "orders"),
            proxy("fails_in_one_zone", vpc_subnet_ids=["${aws_subnet.main_a.id}", "${aws_subnet.second.id}"]),
            _in_zone("second", ZONES[0]),
        ),
        merged(
            proxy("fails_in_another_vpc"),
            public_subnets(),
            database("orders", db_subnet_group_name="${aws_db_subnet_group.open.name}", vpc_security_group_ids=None),
            fronts("fails_in_another_vpc", "orders"),
        ),
        merged(
            network(),
            later(a=ZONES[0], b=ZONES[1]),
            resource(
                "aws_subnet",
                "far",
                vpc_id="${aws_vpc.main.id}",
                availability_zone=known_later("b"),
                cidr_block="10.0.8.0/24",
            ),
            resource(
                "aws_subnet",
                "near",
                vpc_id="${aws_vpc.main.id}",
                availability_zone=known_later("a"),
                cidr_block="10.0.7.0/24",
            ),
            proxy(
                "unknown_then_passes_by_variable", vpc_subnet_ids=["${aws_subnet.main_a.id}", "${aws_subnet.far.id}"]
            ),
            proxy(
                "unknown_then_fails_by_variable", vpc_subnet_ids=["${aws_subnet.main_a.id}", "${aws_subnet.near.id}"]
            ),
        ),
    ),
)
