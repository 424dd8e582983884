"""Security groups: exactly which rules each has, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, only, pages
from rollout.readback.database import database_instance
from rollout.readback.expected import Expected
from rollout.readback.network import Vpc
from rollout.readback.proxy import database_proxy

_HTTPS = 443
_POSTGRESQL = 5432  # a proxy listens there, whatever the database's port


def security_group_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Function, proxy, database, endpoints and the VPC's default group: every rule, and no other."""
    ec2: Any = clients("ec2")  # Any: clients are made from models at run time
    vpc = Vpc.read(clients, outputs["vpc_id"])
    host = f"com.amazonaws.{expected.region}"
    function = only(outputs["function_security_group_ids"], "security group of the function")
    proxy = only(database_proxy(clients, outputs["proxy_name"])["VpcSecurityGroupIds"], "security group of the proxy")
    database = only(
        (group["VpcSecurityGroupId"] for group in database_instance(clients, outputs)["VpcSecurityGroups"]),
        "security group of the database",
    )
    endpoints = {
        service: only(
            (group["GroupId"] for group in vpc.endpoint(f"{host}.{service}")["Groups"]), f"group of {service}"
        )
        for service in expected.interface_endpoints
    }
    default = only(
        pages(
            ec2,
            "describe_security_groups",
            "SecurityGroups",
            Filters=[{"Name": "vpc-id", "Values": [vpc.vpc_id]}, {"Name": "group-name", "Values": ["default"]}],
        ),
        f"default group of {vpc.vpc_id}",
    )["GroupId"]

    s3 = _prefix_list(ec2, f"{host}.s3")
    secrets = endpoints["secretsmanager"]
    internet = [f"tcp {_HTTPS} 0.0.0.0/0"] if expected.function.reaches_internet else []
    wanted: dict[str, tuple[str, list[str], list[str]]] = {
        "function": (
            function,
            [],
            [f"tcp {_POSTGRESQL} {proxy}", f"tcp {_HTTPS} {s3}", f"tcp {_HTTPS} {secrets}", *internet],
        ),
        "proxy": (proxy, [f"tcp {_POSTGRESQL} {function}"], [f"tcp {expected.database.port} {database}"]),
        "database": (database, [f"tcp {expected.database.port} {proxy}"], []),
        "default": (default, [], []),
    }
    for service, group in endpoints.items():
        ingress = [f"tcp {_HTTPS} {function}"] if group == secrets else []
        wanted[f"endpoint {service}"] = (group, ingress, [])

    checks = []
    for name, (group, ingress, egress) in sorted(wanted.items()):
        rules = pages(
            ec2,
            "describe_security_group_rules",
            "SecurityGroupRules",
            Filters=[{"Name": "group-id", "Values": [group]}],
        )
        checks.append(equal(f"security group of {name} ({group}): ingress", ingress, _rules(rules, egress=False)))
        checks.append(equal(f"security group of {name} ({group}): egress", egress, _rules(rules, egress=True)))
    every = {group for group, _, _ in wanted.values()}
    own = [{"Name": "vpc-id", "Values": [vpc.vpc_id]}]
    listed = pages(ec2, "describe_security_groups", "SecurityGroups", Filters=own)
    return [equal(f"vpc {vpc.vpc_id}: security groups", every, [group["GroupId"] for group in listed]), *checks]


def _prefix_list(ec2: Any, name: str) -> str:
    listed = pages(
        ec2, "describe_prefix_lists", "PrefixLists", Filters=[{"Name": "prefix-list-name", "Values": [name]}]
    )
    return str(only(listed, f"prefix list {name}")["PrefixListId"])


def _rules(rules: Iterable[Mapping[str, Any]], *, egress: bool) -> list[str]:
    return [_rule(rule) for rule in rules if rule["IsEgress"] is egress]


def _rule(rule: Mapping[str, Any]) -> str:
    peer = (
        rule.get("ReferencedGroupInfo", {}).get("GroupId")
        or rule.get("PrefixListId")
        or rule.get("CidrIpv4")
        or rule.get("CidrIpv6")
    )
    protocol, first, last = rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort")
    return f"{protocol} {first if first == last else f'{first}-{last}'} {peer}"
