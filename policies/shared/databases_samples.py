"""Parts that samples of policies on databases are put together from."""

from __future__ import annotations

from typing import Any

from policies.samples import cloud, merged, network, resource, subnet_ids


def database(name: str, /, **body: Any) -> dict[str, Any]:
    """A PostgreSQL instance in two private subnets; what is given replaces what is here, None takes it out."""
    settings = {
        "identifier": cloud(name),
        "engine": "postgres",
        "engine_version": "17",
        "instance_class": "db.t4g.medium",
        "allocated_storage": 20,
        "port": 5433,
        "username": "orders",
        "manage_master_user_password": True,
        "db_subnet_group_name": "${aws_db_subnet_group.main.name}",
        "vpc_security_group_ids": ["${aws_security_group.main.id}"],
        "skip_final_snapshot": True,
        **body,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    return merged(
        network(),
        resource("aws_db_subnet_group", "main", name="sample-main", subnet_ids=subnet_ids()),
        resource("aws_db_instance", name, **given),
    )


def fronts(proxy: str, database: str, /, **pool: Any) -> dict[str, Any]:
    """What makes an instance the target of a proxy, and the pool in between."""
    name = f"${{aws_db_proxy.{proxy}.name}}"
    return merged(
        resource(
            "aws_db_proxy_default_target_group", f"of_{proxy}", db_proxy_name=name, connection_pool_config=[pool or {}]
        ),
        resource(
            "aws_db_proxy_target",
            f"of_{proxy}",
            db_proxy_name=name,
            target_group_name=f"${{aws_db_proxy_default_target_group.of_{proxy}.name}}",
            db_instance_identifier=f"${{aws_db_instance.{database}.identifier}}",
        ),
    )


def host(kind: str, name: str, /) -> list[dict[str, Any]]:
    """The environment of a function that connects to a database (`address`) or proxy (`endpoint`)."""
    attribute = "address" if kind == "aws_db_instance" else "endpoint"
    return [{"variables": {"DB_HOST": f"${{{kind}.{name}.{attribute}}}"}}]


def public_subnets() -> dict[str, Any]:
    """Subnets `aws_subnet.open_a` and `_b` of a VPC of their own, with a route to an internet gateway."""
    associations = [
        resource(
            "aws_route_table_association",
            f"open_{zone}",
            subnet_id=f"${{aws_subnet.open_{zone}.id}}",
            route_table_id="${aws_route_table.open.id}",
        )
        for zone in "ab"
    ]
    return merged(
        network(name="open"),
        resource("aws_internet_gateway", "open", vpc_id="${aws_vpc.open.id}"),
        resource("aws_route_table", "open", vpc_id="${aws_vpc.open.id}"),
        resource(
            "aws_route",
            "open",
            route_table_id="${aws_route_table.open.id}",
            destination_cidr_block="0.0.0.0/0",
            gateway_id="${aws_internet_gateway.open.id}",
        ),
        *associations,
        resource("aws_db_subnet_group", "open", name="sample-open", subnet_ids=subnet_ids(name="open")),
    )


def later(**values: Any) -> dict[str, Any]:
    """Values that are known only after apply; see `known_later`."""
    return resource("terraform_data", "values", input=values)


def known_later(name: str, /) -> str:
    """A value of `later`."""
    return f"${{terraform_data.values.output.{name}}}"
