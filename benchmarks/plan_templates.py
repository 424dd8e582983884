"""What the measured plans are made of: a network, and a function with all that belongs to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ID = {"id": True, "arn": True}
_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["sqs:SendMessage", "s3:GetObject"], "Resource": "*"},
            {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
                "Resource": "*",
            },
        ],
    }
)


def refers(*references: str) -> dict[str, Any]:
    """An expression with references, each followed by what it belongs to, as Terraform writes them."""
    return {"references": [part for text in references for part in (text, text.rpartition(".")[0]) if part]}


def constant(value: Any) -> dict[str, Any]:
    """An expression of a constant."""
    return {"constant_value": value}


@dataclass(frozen=True)
class Template:
    """A resource of a module, and its instances.

    Attributes:
        kind: resource type.
        name: its name in the module.
        values: known values; `<n>`, `<s>`, `<i>` and `<zone>` stand for network, function, index and its zone.
        unknown: what is known only after apply.
        expressions: of the configuration.
        known: what the unknown is once it exists; `@type.name.index` stands for an id.
        needs: resources it depends on, for the state.
        count: instances; None for one without an index.
    """

    kind: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    expressions: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    count: int | None = None


_VPC = refers("aws_vpc.this.id")
_VPC_ID = {"vpc_id": "@aws_vpc.this"}
_OF_VPC: dict[str, Any] = {"unknown": {**_ID, "vpc_id": True}, "known": _VPC_ID, "needs": ("aws_vpc.this",)}


def _by_zone(reference: str) -> dict[str, Any]:
    return {"references": [f"{reference}", reference.rpartition(".")[0], "count.index"]}


def _subnets(name: str, offset: int) -> Template:
    values = {"cidr_block": f"10.<n>.{offset}<i>.0/24", "availability_zone": "us-east-1<zone>"}
    return Template("aws_subnet", name, values, expressions={"vpc_id": _VPC}, count=3, **_OF_VPC)


def _tables(name: str) -> tuple[Template, ...]:
    both = {"subnet_id": _by_zone(f"aws_subnet.{name}.id"), "route_table_id": _by_zone(f"aws_route_table.{name}.id")}
    return (
        Template("aws_route_table", name, expressions={"vpc_id": _VPC}, count=3, **_OF_VPC),
        Template(
            "aws_route_table_association",
            name,
            unknown={"id": True, "subnet_id": True, "route_table_id": True},
            expressions=both,
            known={"subnet_id": f"@aws_subnet.{name}.<i>", "route_table_id": f"@aws_route_table.{name}.<i>"},
            needs=(f"aws_subnet.{name}", f"aws_route_table.{name}"),
            count=3,
        ),
    )


def _route(name: str, target: str, kind: str, reference: dict[str, Any]) -> Template:
    return Template(
        "aws_route",
        name,
        {"destination_cidr_block": "0.0.0.0/0"},
        {"id": True, "route_table_id": True, target: True},
        {
            "route_table_id": _by_zone(f"aws_route_table.{name}.id"),
            "destination_cidr_block": constant("0.0.0.0/0"),
            target: reference,
        },
        {"route_table_id": f"@aws_route_table.{name}.<i>", target: f"@{kind}"},
        (f"aws_route_table.{name}",),
        3,
    )


def _endpoint(service: str) -> Template:
    values = {
        "service_name": f"com.amazonaws.us-east-1.{service}",
        "vpc_endpoint_type": "Interface",
        "private_dns_enabled": True,
    }
    return Template(
        "aws_vpc_endpoint",
        service,
        values,
        {**_ID, "vpc_id": True, "subnet_ids": True, "security_group_ids": True, "policy": True},
        {
            "vpc_id": _VPC,
            "subnet_ids": refers("aws_subnet.private"),
            "security_group_ids": refers("aws_security_group.endpoints.id"),
        },
        {
            **_VPC_ID,
            "subnet_ids": [f"@aws_subnet.private.{index}" for index in range(3)],
            "security_group_ids": ["@aws_security_group.endpoints"],
        },
        ("aws_subnet.private", "aws_security_group.endpoints"),
    )


NETWORK = (
    Template(
        "aws_vpc",
        "this",
        {"cidr_block": "10.<n>.0.0/16", "enable_dns_support": True, "enable_dns_hostnames": True},
        {**_ID, "main_route_table_id": True},
    ),
    Template("aws_internet_gateway", "this", expressions={"vpc_id": _VPC}, **_OF_VPC),
    _subnets("private", 1),
    _subnets("public", 2),
    *_tables("private"),
    *_tables("public"),
    Template("aws_eip", "nat", {"domain": "vpc"}, _ID, count=3),
    Template(
        "aws_nat_gateway",
        "this",
        {"connectivity_type": "public"},
        {"id": True, "subnet_id": True, "allocation_id": True},
        {"subnet_id": _by_zone("aws_subnet.public.id"), "allocation_id": _by_zone("aws_eip.nat.id")},
        {"subnet_id": "@aws_subnet.public.<i>", "allocation_id": "@aws_eip.nat.<i>"},
        ("aws_subnet.public", "aws_eip.nat", "aws_internet_gateway.this"),
        3,
    ),
    _route("private", "nat_gateway_id", "aws_nat_gateway.this.<i>", _by_zone("aws_nat_gateway.this.id")),
    _route("public", "gateway_id", "aws_internet_gateway.this", refers("aws_internet_gateway.this.id")),
    Template("aws_security_group", "endpoints", {"name": "endpoints-<n>"}, expressions={"vpc_id": _VPC}, **_OF_VPC),
    Template(
        "aws_vpc_security_group_ingress_rule",
        "endpoints",
        {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.<n>.0.0/16"},
        {"id": True, "security_group_id": True},
        {"security_group_id": refers("aws_security_group.endpoints.id")},
        {"security_group_id": "@aws_security_group.endpoints"},
        ("aws_security_group.endpoints",),
    ),
    _endpoint("secretsmanager"),
    _endpoint("sqs"),
)
"""A VPC in three zones, with public and private subnets, a NAT gateway for each zone, and two interface endpoints."""

_FUNCTION_ARN = {"function_name": refers("aws_lambda_function.this.function_name")}

FUNCTION = (
    Template(
        "aws_iam_role",
        "this",
        {"name": "app-<n>-<s>", "assume_role_policy": '{"Version": "2012-10-17", "Statement": []}'},
        _ID,
    ),
    Template(
        "aws_iam_role_policy",
        "this",
        {"name": "app", "policy": _POLICY},
        {"id": True, "role": True},
        {"role": refers("aws_iam_role.this.id"), "policy": constant(_POLICY)},
        {"role": "app-<n>-<s>"},
        ("aws_iam_role.this",),
    ),
    Template(
        "aws_iam_role_policy_attachment",
        "logs",
        {"role": "app-<n>-<s>", "policy_arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
        {"id": True},
        {"role": refers("aws_iam_role.this.name")},
        needs=("aws_iam_role.this",),
    ),
    Template(
        "aws_security_group",
        "this",
        {"name": "app-<n>-<s>"},
        {**_ID, "vpc_id": True},
        {"vpc_id": refers("var.vpc_id")},
        _VPC_ID,
    ),
    Template(
        "aws_vpc_security_group_egress_rule",
        "https",
        {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"},
        {"id": True, "security_group_id": True},
        {"security_group_id": refers("aws_security_group.this.id")},
        {"security_group_id": "@aws_security_group.this"},
        ("aws_security_group.this",),
    ),
    Template("aws_cloudwatch_log_group", "this", {"name": "/aws/lambda/app-<n>-<s>", "retention_in_days": 30}, _ID),
    Template(
        "aws_lambda_function",
        "this",
        {
            "function_name": "app-<n>-<s>",
            "memory_size": 512,
            "timeout": 30,
            "architectures": ["arm64"],
            "runtime": "python3.13",
            "publish": True,
            "reserved_concurrent_executions": 2,
            "environment": [{"variables": {"STAGE": "prod"}}],
            "vpc_config": [{"ipv6_allowed_for_dual_stack": False}],
        },
        {
            **_ID,
            "role": True,
            "version": True,
            "vpc_config": [{"subnet_ids": True, "security_group_ids": True, "vpc_id": True}],
            "environment": [{"variables": {}}],
        },
        {
            "role": refers("aws_iam_role.this.arn"),
            "vpc_config": [
                {"subnet_ids": refers("var.subnet_ids"), "security_group_ids": refers("aws_security_group.this.id")}
            ],
        },
        {
            "role": "arn:aws:iam::123456789012:role/app-<n>-<s>",
            "version": "3",
            "vpc_config": [
                {
                    "subnet_ids": [f"@aws_subnet.private.{index}" for index in range(3)],
                    "security_group_ids": ["@aws_security_group.this"],
                }
            ],
        },
        ("aws_iam_role.this", "aws_iam_role_policy.this", "aws_security_group.this"),
    ),
    Template(
        "aws_lambda_alias",
        "live",
        {"name": "live", "function_name": "app-<n>-<s>"},
        {**_ID, "function_version": True},
        _FUNCTION_ARN,
        needs=("aws_lambda_function.this",),
    ),
    Template("aws_sqs_queue", "jobs", {"name": "jobs-<n>-<s>", "visibility_timeout_seconds": 180}, _ID),
    Template(
        "aws_lambda_event_source_mapping",
        "jobs",
        {"batch_size": 10, "enabled": True},
        {"id": True, "function_name": True, "event_source_arn": True},
        {"function_name": refers("aws_lambda_alias.live.arn"), "event_source_arn": refers("aws_sqs_queue.jobs.arn")},
        {"function_name": "@aws_lambda_alias.live", "event_source_arn": "@aws_sqs_queue.jobs"},
        ("aws_lambda_alias.live", "aws_sqs_queue.jobs"),
    ),
    Template(
        "aws_cloudwatch_metric_alarm",
        "errors",
        {"alarm_name": "errors-<n>-<s>", "metric_name": "Errors", "namespace": "AWS/Lambda", "threshold": 0},
        _ID,
        {"dimensions": _FUNCTION_ARN["function_name"]},
        needs=("aws_lambda_function.this",),
    ),
)
"""A function of a queue, with its role, group, alias, logs and alarm."""
