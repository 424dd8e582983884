"""Paths to network interfaces in a VPC: databases, proxies, caches, mount targets, brokers, endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.network import Answer, Check
from analysis.network.answer import no, unknown, yes
from analysis.network.peer import Port
from analysis.network.rules import EGRESS, INGRESS
from analysis.network.targets import Target, is_file_system, targets_of
from analysis.network.vpcs import Subnet
from analysis.plan import Resource
from analysis.reach.model import Destination, Verdict
from analysis.reach.paths_vpcs import between
from analysis.reach.start import Start
from analysis.reach.trail import Outcome, Trail, every, some, undecided

_ACL, _RULE = "network ACL", "security group rule"


def to_resource(start: Start, destination: Destination) -> Outcome:
    """What comes of the way to a resource's interfaces."""
    resource = destination.resource
    if resource is None:
        return undecided(f"where {destination.name} stands", "name it by a reference")
    targets = targets_of(start.network, resource)
    ports = ports_of(destination)
    if is_file_system(resource):
        return _to_mount_target(start, resource, targets, ports)
    if not targets:
        return undecided(f"where the network interfaces of {resource} stand")
    return every(to_target(start, target, ports) for target in targets)


def ports_of(destination: Destination) -> tuple[Port, ...]:
    """The ports that are tried; one that is not known where the plan does not tell."""
    owner = destination.resource
    return tuple(Port(number, owner) for number in destination.ports) or (Port(None, owner),)


def to_target(start: Start, target: Target, ports: Sequence[Port]) -> Outcome:
    """What comes of the way to all interfaces of a target; to the one where it stands in one of several subnets."""
    if not target.subnets:
        doubt = target.doubts[0] if target.doubts else f"the subnets of {target.resource}"
        steps = Trail()
        steps.add(_RULE, start.egress(target.peer(None), ports[0]))
        steps.add("subnet", unknown(doubt, f"check the way to {target.resource}", target.resource.address))
        return steps.outcome()
    outcomes = [_to_subnet(start, target, subnet, port).outcome() for subnet in target.subnets for port in ports]
    worst = every(outcomes)
    if target.doubts and worst.is_reachable:
        return undecided(f"the subnets of {target.resource} ({', '.join(target.doubts)})", "", worst.hops)
    verdicts = {outcome.verdict for outcome in outcomes}
    if worst.verdict is Verdict.UNREACHABLE and not target.is_everywhere and len(verdicts) > 1:
        missing = f"in which of its subnets {target.resource} stands: from there, {worst.missing} is missing"
        return undecided(missing, worst.fix, some(outcomes).hops)
    return worst


def _to_subnet(start: Start, target: Target, subnet: Subnet, port: Port) -> Trail:
    trail, network = Trail(), start.network
    same = network.same_vpc(start.subnet.vpc, subnet.vpc)
    way, by_group = (Trail(), True) if same is Answer.YES else between(network, start.subnet, subnet)
    peer = target.peer(subnet, by_group=by_group)
    trail.add(_RULE, start.egress(peer, port))
    acls, apart = network.acls, start.subnet.part != subnet.part
    if apart:
        trail.add(_ACL, acls.request(start.subnet, EGRESS, peer, port))
    if same is Answer.YES:
        trail.add("local route", yes("the VPC's own route"))
    elif same is Answer.UNKNOWN:
        trail.add("VPC", unknown(f"whether {start.subnet} and {subnet} lie in one VPC"))
    else:
        trail.extend(way)
    if apart:
        trail.add(_ACL, acls.request(subnet, INGRESS, start.peer, port))
    if target.groups or target.group_doubts:
        trail.add(_RULE, _ingress(start, target, port, by_group=by_group))
    if apart:
        trail.add(_ACL, acls.answers(subnet, EGRESS, start.peer))
        trail.add(_ACL, acls.answers(start.subnet, INGRESS, peer))
    return trail


def _ingress(start: Start, target: Target, port: Port, *, by_group: bool) -> Check:
    peer = replace(start.peer, by_group=by_group)
    check = start.network.groups.admits(target.groups, INGRESS, peer, port)
    if check.answer is not Answer.YES and target.group_doubts:
        return unknown(f"the security groups of {target.resource} ({', '.join(target.group_doubts)})")
    return check


def _to_mount_target(start: Start, system: Resource, targets: Sequence[Target], ports: Sequence[Port]) -> Outcome:
    """A function mounts a file system by the mount target in its subnet's zone (EFS guide)."""
    zone, astray = start.subnet.zone, start.network.mounts_astray.first(system)
    if not targets:
        trail = Trail()
        fix = "add an aws_efs_mount_target in each zone of the function"
        trail.add("mount target", no(f"a mount target of {system}", fix, system.address))
        return undecided(f"the file system of {astray}") if astray else trail.outcome()
    near = [
        target
        for target in targets
        if any(subnet.part == start.subnet.part or (zone and subnet.zone == zone) for subnet in target.subnets)
    ]
    if near:
        return some([to_target(start, target, ports) for target in near])
    zones = {subnet.zone for target in targets for subnet in target.subnets}
    if astray:
        return undecided(f"the file system of {astray}")
    if not zone or "" in zones or not zones or any(target.doubts for target in targets):
        outcome = every(to_target(start, target, ports) for target in targets)
        if outcome.verdict is Verdict.UNREACHABLE:
            return outcome
        return undecided(f"whether {system} has a mount target in the zone of {start.subnet}", "", outcome.hops)
    trail = Trail()
    fix = f"add an aws_efs_mount_target in {zone}"
    trail.add("mount target", no(f"a mount target of {system} in {zone}, the zone of {start.subnet}", fix))
    return trail.outcome()
