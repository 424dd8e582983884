"""Databases, proxies and functions that connect to them."""

from __future__ import annotations

from typing import Any

from analysis.budget import Row
from tests.analysis.budget.samples import LATER, counted, told
from tests.analysis.documents import Entry, plan, ref, resource


def database(**values: Any) -> Entry:
    return resource(
        "aws_db_instance.main",
        {"identifier": "main", "engine": "postgres", "instance_class": "db.t4g.micro", **values},
        unknown={**LATER, "address": True, "endpoint": True, "vpc_security_group_ids": True, "port": True},
        expressions={"vpc_security_group_ids": ref("aws_security_group.database.id")},
    )


def proxy(percent: int | None = 90) -> list[Entry]:
    named = {"db_proxy_name": ref("aws_db_proxy.main.name")}
    pool = [] if percent is None else [{"max_connections_percent": percent}]
    return [
        resource(
            "aws_db_proxy.main",
            {"name": "main"},
            unknown={**LATER, "endpoint": True, "vpc_security_group_ids": True},
            expressions={"vpc_security_group_ids": ref("aws_security_group.proxy.id")},
        ),
        resource(
            "aws_db_proxy_default_target_group.main",
            {"db_proxy_name": "main", "connection_pool_config": pool},
            expressions=named,
        ),
        resource(
            "aws_db_proxy_target.main",
            {"db_proxy_name": "main", "db_instance_identifier": "main"},
            expressions={**named, "db_instance_identifier": ref("aws_db_instance.main.identifier")},
        ),
    ]


def function(name: str, host: str = "", **values: Any) -> Entry:
    environment = {"environment": [{"variables": ref(host)}]} if host else {}
    groups = ref(f"aws_security_group.{name}.id")
    return resource(
        f"aws_lambda_function.{name}",
        {"function_name": name, "environment": [{}] if host else [], "vpc_config": [{}], **values},
        unknown={
            "environment": [{"variables": True}] if host else [],
            "vpc_config": [{"security_group_ids": True}],
        },
        expressions={**environment, "vpc_config": [{"security_group_ids": groups}]},
    )


def groups(*names: str) -> list[Entry]:
    return [
        resource(f"aws_security_group.{name}", {"name": name}, unknown={"id": True, "ingress": True}) for name in names
    ]


def let_in(target: str, source: str, port: int = 5432) -> Entry:
    return resource(
        f"aws_vpc_security_group_ingress_rule.{source}_to_{target}",
        {"from_port": port, "to_port": port, "ip_protocol": "tcp"},
        unknown={"security_group_id": True, "referenced_security_group_id": True},
        expressions={
            "security_group_id": ref(f"aws_security_group.{target}.id"),
            "referenced_security_group_id": ref(f"aws_security_group.{source}.id"),
        },
    )


DIRECT, PROXIED = "aws_db_instance.main.address", "aws_db_proxy.main.endpoint"


def row(rule: str, *entries: Entry) -> Row | None:
    return counted(plan(*entries)).row(rule)


def heard(*entries: Entry) -> list[str]:
    """Findings of a plan that has the security groups too."""
    return told(*groups("api", "database", "proxy", "rotation"), *entries)
