"""Parts that samples of policies are put together from, as Terraform in JSON.

Cloud names begin with `sample-`; whoever applies several samples in one account puts another word in its place.
Code of functions is an object of S3, as the provider makes functions with a file of their own one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policies.policy import Sample

LATER_RESOURCE: Sample = {
    "resource": {"terraform_data": {"later": {"input": {"true": True, "false": False, "small": 1, "large": 1000}}}}
}
"""Values that are known only after apply; see `LATER`."""

LATER = "${{terraform_data.later.output.{}}}"
"""A value of `LATER_RESOURCE`, such as `LATER.format("true")`."""

ACCOUNT_ID, REGION = "123456789012", "eu-west-1"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
CODE_BUCKET, CODE_KEY = "code", "code.zip"
LAMBDA, PROXY = "lambda.amazonaws.com", "rds.amazonaws.com"


def merged(*samples: Sample) -> dict[str, Any]:
    """All samples in one; a resource that several hold must be the same in each."""
    found = dict[str, Any]()
    for sample in samples:
        _add(found, sample, "")
    return found


def resource(kind: str, name: str, /, **body: Any) -> dict[str, Any]:
    """One resource."""
    return {"resource": {kind: {name: body}}}


def data(kind: str, name: str, /, **body: Any) -> dict[str, Any]:
    """One data source."""
    return {"data": {kind: {name: body}}}


def cloud(name: str) -> str:
    """A name in the cloud: `sample-` and the name of the resource."""
    return f"sample-{name.replace('_', '-')}"


def trust(service: str) -> str:
    """The policy that lets a service assume a role."""
    return policy(Action="sts:AssumeRole", Principal={"Service": service})


def policy(*statements: Mapping[str, Any], **statement: Any) -> str:
    """A policy document with these statements; `Effect` is `Allow` where none is given."""
    listed = [*statements, *([statement] if statement else [])]
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **entry} for entry in listed]})


def role(name: str = "function", service: str = LAMBDA) -> dict[str, Any]:
    """A role that a service may assume."""
    return resource("aws_iam_role", name, name=cloud(name), assume_role_policy=trust(service))


def network(zones: int = 2, name: str = "main") -> dict[str, Any]:
    """A VPC with a private subnet in each of `zones` zones, `aws_subnet.<name>_a` and so on, and a security group."""
    listed = [
        resource(
            "aws_subnet",
            f"{name}_{zone[-1]}",
            vpc_id=f"${{aws_vpc.{name}.id}}",
            availability_zone=zone,
            cidr_block=f"10.0.{index}.0/24",
        )
        for index, zone in enumerate(ZONES[:zones])
    ]
    return merged(
        resource("aws_vpc", name, cidr_block="10.0.0.0/16", enable_dns_support=True, enable_dns_hostnames=True),
        *listed,
        group(name, vpc=name),
    )


def group(name: str, vpc: str = "main") -> dict[str, Any]:
    """A security group without rules."""
    return resource(
        "aws_security_group", name, name=cloud(name), description=f"Sample {name}", vpc_id=f"${{aws_vpc.{vpc}.id}}"
    )


def subnet_ids(zones: int = 2, name: str = "main") -> list[str]:
    """References to the subnets of `network`."""
    return [f"${{aws_subnet.{name}_{zone[-1]}.id}}" for zone in ZONES[:zones]]


def function(name: str, /, **body: Any) -> dict[str, Any]:
    """A function outside any VPC, with the role of `role()`; what is given replaces what is here, None takes it out."""
    settings = {
        "function_name": cloud(name),
        "role": "${aws_iam_role.function.arn}",
        "runtime": "python3.13",
        "handler": "app.handler",
        "s3_bucket": CODE_BUCKET,
        "s3_key": CODE_KEY,
        "timeout": 10,
        "memory_size": 256,
        "architectures": ["arm64"],
        **body,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    return merged(role(), resource("aws_lambda_function", name, **given))


def function_in_vpc(
    name: str, /, *, zones: int = 2, groups: tuple[str, ...] = ("main",), **body: Any
) -> dict[str, Any]:
    """A function in the private subnets of `network(zones)`, which comes with it."""
    references = [f"${{aws_security_group.{entry}.id}}" for entry in groups]
    config = {"subnet_ids": subnet_ids(zones), "security_group_ids": references}
    return merged(network(zones), function(name, **{"vpc_config": config, **body}))


def proxy(name: str, /, **body: Any) -> dict[str, Any]:
    """An RDS proxy in two zones with its role, group and secret."""
    settings = {
        "name": cloud(name),
        "engine_family": "POSTGRESQL",
        "role_arn": "${aws_iam_role.proxy.arn}",
        "vpc_subnet_ids": subnet_ids(),
        "vpc_security_group_ids": ["${aws_security_group.main.id}"],
        "auth": [{"secret_arn": "${aws_secretsmanager_secret.orders.arn}", "iam_auth": "REQUIRED"}],
        **body,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    return merged(
        network(),
        role("proxy", PROXY),
        resource("aws_secretsmanager_secret", "orders", name="sample-orders", recovery_window_in_days=0),
        resource("aws_db_proxy", name, **given),
    )


def _add(found: dict[str, Any], sample: Mapping[str, Any], path: str) -> None:
    for key, value in sample.items():
        inner = f"{path}.{key}"
        if key not in found:
            found[key] = _copied(value)
        elif inner.count(".") >= _RESOURCE_DEPTH:
            if found[key] != value:
                raise ValueError(f"two samples hold a different {inner.removeprefix('.')}")
        else:
            _add(found[key], value, inner)


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value))


_RESOURCE_DEPTH = 3
"""`resource`, type and name; what lies below is one resource."""
