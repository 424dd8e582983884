"""One stack with a database behind a function, and changes of it, as `terraform show -json` prints them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from analysis.plan import Plan
from tests.analysis.documents import ref
from tests.analysis.forecast.changes import CREATE, DELETE, NO_OP, REPLACE, UPDATE, Changes

CANARY = "canary-5up3r-s3cret"
"""The password of every database; it must never leave a plan."""

_ZONES = ("a", "b")
_GROUPS = ("function", "database", "endpoint")


def target_of(env: str, account: str, region: str = "us-east-1") -> str:
    return f"{env}-{account}-{region}-orders_api"


class Stack:
    """One target's stack as it stands, and the change that is asked for.

    Args:
        env: such as `prod`.
        account: alias of the account.
        number: account id.
        region: where.
    """

    def __init__(self, env: str, account: str, number: str, region: str = "us-east-1") -> None:
        self.env, self.number, self.region = env, number, region
        self.target = target_of(env, account, region)
        self.changes = Changes()
        self.sensitive: dict[str, tuple[str, ...]] = {}

    def arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.number}:{rest}"

    def id(self, kind: str, name: str) -> str:
        digits = f"{abs(hash_of(f'{self.target}{name}')):017x}"[:17]
        return f"{kind}-{digits}"

    def name(self, thing: str) -> str:
        return f"acme-{self.env}-orders-{thing}"

    def stands(self, address: str, values: Mapping[str, Any], **expressions: Any) -> None:
        """A resource that stays as it is."""
        self.changes.add(address, NO_OP, values, expressions=expressions)

    def network(self) -> Stack:
        vpc = self.id("vpc", "main")
        self.stands("aws_vpc.main", {"id": vpc, "cidr_block": "10.0.0.0/16", "enable_dns_support": True,
                                     "enable_dns_hostnames": True, "arn": self.arn("ec2", f"vpc/{vpc}")})  # fmt: skip
        for number, zone in enumerate(_ZONES):
            subnet, table = self.id("subnet", zone), self.id("rtb", zone)
            values = {
                "id": subnet,
                "vpc_id": vpc,
                "cidr_block": f"10.0.{number}.0/24",
                "availability_zone": f"{self.region}{zone}",
                "arn": self.arn("ec2", f"subnet/{subnet}"),
            }
            self.stands(f"aws_subnet.private_{zone}", values, vpc_id=ref("aws_vpc.main.id"))
            self.stands(f"aws_route_table.private_{zone}", {"id": table, "vpc_id": vpc}, vpc_id=ref("aws_vpc.main.id"))
            self.stands(
                f"aws_route_table_association.private_{zone}",
                {"id": f"rtbassoc-{zone}", "subnet_id": subnet, "route_table_id": table},
                subnet_id=ref(f"aws_subnet.private_{zone}.id"),
                route_table_id=ref(f"aws_route_table.private_{zone}.id"),
            )
        for name in _GROUPS:
            group = self.id("sg", name)
            values = {
                "id": group,
                "vpc_id": vpc,
                "name": self.name(name),
                "arn": self.arn("ec2", f"security-group/{group}"),
            }
            self.stands(f"aws_security_group.{name}", values, vpc_id=ref("aws_vpc.main.id"))
        self._rule("function", "egress", 5432, "database")
        self._rule("database", "ingress", 5432, "function")
        self._rule("function", "egress", 443, "endpoint")
        self._rule("endpoint", "ingress", 443, "function")
        return self

    def _rule(self, of: str, direction: str, port: int, other: str) -> None:
        name = f"{of}_{other}"
        values = {"id": f"sgr-{name}", "security_group_id": self.id("sg", of), "ip_protocol": "tcp", "from_port": port,
                  "to_port": port, "referenced_security_group_id": self.id("sg", other)}  # fmt: skip
        self.stands(
            f"aws_vpc_security_group_{direction}_rule.{name}",
            values,
            security_group_id=ref(f"aws_security_group.{of}.id"),
            referenced_security_group_id=ref(f"aws_security_group.{other}.id"),
        )

    def endpoint(self, *, is_destroyed: bool = False) -> Stack:
        """The way to Secrets Manager; without it nothing reads the secret."""
        values = {
            "id": self.id("vpce", "secrets"),
            "vpc_id": self.id("vpc", "main"),
            "service_name": f"com.amazonaws.{self.region}.secretsmanager",
            "vpc_endpoint_type": "Interface",
            "private_dns_enabled": True,
            "policy": None,
            "subnet_ids": [self.id("subnet", zone) for zone in _ZONES],
            "security_group_ids": [self.id("sg", "endpoint")],
            "arn": self.arn("ec2", f"vpc-endpoint/{self.id('vpce', 'secrets')}"),
        }
        expressions = {
            "vpc_id": ref("aws_vpc.main.id"),
            "subnet_ids": ref(*(f"aws_subnet.private_{zone}.id" for zone in _ZONES)),
            "security_group_ids": ref("aws_security_group.endpoint.id"),
        }
        actions = DELETE if is_destroyed else NO_OP
        self.changes.add("aws_vpc_endpoint.secretsmanager", actions, values, expressions=expressions)
        return self

    def secret(self) -> Stack:
        arn = self.arn("secretsmanager", "secret:orders-AbCdEf")
        self.stands("aws_secretsmanager_secret.database", {"id": arn, "arn": arn, "name": self.name("database")})
        return self

    def database(self, *, is_replaced: bool = False) -> Stack:
        subnets = [self.id("subnet", zone) for zone in _ZONES]
        self.stands(
            "aws_db_subnet_group.orders",
            {"id": self.name("database"), "name": self.name("database"), "subnet_ids": subnets},
            subnet_ids=ref(*(f"aws_subnet.private_{zone}.id" for zone in _ZONES)),
        )
        before = {
            "id": self.id("db", "orders").upper(),
            "identifier": self.name("database"),
            "arn": self.arn("rds", f"db:{self.name('database')}"),
            "engine": "postgres",
            "instance_class": "db.t4g.medium",
            "allocated_storage": 50,
            "storage_type": "gp3",
            "multi_az": True,
            "password": CANARY,
            "username": "orders",
            "storage_encrypted": False,
            "skip_final_snapshot": True,
            "deletion_protection": False,
            "port": 5432,
            "db_subnet_group_name": self.name("database"),
            "vpc_security_group_ids": [self.id("sg", "database")],
        }
        after = {"storage_encrypted": True, "password": f"{CANARY}-rotated", "instance_class": "db.r7g.large"}
        self.changes.add(
            "aws_db_instance.orders",
            REPLACE if is_replaced else NO_OP,
            before,
            after if is_replaced else None,
            unknown={"id": True, "arn": True} if is_replaced else None,
            replace=[["storage_encrypted"]] if is_replaced else (),
            expressions={
                "vpc_security_group_ids": ref("aws_security_group.database.id"),
                "db_subnet_group_name": ref("aws_db_subnet_group.orders.name"),
            },
        )
        self.sensitive["aws_db_instance.orders"] = ("password",)
        return self

    def role(self) -> Stack:
        arn = f"arn:aws:iam::{self.number}:role/{self.name('api')}"
        self.stands("aws_iam_role.api", {"id": self.name("api"), "name": self.name("api"), "arn": arn})
        secret = self.arn("secretsmanager", "secret:orders-AbCdEf")
        statement = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        values = {"id": f"{self.name('api')}:read", "name": "read", "role": self.name("api"), "policy": policy}
        self.stands("aws_iam_role_policy.read", values, role=ref("aws_iam_role.api.name"))
        return self

    def function(self, *, memory: int = 0, variables: Mapping[str, str] | None = None) -> Stack:
        name = self.name("api")
        set_before = {"LOG_LEVEL": "info", "DB_HOST": f"{self.name('database')}.internal"}
        before = {
            "id": name,
            "function_name": name,
            "arn": self.arn("lambda", f"function:{name}"),
            "qualified_arn": self.arn("lambda", f"function:{name}:7"),
            "role": f"arn:aws:iam::{self.number}:role/{name}",
            "version": "7",
            "runtime": "python3.12",
            "architectures": ["x86_64"],
            "memory_size": 512,
            "timeout": 10,
            "reserved_concurrent_executions": 50,
            "environment": [{"variables": set_before}],
            "vpc_config": [
                {
                    "subnet_ids": [self.id("subnet", zone) for zone in _ZONES],
                    "security_group_ids": [self.id("sg", "function")],
                    "vpc_id": self.id("vpc", "main"),
                }
            ],
        }
        after: dict[str, Any] = {"memory_size": memory} if memory else {}
        if variables:
            after["environment"] = [{"variables": {**set_before, **variables}}]
        self.changes.add(
            "aws_lambda_function.api",
            UPDATE if after else NO_OP,
            before,
            after or None,
            unknown={"version": True, "qualified_arn": True} if after else None,
            expressions={
                "role": ref("aws_iam_role.api.arn"),
                "vpc_config": [
                    {
                        "subnet_ids": ref(*(f"aws_subnet.private_{zone}.id" for zone in _ZONES)),
                        "security_group_ids": ref("aws_security_group.function.id"),
                    }
                ],
            },
        )
        return self

    def refunds(self) -> Stack:
        """A queue with its dead-letter queue, an alarm and the function that empties it."""
        later = {"id": True, "arn": True, "url": True}
        dead = {"name": self.name("refunds-dead"), "message_retention_seconds": 1_209_600}
        self.changes.add("aws_sqs_queue.refunds_dead", CREATE, None, dead, unknown=later)
        self.changes.add(
            "aws_sqs_queue.refunds",
            CREATE,
            None,
            {"name": self.name("refunds"), "visibility_timeout_seconds": 60, "sqs_managed_sse_enabled": True},
            unknown={**later, "redrive_policy": True},
            expressions={"redrive_policy": ref("aws_sqs_queue.refunds_dead.arn")},
        )
        alarm = {"alarm_name": self.name("refunds-dead"), "namespace": "AWS/SQS", "threshold": 0, "period": 60,
                 "metric_name": "ApproximateNumberOfMessagesVisible", "statistic": "Maximum"}  # fmt: skip
        self.changes.add(
            "aws_cloudwatch_metric_alarm.refunds_dead",
            CREATE,
            None,
            alarm,
            unknown={"arn": True, "dimensions": True},
            expressions={"dimensions": ref("aws_sqs_queue.refunds_dead.name")},
        )
        self.changes.add(
            "aws_lambda_event_source_mapping.refunds",
            CREATE,
            None,
            {"batch_size": 10, "function_response_types": ["ReportBatchItemFailures"]},
            unknown={"event_source_arn": True, "function_name": True, "uuid": True},
            expressions={
                "event_source_arn": ref("aws_sqs_queue.refunds.arn"),
                "function_name": ref("aws_lambda_function.api.arn"),
            },
        )
        return self

    @property
    def document(self) -> dict[str, Any]:
        """The plan's document, with its provider and what is sensitive."""
        found = self.changes.document
        found["configuration"]["provider_config"] = {
            "aws": {
                "name": "aws",
                "expressions": {
                    "region": {"constant_value": self.region},
                    "allowed_account_ids": {"constant_value": [self.number]},
                },
            }
        }
        for entry in found["configuration"]["root_module"]["resources"]:
            entry["provider_config_key"] = "aws"
        for raw in found["resource_changes"]:
            marks = dict.fromkeys(self.sensitive.get(raw["address"], ()), True)
            raw["change"] |= {"before_sensitive": dict(marks), "after_sensitive": dict(marks)}
        return found

    @property
    def plan(self) -> Plan:
        return Plan(self.document, self.target)


def hash_of(text: str) -> int:
    """The same in every process."""
    number = 7
    for mark in text:
        number = (number * 1_000_003 + ord(mark)) % (1 << 64)
    return number
