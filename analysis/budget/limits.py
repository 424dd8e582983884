"""What may be used at most: quotas of an account where a snapshot tells them, else AWS's defaults."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.budget.model import Limit
from analysis.budget.places import Place
from analysis.quotas import CONCURRENT_EXECUTIONS, QUOTAS, Snapshots
from modules.core.limits import LAMBDA_MAX_SECURITY_GROUPS, LAMBDA_MAX_SUBNETS
from modules.core.limits import LAMBDA_UNRESERVED_CONCURRENCY as FLOOR

DEFAULT_CONCURRENCY = 1_000  # Lambda quotas: concurrent executions of an account; new accounts begin with less
WARN_PERCENT = 80
"""Percent of a limit from which a warning is given."""


@dataclass(frozen=True)
class Kind:
    """What is counted.

    Attributes:
        unit: what is counted, in the plural.
        fix: what to do where there are too many.
        default: AWS's default quota; None where the limit follows from the scope.
        code: quota code where a snapshot may hold it; empty where none does.
        source: document that states the default.
        is_adjustable: whether AWS raises it on request.
        warns: whether nearly all of it is worth a warning.
        is_claimed: whether AWS refuses what does not fit when it is made, so that what exists fits.
    """

    unit: str
    fix: str
    default: int | None = None
    code: str = ""
    source: str = ""
    is_adjustable: bool = True
    warns: bool = True
    is_claimed: bool = True


_LAMBDA, _VPC = "Lambda quotas", "VPC quotas"

KINDS = {
    "interfaces-per-vpc": Kind(
        "network interfaces", "let functions share security groups and subnets", 500, "L-9FEE3D26", _LAMBDA
    ),
    "interfaces-per-region": Kind("network interfaces", "remove some", 5_000, "L-DF5E4CA3", _VPC),
    "addresses-per-subnet": Kind("addresses", "use a larger subnet, as the range of a subnet cannot be changed"),
    "concurrency-per-region": Kind(
        "reserved or provisioned executions",
        "lower them or leave some out",
        DEFAULT_CONCURRENCY - FLOOR,
        CONCURRENT_EXECUTIONS,
        f"{_LAMBDA}: {DEFAULT_CONCURRENCY}, of which {FLOOR} stay unreserved",
    ),
    "elastic-ips-per-region": Kind(
        "Elastic IP addresses", "share NAT gateways", 5, "L-0263D0A3", "EC2 endpoints and quotas"
    ),
    "interface-endpoints-per-vpc": Kind("interface endpoints", "remove some", 50, "L-29B6F2EB", _VPC),
    "gateway-endpoints-per-region": Kind("gateway endpoints", "remove some", 20, "", _VPC),
    "nat-gateways-per-zone": Kind("NAT gateways", "share NAT gateways", 5, "L-FE5A380F", _VPC),
    "inbound-rules-per-security-group": Kind(
        "inbound rules", "name security groups in place of address ranges", 60, "", _VPC
    ),
    "outbound-rules-per-security-group": Kind(
        "outbound rules", "name security groups in place of address ranges", 60, "", _VPC
    ),
    "security-groups-per-function": Kind(
        "security groups",
        "merge groups",
        LAMBDA_MAX_SECURITY_GROUPS,
        "",
        "lambda API model, SecurityGroupIds",
        is_adjustable=False,
        warns=False,
    ),
    "security-groups-per-interface": Kind("security groups", "merge groups", 5, "L-2AFB9258", _VPC, warns=False),
    "security-groups-per-region": Kind("security groups", "share groups", 2_500, "L-E79EC296", _VPC),
    "subnets-per-function": Kind(
        "subnets",
        "one subnet in each zone is enough",
        LAMBDA_MAX_SUBNETS,
        "",
        "lambda API model, SubnetIds",
        is_adjustable=False,
        warns=False,
    ),
    "routes-per-table": Kind("routes", "merge routes, or name a prefix list", 500, "", _VPC),
    "subnets-per-vpc": Kind("subnets", "use fewer and larger subnets", 200, "", _VPC),
    "vpcs-per-region": Kind("VPCs", "share a VPC", 5, "L-F678F1CE", _VPC),
    "event-source-concurrency": Kind(
        "concurrent executions by its event sources",
        "raise the reserved concurrency or lower the maximum_concurrency of the event sources",
        is_claimed=False,
        warns=False,
    ),
    "provisioned-concurrency": Kind(
        "executions of provisioned concurrency",
        "raise the reserved concurrency or lower the provisioned concurrency",
        is_claimed=False,
        warns=False,
    ),
    "proxy-connections": Kind(
        "connections", "lower the reserved concurrency of the functions or enlarge the pool", is_claimed=False
    ),
    "database-connections": Kind(
        "connections", "lower the reserved concurrency of the functions or choose a larger class", is_claimed=False
    ),
}
"""Everything that is counted, by rule."""


def limit_of(rule: str, place: Place, snapshots: Snapshots) -> Limit:
    """What may be used in an account and region."""
    kind = KINDS[rule]
    snapshot = snapshots.get((place.account, place.region))
    if snapshot is not None and kind.code in snapshot.quotas:
        return Limit(snapshot.quotas[kind.code], f"{QUOTAS[kind.code].name}, read on {snapshot.taken.isoformat()}")
    if kind.default is None:
        return Limit(None, "not known")
    if not kind.is_adjustable:
        return Limit(kind.default, kind.source)
    return Limit(kind.default, f"AWS's default, {kind.source}", is_certain=False)


def request(rule: str, place: Place, wanted: int) -> str:
    """How to ask for a higher quota; empty where there is none to ask for."""
    kind = KINDS[rule]
    if not kind.code:
        return ""
    region = f" --region {place.region}" if place.region else ""
    wanted += FLOOR if kind.code == CONCURRENT_EXECUTIONS else 0
    return (
        "ask for more by `aws service-quotas request-service-quota-increase "
        f"--service-code {QUOTAS[kind.code].service} --quota-code {kind.code} --desired-value {wanted}{region}`"
    )
