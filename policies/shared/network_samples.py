"""Parts of networks for samples: public subnets, NAT gateways, route tables, endpoints, and ids known later."""

from __future__ import annotations

from typing import Any

from policies.policy import Sample
from policies.samples import REGION, ZONES, group, merged, resource, subnet_ids

EVERYWHERE = "0.0.0.0/0"


def ref(address: str, attribute: str = "id") -> str:
    """A reference, such as `${aws_vpc.main.id}`."""
    return f"${{{address}.{attribute}}}"


def later(name: str, value: Any) -> Sample:
    """A value that is known only after apply; `LATER_NAMED.format(name)` refers to it."""
    return resource("terraform_data", name, input=value)


LATER_NAMED = "${{terraform_data.{}.output}}"
"""A value of `later`."""


def subnet(name: str, zone: str, cidr: str, /, vpc: str = "main", **body: Any) -> Sample:
    """A subnet; `zone` is a letter."""
    settings = {"vpc_id": ref(f"aws_vpc.{vpc}"), "availability_zone": f"{REGION}{zone}", "cidr_block": cidr, **body}
    return resource("aws_subnet", name, **{key: value for key, value in settings.items() if value is not None})


def gateway(vpc: str = "main") -> Sample:
    """An internet gateway, named like its VPC."""
    return resource("aws_internet_gateway", vpc, vpc_id=ref(f"aws_vpc.{vpc}"))


def table(name: str, /, *subnets: str, vpc: str = "main", **body: Any) -> Sample:
    """A route table with its associations."""
    joined = [
        resource(
            "aws_route_table_association",
            f"{name}_{entry}",
            subnet_id=ref(f"aws_subnet.{entry}"),
            route_table_id=ref(f"aws_route_table.{name}"),
        )
        for entry in subnets
    ]
    return merged(resource("aws_route_table", name, vpc_id=ref(f"aws_vpc.{vpc}"), **body), *joined)


_ROUTE = (
    "carrier_gateway_id", "cidr_block", "core_network_arn", "destination_prefix_list_id", "egress_only_gateway_id",
    "gateway_id", "ipv6_cidr_block", "local_gateway_id", "nat_gateway_id", "network_interface_id",
    "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id",
)  # fmt: skip
_RULE = ("cidr_blocks", "description", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self")


def inline_route(**body: Any) -> dict[str, Any]:
    """A route in a table itself; JSON has to name every attribute."""
    return {**dict.fromkeys(_ROUTE), **body}


def inline_rule(port: int = 443, **body: Any) -> dict[str, Any]:
    """A rule in a security group itself; JSON has to name every attribute."""
    return {**dict.fromkeys(_RULE), "protocol": "tcp", "from_port": port, "to_port": port, **body}


def route(name: str, /, table_name: str, **target: Any) -> Sample:
    """A route of a table from everywhere."""
    return resource(
        "aws_route",
        name,
        route_table_id=ref(f"aws_route_table.{table_name}"),
        destination_cidr_block=EVERYWHERE,
        **target,
    )


def public(*zones: str, vpc: str = "main") -> Sample:
    """Public subnets `public_<zone>` behind the table `public`, in the zones with these letters."""
    subnets = [subnet(f"public_{zone}", zone, f"10.0.{100 + ord(zone) - ord('a')}.0/24", vpc=vpc) for zone in zones]
    names = [f"public_{zone}" for zone in zones]
    return merged(
        gateway(vpc),
        *subnets,
        table("public", *names, vpc=vpc),
        route("public", "public", gateway_id=ref(f"aws_internet_gateway.{vpc}")),
    )


def nat(name: str, subnet_name: str, /, **body: Any) -> Sample:
    """A NAT gateway with its address."""
    settings = {"allocation_id": ref(f"aws_eip.of_{name}"), "subnet_id": ref(f"aws_subnet.{subnet_name}"), **body}
    return merged(resource("aws_eip", f"of_{name}", domain="vpc"), resource("aws_nat_gateway", name, **settings))


def nat_for_each_zone(count: int = 2) -> Sample:
    """Public subnets with a NAT gateway each, and a table for each private subnet of `network` that leads there."""
    letters = [zone[-1] for zone in ZONES[:count]]
    parts = [
        merged(
            nat(letter, f"public_{letter}"),
            table(f"private_{letter}", f"main_{letter}"),
            route(f"private_{letter}", f"private_{letter}", nat_gateway_id=ref(f"aws_nat_gateway.{letter}")),
        )
        for letter in letters
    ]
    return merged(public(*letters), *parts)


def gateway_endpoint(name: str, /, service: str, *tables: str, vpc: str = "main", **body: Any) -> Sample:
    """A gateway endpoint on route tables."""
    settings = {
        "vpc_id": ref(f"aws_vpc.{vpc}"),
        "service_name": f"com.amazonaws.{REGION}.{service}",
        "vpc_endpoint_type": "Gateway",
        "route_table_ids": [ref(f"aws_route_table.{entry}") for entry in tables],
        **body,
    }
    return resource("aws_vpc_endpoint", name, **{key: value for key, value in settings.items() if value is not None})


def interface_endpoint(name: str, /, service: str, *groups: str, vpc: str = "main", **body: Any) -> Sample:
    """An interface endpoint with private DNS in the two private subnets of `network`."""
    settings = {
        "vpc_id": ref(f"aws_vpc.{vpc}"),
        "service_name": f"com.amazonaws.{REGION}.{service}",
        "vpc_endpoint_type": "Interface",
        "private_dns_enabled": True,
        "subnet_ids": subnet_ids(name=vpc),
        "security_group_ids": [ref(f"aws_security_group.{entry}") for entry in groups or (vpc,)],
        **body,
    }
    return resource("aws_vpc_endpoint", name, **{key: value for key, value in settings.items() if value is not None})


def rule(direction: str, name: str, /, group_name: str, port: int | None = 443, **body: Any) -> Sample:
    """A rule resource of a security group, TCP on one port; `ip_protocol` may be replaced."""
    settings = {
        "security_group_id": ref(f"aws_security_group.{group_name}"),
        "ip_protocol": "tcp",
        "from_port": port,
        "to_port": port,
        **body,
    }
    kind = f"aws_vpc_security_group_{direction}_rule"
    return resource(kind, name, **{key: value for key, value in settings.items() if value is not None})


def https(name: str, /, source: str, target: str) -> Sample:
    """TCP 443 from one security group to another: a rule on both sides."""
    return merged(
        rule("egress", name, source, referenced_security_group_id=ref(f"aws_security_group.{target}")),
        rule("ingress", name, target, referenced_security_group_id=ref(f"aws_security_group.{source}")),
    )


def groups(*names: str) -> Sample:
    """Security groups without rules."""
    return merged(*(group(name) for name in names))
