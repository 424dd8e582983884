"""Parts that tests add to a network: endpoints, databases, file systems, network ACLs, a second VPC."""

from __future__ import annotations

from typing import Any

from tests.analysis.documents import Entry
from tests.analysis.network.houses import (
    To,
    admit,
    function,
    group,
    house,
    isolated,
    made,
    planned,
    service,
    subnet,
    target,
    verdict,
)


def dual_stack(*, allowed: Any = True, ranges: bool = True, gateway: str = "egress_only_gateway_id") -> dict[str, Any]:
    target: dict[str, Any] = {
        "egress_only_gateway_id": To("aws_egress_only_internet_gateway.main.id"),
        "gateway_id": To("aws_internet_gateway.main.id"),
    }
    entries = isolated()
    entries["eigw"] = made("aws_egress_only_internet_gateway.main", vpc_id=To("aws_vpc.main.id"))
    entries["egress"] = admit("https6", "egress", 443, of="function", cidr="::/0")
    for number, zone in enumerate(("a", "b")):
        name = f"private_{zone}"
        more = {"ipv6_cidr_block": f"2001:db8:0:{number}::/64"} if ranges else {}
        entries.update({entry["address"]: entry for entry in subnet(name, number, **more)})
        entries[f"route6_{zone}"] = made(
            f"aws_route.v6_{zone}",
            route_table_id=To(f"aws_route_table.{name}.id"),
            destination_ipv6_cidr_block="::/0",
            **{gateway: target[gateway]},
        )
    network: dict[str, Any] = {} if allowed is None else {"ipv6_allowed_for_dual_stack": allowed}
    entries["aws_lambda_function.api"] = function(vpc_config=network)
    return entries


def acl(subnets: list[str], *rules: tuple[str, int, str, str, int, int]) -> Any:
    blocks: dict[str, Any] = {"ingress": [], "egress": []}
    for direction, number, action, cidr, first, last in rules:
        ports = {"from_port": first, "to_port": last, "protocol": "tcp"}
        blocks[direction].append({"rule_no": number, "action": action, "cidr_block": cidr, **ports})
    ids = [To(f"aws_subnet.{name}.id") for name in subnets]
    return made("aws_network_acl.own", vpc_id=To("aws_vpc.main.id"), subnet_ids=ids, **blocks)


HTTPS = ("egress", 100, "allow", "0.0.0.0/0", 443, 443)
BACK = ("ingress", 100, "allow", "0.0.0.0/0", 1024, 65535)


def interface(**more: Any) -> list[Entry]:
    """An interface endpoint of Secrets Manager with a group that admits the function."""
    settings = {
        "vpc_id": To("aws_vpc.main.id"),
        "service_name": "com.amazonaws.eu-west-1.secretsmanager",
        "vpc_endpoint_type": "Interface",
        "private_dns_enabled": True,
        "subnet_ids": [To("aws_subnet.private_a.id"), To("aws_subnet.private_b.id")],
        "security_group_ids": [To("aws_security_group.endpoint.id")],
        **more,
    }
    kept = {name: value for name, value in settings.items() if value is not None}
    return [
        made("aws_vpc_endpoint.secrets", **kept),
        group("endpoint"),
        admit("endpoint", "ingress", 443, of="endpoint", to="function"),
    ]


def gateway(*tables: str, **more: Any) -> Entry:
    """A gateway endpoint of S3."""
    settings = {
        "vpc_id": To("aws_vpc.main.id"),
        "service_name": "com.amazonaws.eu-west-1.s3",
        "vpc_endpoint_type": "Gateway",
        "route_table_ids": [To(f"aws_route_table.{name}.id") for name in tables],
        **more,
    }
    kept = {name: value for name, value in settings.items() if value != []}
    return made("aws_vpc_endpoint.s3", **kept)


DATABASE, PORT = "aws_db_instance.orders", 5432


def database(*, subnets: tuple[str, ...] = ("private_a", "private_b"), vpc: str = "main", **more: Any) -> list[Entry]:
    """A database with a subnet group and a security group."""
    return [
        made("aws_db_subnet_group.orders", subnet_ids=[To(f"aws_subnet.{name}.id") for name in subnets]),
        made(
            DATABASE,
            engine="postgres",
            port=PORT,
            db_subnet_group_name=To("aws_db_subnet_group.orders.name"),
            vpc_security_group_ids=[To("aws_security_group.database.id")],
            **more,
        ),
        group("database", vpc=vpc),
    ]


DATABASE_OUT = admit("out", "egress", PORT, of="function", to="database")
DATABASE_IN = admit("in", "ingress", PORT, of="database", to="function")


def files(*zones: str, **more: Any) -> list[Entry]:
    return [
        made("aws_efs_file_system.files"),
        group("files"),
        admit("nfs", "ingress", 2049, of="files", to="function"),
        admit("nfs_out", "egress", 2049, of="function", to="files"),
        *(
            made(
                f"aws_efs_mount_target.{zone}",
                file_system_id=To("aws_efs_file_system.files.id"),
                subnet_id=To(f"aws_subnet.private_{zone}.id"),
                security_groups=[To("aws_security_group.files.id")],
                **more,
            )
            for zone in zones
        ),
    ]


def two_vpcs() -> dict[str, Entry]:
    entries = house()
    more = [
        made("aws_vpc.other", cidr_block="10.1.0.0/16"),
        *subnet("data_a", 0, vpc="other"),
        *subnet("data_b", 1, vpc="other"),
        *database(subnets=("data_a", "data_b"), vpc="other"),
        DATABASE_OUT,
        DATABASE_IN,
    ]
    return {**entries, **{entry["address"]: entry for entry in more}}


def ways(attribute: str, to: str, *, back: bool = True) -> list[Entry]:
    pairs = [(f"private_{zone}", "10.1.0.0/16") for zone in ("a", "b")]
    pairs += [(f"data_{zone}", "10.0.0.0/16") for zone in ("a", "b")] if back else []
    return [
        made(
            f"aws_route.{name}_over",
            route_table_id=To(f"aws_route_table.{name}.id"),
            destination_cidr_block=cidr,
            **{attribute: To(to)},
        )
        for name, cidr in pairs
    ]


def peering(**more: Any) -> Entry:
    settings = {"vpc_id": To("aws_vpc.main.id"), "peer_vpc_id": To("aws_vpc.other.id"), "auto_accept": True, **more}
    return made("aws_vpc_peering_connection.over", **settings)


OVER = ("vpc_peering_connection_id", "aws_vpc_peering_connection.over.id")

SECRETS = service("secretsmanager", "secretsmanager:GetSecretValue")
S3 = service("s3", "s3:GetObject")


def reached(entries: Any, *more: Any, port: int = PORT) -> tuple[str, str]:
    """Verdict and missing hop of the function's way to the database."""
    given = planned(entries, *more)
    return verdict(given, target(given, DATABASE, port))
