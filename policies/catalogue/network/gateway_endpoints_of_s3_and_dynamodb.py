"""S3 and DynamoDB are called through gateway endpoints, which cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.network.answer import Answer, Check, no, unknown, yes
from analysis.network.endpoints import GATEWAY_SERVICES
from analysis.plan import Resource
from analysis.reach import Pair
from analysis.reach.needs import ANY_SERVICE
from analysis.reach.start import Start, starts_of
from policies.policy import Policy, Severity, Verdict
from policies.samples import function_in_vpc, merged, network, policy, resource, subnet_ids
from policies.shared.network import functions_in_vpc, lacking
from policies.shared.network_samples import (
    LATER_NAMED,
    gateway_endpoint,
    interface_endpoint,
    later,
    nat_for_each_zone,
    ref,
    table,
)
from policies.shared.network_ways import services
from policies.view import View

_NAMES = {"dynamodb": "DynamoDB", "s3": "S3"}


def judge(view: View) -> Iterator[Verdict]:
    """Each function that may call S3 or DynamoDB, by the endpoints on its subnets' route tables.

    An interface endpoint with private DNS is a decision of its own: the service's names lead there.
    """
    called = services(view)
    for function in functions_in_vpc(view):
        faults, doubts = list[str](), list[str]()
        for pair in called.get(function, ()):
            for message, is_certain in _of(view, pair):
                (faults if is_certain else doubts).append(message)
        yield lacking(view, function, faults, doubts)


def _of(view: View, pair: Pair) -> Iterator[tuple[str, bool]]:
    """What is wrong on the way to one service, or not known, and whether it is certain."""
    target, need = pair.need.destination, pair.need
    if (target.name not in GATEWAY_SERVICES and target.name != ANY_SERVICE) or target.region:
        return
    starts, unresolved = starts_of(view.network, need)
    for service in GATEWAY_SERVICES if target.name == ANY_SERVICE else (target.name,):
        name = _NAMES[service]
        for reason in unresolved:
            yield f"whether its route tables have a gateway endpoint of {name} cannot be told: {reason}", False
        for start in starts:
            check = _endpoint_of(start, service)
            if check.answer is Answer.UNKNOWN:
                yield f"whether {start.subnet} has a gateway endpoint of {name} cannot be told: {check.note}", False
            elif check.answer is Answer.NO and need.unknown:
                yield f"{check.note}, and whether the function calls {name} cannot be told: {need.unknown}", False
            elif check.answer is Answer.NO:
                yield f"{check.note}, although it calls {name} ({need.reasons[0]})", True


def _endpoint_of(start: Start, service: str) -> Check:
    """Whether requests of a subnet leave for a service through an endpoint."""
    endpoints, vpc = start.network.endpoints, start.subnet.vpc
    by_interface = [
        entry
        for entry in endpoints.of(service, "Interface", vpc)
        if not endpoints.is_private_dns_off(entry) and not endpoints.is_for_resolver_only(entry)
    ]
    parts, doubts = start.routes.table_of(start.subnet), list[str]()
    for entry in (*endpoints.of(service, "Gateway", vpc), *by_interface):
        on_table = entry in by_interface or (parts.only is not None and parts.only in entry.tables.known)
        is_certain = bool(entry.service and entry.kind) and start.network.same_vpc(entry.vpc, vpc) is Answer.YES
        if on_table and is_certain:
            return yes(service, entry.address)
        if not is_certain:
            doubts.append(f"whether {entry.address} is one is not known")
        elif parts.only is None:
            doubts.append(parts.unknown[0] if parts.unknown else parts.doubt(f"the route table of {start.subnet}"))
        elif entry.tables.unknown:
            doubts.append(f"the route tables of {entry.address} are not known")
    if not isinstance(vpc, Resource) or vpc.mode == "data" or vpc.type == "aws_default_vpc":
        doubts.append(f"the endpoints of {vpc or f'the VPC of {start.subnet}'} are not in the plan")
    if doubts:
        return unknown(doubts[0])
    table_ = parts.only or "a route table"
    return no(f"{start.subnet} uses {table_}, which has no gateway endpoint of {_NAMES[service]}", "")


def _calling(name: str, action: str = "s3:GetObject", **body: Any) -> dict[str, Any]:
    statement = policy(Action=action, Resource="*")
    return merged(
        resource("aws_iam_role_policy", "calls", role="${aws_iam_role.function.id}", policy=statement),
        function_in_vpc(name, **body),
    )


def _in(*subnets: str) -> dict[str, Any]:
    return {"vpc_config": {"subnet_ids": list(subnets), "security_group_ids": [ref("aws_security_group.main")]}}


POLICY = Policy(
    id="CKV2_LNET_105",
    title="Functions in a VPC call S3 and DynamoDB through gateway endpoints on all of their route tables",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="A gateway endpoint costs nothing, while a NAT gateway charges for each GB that goes to S3 or DynamoDB; "
    "without a NAT gateway, nothing else leads there.",
    source="AWS PrivateLink guide, gateway endpoints",
    fix="Add an aws_vpc_endpoint of the service with the route table of each of the function's subnets.",
    judge=judge,
    samples=(
        merged(
            network(),
            nat_for_each_zone(),
            gateway_endpoint("s3", "s3", "private_a"),
            later("a", subnet_ids()[0]),
            later("b", subnet_ids()[1]),
            _calling("passes_with_endpoint_on_its_table", **_in(subnet_ids()[0])),
            _calling("fails_with_endpoint_on_one_of_two_tables"),
            _calling("unknown_then_passes_by_subnet", **_in(LATER_NAMED.format("a"))),
            _calling("unknown_then_fails_by_subnet", **_in(LATER_NAMED.format("b"))),
        ),
        merged(
            network(),
            nat_for_each_zone(),
            gateway_endpoint("s3", "s3", "private_a", "private_b"),
            _calling("fails_with_endpoint_of_s3_only", "dynamodb:GetItem"),
        ),
        merged(
            network(),
            nat_for_each_zone(),
            interface_endpoint("s3", "s3"),
            _calling("passes_through_an_interface_endpoint"),
        ),
        merged(network(), _calling("passes_with_calls_of_others", "sqs:SendMessage")),
        merged(
            network(),
            table("private", "main_a", "main_b"),
            later("table", ref("aws_route_table.private")),
            gateway_endpoint("s3", "s3", route_table_ids=[LATER_NAMED.format("table")]),
            _calling("unknown_then_passes_by_table"),
        ),
        merged(
            network(),
            later("action", "s3:GetObject"),
            _calling("unknown_then_fails_by_action", LATER_NAMED.format("action")),
        ),
    ),
)
