"""Event sources whose pollers have network interfaces in a VPC, and file systems that are mounted.

Source: Lambda developer guide, network configuration of Amazon MSK, self-managed Apache Kafka and Amazon MQ. A poller
uses subnets and groups of the cluster or broker, and calls Lambda, STS and, with a secret, Secrets Manager. Provisioned
mode of MSK and Kafka needs no way for these calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.reach.model import Destination, Kind, Origin
from analysis.reach.needs_evidence import Evidence
from analysis.reach.needs_hosts import ports_of

_PLACES = {
    "aws_mq_broker": ("subnet_ids", "security_groups"),
    "aws_msk_cluster": ("broker_node_group_info.client_subnets", "broker_node_group_info.security_groups"),
    "aws_msk_serverless_cluster": ("vpc_config.subnet_ids", "vpc_config.security_group_ids"),
}
_ACCESS = "source_access_configuration"
_NETWORK = ("VPC_SUBNET", "VPC_SECURITY_GROUP")
_SIGN_IN_PORTS = {"SASL_SCRAM_512_AUTH": 9096, "CLIENT_CERTIFICATE_TLS_AUTH": 9094}
_IAM_PORT, _NFS_PORT = 9098, 2049
_WITHOUT_A_SECRET = ("VIRTUAL_HOST", "SERVER_ROOT_CA_CERTIFICATE", *_NETWORK)


def source_evidence(plan: Plan, function: Resource, mapping: Resource) -> Iterator[Evidence]:
    """What the pollers of an event source mapping need to reach."""
    kinds = tuple(str(block.get("type")) for block in mapping.blocks(_ACCESS))
    is_provisioned = mapping.get("provisioned_poller_config") not in (None, [])
    for source in plan.links(mapping, "event_source_arn", *_PLACES).resources:
        if is_provisioned or (source.type == "aws_mq_broker" and source.get("publicly_accessible") is True):
            continue
        origin = Origin(source, *_PLACES[source.type])
        yield from _calls(function, mapping, origin, kinds)
        ports = _ports(plan, source, kinds)
        reason = f"{mapping.address} polls {source.address}"
        target = Destination(Kind.RESOURCE, source.address, resource=source, ports=ports)
        yield Evidence(function, target, reason, origin=origin)
    if mapping.get("self_managed_event_source") not in (None, []) and set(kinds) & set(_NETWORK) and not is_provisioned:
        yield from _calls(function, mapping, Origin(mapping, _ACCESS, _ACCESS), kinds)


def file_evidence(plan: Plan, function: Resource) -> Iterator[Evidence]:
    """The mount targets of the file systems that a function mounts, in the zones of its subnets."""
    for block in function.blocks("file_system_config"):
        path = f"{block.path}.arn"
        links = plan.links(function, path, "aws_efs_access_point")
        for point in links.resources:
            systems = plan.links(point, "file_system_id", "aws_efs_file_system")
            for system in systems.resources:
                yield from _mounts(plan, function, point, system)
            for name in (*systems.literals, *systems.unresolved):
                yield _unknown_system(function, name, f"{function.address} mounts {point.address}")
        for name in (*links.literals, *links.unresolved):
            yield _unknown_system(function, name, f"{function.address} mounts {name}")


def _calls(function: Resource, mapping: Resource, origin: Origin, kinds: tuple[str, ...]) -> Iterator[Evidence]:
    secrets = [kind for kind in kinds if kind not in _WITHOUT_A_SECRET]
    for service in ("lambda", "sts", *(("secretsmanager",) if secrets else ())):
        reason = f"{mapping.address} polls from {origin.resource.address}, whose pollers call {service}"
        yield Evidence(function, Destination(Kind.SERVICE, service), reason, origin=origin)
    if mapping.get(_ACCESS) is UNKNOWN:
        reason = f"{mapping.address}.{_ACCESS} is known only after apply"
        unknown = "whether its pollers sign in with a secret"
        yield Evidence(function, Destination(Kind.SERVICE, "secretsmanager"), reason, unknown, origin)


def _ports(plan: Plan, source: Resource, kinds: tuple[str, ...]) -> tuple[int, ...]:
    signed = tuple(_SIGN_IN_PORTS[kind] for kind in kinds if kind in _SIGN_IN_PORTS)
    if signed:
        return signed
    if source.get("client_authentication.sasl.iam") is True:
        return (_IAM_PORT,)
    return ports_of(plan, source)


def _mounts(plan: Plan, function: Resource, point: Resource, system: Resource) -> Iterator[Evidence]:
    targets = plan.referrers(system, "aws_efs_mount_target", via="file_system_id")
    zones = _zones(plan, function, "vpc_config.subnet_ids")
    reason = f"{function.address} mounts {point.address}"
    if not targets:
        yield _unknown_system(function, system.address, reason)
    for target in targets:
        own = _zones(plan, target, "subnet_id")
        if own and zones and not own & zones:
            continue
        place = Destination(Kind.RESOURCE, target.address, resource=target, ports=(_NFS_PORT,))
        yield Evidence(function, place, reason)


def _zones(plan: Plan, resource: Resource, path: str) -> frozenset[str]:
    """Zones of the subnets that an attribute leads to; empty where one of them is not known."""
    links = plan.links(resource, path, "aws_subnet")
    zones = [subnet.get("availability_zone") for subnet in links.resources]
    if links.literals or links.unresolved or not all(isinstance(zone, str) for zone in zones):
        return frozenset()
    return frozenset(zones)


def _unknown_system(function: Resource, name: str, reason: str) -> Evidence:
    target = Destination(Kind.RESOURCE, name, ports=(_NFS_PORT,))
    return Evidence(function, target, reason, f"the mount targets of {name} are not in the plan")
