"""Networks made in Python: one that is sound, which tests break or extend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.network import Network
from analysis.plan import Plan
from analysis.reach.model import Destination, Kind, Need, Origin, Pair, Reach
from analysis.reach.reach import reach
from tests.analysis.documents import Entry, plan, ref, resource, text

FUNCTION = "aws_lambda_function.api"
ZONES = ("a", "b")


class To(str):
    """A reference, such as `aws_vpc.main.id`."""

    __slots__ = ()


def made(address: str, /, **attributes: Any) -> Entry:
    """A resource that is created: references are known after apply, everything else is known."""
    values, unknown, expressions = {}, {"id": True, "arn": True}, {}
    for name, value in attributes.items():
        values[name], unknown[name], expressions[name] = _split(value)
    kept = {name: value for name, value in values.items() if value is not None}
    return resource(address, kept, unknown=unknown, expressions=expressions)


def _split(value: Any) -> tuple[Any, Any, Any]:
    """Value, what of it is unknown, and its expression."""
    if isinstance(value, To):
        return None, True, ref(str(value))
    if isinstance(value, list) and value and all(isinstance(entry, To) for entry in value):
        return None, True, ref(*value)
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        parts = [{name: _split(entry) for name, entry in block.items()} for block in value]
        known = [{name: part[0] for name, part in block.items() if part[0] is not None} for block in parts]
        open_ = [{name: part[1] for name, part in block.items()} for block in parts]
        return known, open_, [{name: part[2] for name, part in block.items()} for block in parts]
    if isinstance(value, dict) and (named := [entry for entry in value.values() if isinstance(entry, To)]):
        told = {name: entry for name, entry in value.items() if not isinstance(entry, To)}
        return told, {name: True for name in value if name not in told}, ref(*named)
    return value, False, text(value)


def subnet(name: str, number: int, *, zone: str = "", vpc: str = "main", table: str = "", **more: Any) -> list[Entry]:
    """A subnet, associated with a route table of its own or with `table`."""
    own = f"aws_route_table.{name}"
    entries = [
        made(
            f"aws_subnet.{name}",
            vpc_id=To(f"aws_vpc.{vpc}.id"),
            cidr_block=f"10.{0 if vpc == 'main' else 1}.{number}.0/24",
            availability_zone=f"eu-west-1{zone or name[-1]}",
            **more,
        ),
        made(
            f"aws_route_table_association.{name}",
            subnet_id=To(f"aws_subnet.{name}.id"),
            route_table_id=To(f"{table or own}.id"),
        ),
    ]
    return entries if table else [*entries, made(own, vpc_id=To(f"aws_vpc.{vpc}.id"))]


def group(name: str, *, vpc: str = "main", **rules: Any) -> Entry:
    """A security group with inline rules, where there are any."""
    return made(f"aws_security_group.{name}", vpc_id=To(f"aws_vpc.{vpc}.id"), **rules)


def admit(
    name: str, direction: str, port: int, *, of: str = "", to: str = "", cidr: str = "", protocol: str = "tcp"
) -> Entry:
    """A rule resource of the group `of`, for the group `to` or a range."""
    other: dict[str, Any] = {"referenced_security_group_id": To(f"aws_security_group.{to}.id")} if to else {}
    if cidr:
        other["cidr_ipv6" if ":" in cidr else "cidr_ipv4"] = cidr
    ports: dict[str, Any] = {} if protocol == "-1" else {"from_port": port, "to_port": port}
    return made(
        f"aws_vpc_security_group_{direction}_rule.{name}",
        security_group_id=To(f"aws_security_group.{of}.id"),
        ip_protocol=protocol,
        **ports,
        **other,
    )


def house() -> dict[str, Entry]:
    """Two zones, each with a private and a public subnet and a NAT gateway; a function whose group lets HTTPS out."""
    entries = [
        made("aws_vpc.main", cidr_block="10.0.0.0/16", enable_dns_support=True, enable_dns_hostnames=True),
        made("aws_internet_gateway.main", vpc_id=To("aws_vpc.main.id")),
        made("aws_route_table.public", vpc_id=To("aws_vpc.main.id")),
        made(
            "aws_route.public",
            route_table_id=To("aws_route_table.public.id"),
            destination_cidr_block="0.0.0.0/0",
            gateway_id=To("aws_internet_gateway.main.id"),
        ),
        group("function"),
        admit("https", "egress", 443, of="function", cidr="0.0.0.0/0"),
        function(),
    ]
    for number, zone in enumerate(ZONES):
        entries += subnet(f"private_{zone}", number)
        entries += subnet(f"public_{zone}", number + 100, table="aws_route_table.public")
        entries += [
            made(f"aws_nat_gateway.{zone}", subnet_id=To(f"aws_subnet.public_{zone}.id"), connectivity_type="public"),
            made(
                f"aws_route.{zone}",
                route_table_id=To(f"aws_route_table.private_{zone}.id"),
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=To(f"aws_nat_gateway.{zone}.id"),
            ),
        ]
    return {entry["address"]: entry for entry in entries}


def function(
    subnets: Iterable[str] = ("private_a", "private_b"), groups: Iterable[str] = ("function",), **more: Any
) -> Entry:
    """The function."""
    network = {
        "subnet_ids": [To(f"aws_subnet.{name}.id") for name in subnets],
        "security_group_ids": [To(f"aws_security_group.{name}.id") for name in groups],
        **more.pop("vpc_config", {}),
    }
    return made(FUNCTION, function_name="api", vpc_config=[network], **more)


def without(entries: dict[str, Entry], *addresses: str) -> dict[str, Entry]:
    """The entries without some of them."""
    for address in addresses:
        entries.pop(address)
    return entries


def isolated() -> dict[str, Entry]:
    """The same network without any way to the internet from its private subnets."""
    return without(house(), "aws_route.a", "aws_route.b", "aws_nat_gateway.a", "aws_nat_gateway.b")


def planned(entries: dict[str, Entry], *more: Any) -> Plan:
    """The plan of these entries and of more, each one entry or several; later ones replace earlier ones."""
    found = dict(entries)
    for entry in more:
        listed = [entry] if isinstance(entry, dict) else list(entry)
        found.update({each["address"]: each for each in listed})
    return plan(*found.values())


def network(entries: dict[str, Entry], *more: Any) -> Network:
    """The networks of these entries."""
    return Network(planned(entries, *more))


def judged(made_plan: Plan, *destinations: Destination, origin: str = FUNCTION) -> Reach:
    """What comes of the function's needs."""
    caller = made_plan.at(origin)
    assert caller
    return reach(made_plan, [Need(caller, Origin(caller), each, ("a test needs it",)) for each in destinations])


def pair_of(made_plan: Plan, destination: Destination) -> Pair:
    """What comes of one need of the function."""
    (pair,) = judged(made_plan, destination).pairs
    return pair


def verdict(made_plan: Plan, destination: Destination) -> tuple[str, str]:
    """Verdict and missing hop of one need."""
    pair = pair_of(made_plan, destination)
    return str(pair.verdict), pair.missing


def service(name: str, *actions: str, **more: Any) -> Destination:
    """An AWS service."""
    return Destination(Kind.SERVICE, name, actions=actions, **more)


def host(name: str = "api.payments.example", *ports: int) -> Destination:
    """A host of the internet."""
    return Destination(Kind.INTERNET, name, ports=ports or (443,))


def target(made_plan: Plan, address: str, *ports: int) -> Destination:
    """A resource of the plan."""
    found = made_plan.at(address)
    assert found, address
    return Destination(Kind.RESOURCE, address, resource=found, ports=ports)
