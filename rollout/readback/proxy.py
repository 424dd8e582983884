"""The RDS Proxy read back: TLS and IAM required, one secret, one target, the pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, only, pages
from rollout.readback.database import database_instance
from rollout.readback.expected import Expected
from rollout.readback.keys import key_arn
from rollout.readback.log_groups import log_group_checks
from rollout.readback.network import Vpc
from rollout.readback.policy_document import role_checks, statement, trust


def database_proxy(clients: Clients, name: str) -> Any:
    """A proxy, as RDS describes it; `Any`, as boto3 returns plain dictionaries."""
    rds: Any = clients("rds")  # Any: clients are made from models at run time
    return only(rds.describe_db_proxies(DBProxyName=name)["DBProxies"], f"proxy {name}")


def proxy_resource_id(clients: Clients, name: str) -> str:
    """The id that IAM database authentication names, such as `prx-0123`: the last part of the proxy's ARN."""
    return str(database_proxy(clients, name)["DBProxyArn"]).rpartition(":")[2]


def proxy_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Settings of the proxy: how one logs in, and where it stands."""
    name = outputs["proxy_name"]
    proxy, subject = database_proxy(clients, name), f"proxy {name}"
    auth = only(proxy["Auth"], f"authentication of {subject}")
    secret = (database_instance(clients, outputs).get("MasterUserSecret") or {}).get("SecretArn")
    facts: dict[str, tuple[object, object]] = {
        "status": ("available", proxy["Status"]),
        "engine": ("POSTGRESQL", proxy["EngineFamily"]),
        "endpoint": (outputs["proxy_endpoint"], proxy["Endpoint"]),
        "TLS required": (True, proxy["RequireTLS"]),
        "authentication": ("SECRETS", auth.get("AuthScheme")),
        "IAM": ("REQUIRED", auth.get("IAMAuth")),
        "password method": ("POSTGRES_SCRAM_SHA_256", auth.get("ClientPasswordAuthType")),
        "secret": (secret, auth.get("SecretArn")),
        "VPC": (outputs["vpc_id"], proxy["VpcId"]),
        "subnets": (list(Vpc.read(clients, outputs["vpc_id"]).tier("isolated").values()), proxy["VpcSubnetIds"]),
        "idle client seconds": (expected.proxy.idle_client_timeout_seconds, proxy["IdleClientTimeout"]),
        "debug logging": (False, proxy["DebugLogging"]),
    }
    return [
        *(equal(f"{subject}: {fact}", want, found) for fact, (want, found) in facts.items()),
        *log_group_checks(
            clients,
            f"/aws/rds/proxy/{name}",
            retention_days=expected.proxy.log_retention_days,
            prefix=expected.prefix,
        ),
    ]


def proxy_target_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The proxy's one target is the database, with the pool as configured."""
    rds: Any = clients("rds")  # Any: as above
    name, subject = outputs["proxy_name"], f"proxy {outputs['proxy_name']}"
    groups = pages(rds, "describe_db_proxy_target_groups", "TargetGroups", DBProxyName=name)
    pool = only(groups, f"target group of {subject}")["ConnectionPoolConfig"]
    targets = pages(rds, "describe_db_proxy_targets", "Targets", DBProxyName=name)
    settings = {
        "MaxConnectionsPercent": expected.proxy.max_connections_percent,
        "MaxIdleConnectionsPercent": expected.proxy.max_idle_connections_percent,
        "ConnectionBorrowTimeout": expected.proxy.connection_borrow_timeout_seconds,
    }
    return [
        equal(
            f"{subject}: targets",
            [f"RDS_INSTANCE {outputs['database_identifier']}"],
            [f"{target['Type']} {target['RdsResourceId']}" for target in targets],
        ),
        *(equal(f"{subject}: {setting}", want, pool.get(setting)) for setting, want in settings.items()),
    ]


def proxy_role_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The proxy's role reads exactly the database's managed secret, and decrypts through Secrets Manager only."""
    role = str(database_proxy(clients, outputs["proxy_name"])["RoleArn"]).rpartition("/")[2]
    secret = database_instance(clients, outputs)["MasterUserSecret"]["SecretArn"]
    via = ("StringEquals", "kms:ViaService", f"secretsmanager.{expected.region}.amazonaws.com")
    return role_checks(
        clients,
        role,
        trusted=trust("rds.amazonaws.com"),
        allowed={
            "ReadMasterSecret": statement(["secretsmanager:GetSecretValue"], [secret]),
            "DecryptMasterSecret": statement(["kms:Decrypt"], [key_arn(clients, expected.prefix)], condition=via),
        },
    )
