"""Leftovers of every service but EC2, and what AWS has only scheduled for deletion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner, tag_map

_PENDING = ("PendingDeletion", "PendingReplicaDeletion")


def functions(clients: Clients, owner: Owner) -> Iterator[str]:
    """Functions by name."""
    for function in pages(clients("lambda"), "list_functions", "Functions"):
        if owner.names(function["FunctionName"]):
            yield f"function {function['FunctionName']}"


def code_signing(clients: Clients, owner: Owner) -> Iterator[str]:
    """Code signing configurations, which have tags but no name, and signing profiles that can still sign."""
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    for config in pages(client, "list_code_signing_configs", "CodeSigningConfigs"):
        arn = config["CodeSigningConfigArn"]
        if owner.tags(client.list_tags(Resource=arn)["Tags"]):
            yield f"code signing config {config['CodeSigningConfigId']}"
    for profile in _profiles(clients, owner):
        if profile["status"] != "Canceled":
            yield f"signing profile {profile['profileName']}"


def roles(clients: Clients, owner: Owner) -> Iterator[str]:
    """Roles, policies of the account and instance profiles by name."""
    iam: Any = clients("iam")  # Any: as above
    for role in pages(iam, "list_roles", "Roles"):
        if owner.names(role["RoleName"]):
            yield f"role {role['RoleName']}"
    for policy in pages(iam, "list_policies", "Policies", Scope="Local"):
        if owner.names(policy["PolicyName"]):
            yield f"policy {policy['PolicyName']}"
    for profile in pages(iam, "list_instance_profiles", "InstanceProfiles"):
        if owner.names(profile["InstanceProfileName"]):
            yield f"instance profile {profile['InstanceProfileName']}"


def shares(clients: Clients, owner: Owner) -> Iterator[str]:
    """Resource shares by name; a deleted one stays visible for two hours."""
    for share in pages(clients("ram"), "get_resource_shares", "resourceShares", resourceOwner="SELF"):
        if share["status"] != "DELETED" and owner.names(share["name"]):
            yield f"resource share {share['name']}"


def log_groups(clients: Clients, owner: Owner) -> Iterator[str]:
    """Log groups by any part of their path; a service that outlives its group makes it again, without retention."""
    for group in pages(clients("logs"), "describe_log_groups", "logGroups"):
        if owner.names(group["logGroupName"]):
            yield f"log group {group['logGroupName']}"


def alarms(clients: Clients, owner: Owner) -> Iterator[str]:
    """Alarms by name."""
    for alarm in pages(clients("cloudwatch"), "describe_alarms", "MetricAlarms", AlarmNamePrefix=owner.prefix):
        if owner.names(alarm["AlarmName"]):
            yield f"alarm {alarm['AlarmName']}"


def topics(clients: Clients, owner: Owner) -> Iterator[str]:
    """Topics by name."""
    for topic in pages(clients("sns"), "list_topics", "Topics"):
        name = topic["TopicArn"].rpartition(":")[2]
        if owner.names(name):
            yield f"topic {name}"


def queues(clients: Clients, owner: Owner) -> Iterator[str]:
    """Queues by name."""
    for url in pages(clients("sqs"), "list_queues", "QueueUrls", QueueNamePrefix=owner.prefix):
        name = url.rpartition("/")[2]
        if owner.names(name):
            yield f"queue {name}"


def databases(clients: Clients, owner: Owner) -> Iterator[str]:
    """Instances, proxies, groups, snapshots and retained backups by name."""
    listings = (
        ("database", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
        ("proxy", "describe_db_proxies", "DBProxies", "DBProxyName"),
        ("proxy endpoint", "describe_db_proxy_endpoints", "DBProxyEndpoints", "DBProxyEndpointName"),
        ("database subnet group", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
        ("database parameter group", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
        ("database snapshot", "describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier"),
        (
            "database backup",
            "describe_db_instance_automated_backups",
            "DBInstanceAutomatedBackups",
            "DBInstanceIdentifier",
        ),
    )
    for kind, operation, key, name in listings:
        for item in pages(clients("rds"), operation, key):
            # automatic snapshots are named rds:<instance>-<date>
            if owner.names(item[name].removeprefix("rds:")):
                yield f"{kind} {item[name]}"


def secrets(clients: Clients, owner: Owner) -> Iterator[str]:
    """Secrets by name, and those that RDS manages by the database that owns them."""
    for secret in _secrets(clients, owner):
        if "DeletedDate" not in secret:
            yield f"secret {secret['Name']}"


def keys(clients: Clients, owner: Owner) -> Iterator[str]:
    """Key aliases by name; keys by tags, as their alias goes first. Keys waiting for deletion are not counted."""
    for alias in pages(clients("kms"), "list_aliases", "Aliases"):
        if owner.names(alias["AliasName"]):
            yield f"key alias {alias['AliasName']}"
    for key in _keys(clients, owner):
        if key["KeyState"] not in _PENDING:
            yield f"key {key['KeyId']}"


def scheduled_keys(clients: Clients, owner: Owner) -> Iterator[str]:
    """Keys that wait for their deletion, with its date."""
    for key in _keys(clients, owner):
        if key["KeyState"] in _PENDING:
            date = f" on {key['DeletionDate']:%Y-%m-%d}" if "DeletionDate" in key else ""
            yield f"key {key['KeyId']}: deleted{date}"


def canceled_profiles(clients: Clients, owner: Owner) -> Iterator[str]:
    """Signing profiles that were canceled; their names can never be used again."""
    for profile in _profiles(clients, owner):
        if profile["status"] == "Canceled":
            yield f"signing profile {profile['profileName']}: canceled"


def scheduled_secrets(clients: Clients, owner: Owner) -> Iterator[str]:
    """Secrets inside their recovery window."""
    for secret in _secrets(clients, owner):
        if "DeletedDate" in secret:
            yield f"secret {secret['Name']}: deleted on {secret['DeletedDate']:%Y-%m-%d}"


def _keys(clients: Clients, owner: Owner) -> Iterator[Any]:
    kms: Any = clients("kms")  # Any: as above
    for entry in pages(kms, "list_keys", "Keys"):
        key = kms.describe_key(KeyId=entry["KeyId"])["KeyMetadata"]
        if key.get("KeyManager") == "AWS":
            continue  # a service's own key; its tags are not ours to read
        tags = pages(kms, "list_resource_tags", "Tags", KeyId=entry["KeyId"])
        if owner.tags(tag_map(tags, "TagKey", "TagValue")):
            yield key


def _profiles(clients: Clients, owner: Owner) -> Iterator[Any]:
    for profile in pages(clients("signer"), "list_signing_profiles", "profiles", includeCanceled=True):
        if owner.names(profile["profileName"]):
            yield profile


def _secrets(clients: Clients, owner: Owner) -> Iterator[Any]:
    for secret in pages(clients("secretsmanager"), "list_secrets", "SecretList", IncludePlannedDeletion=True):
        tags = tag_map(secret.get("Tags"))
        databases = [tags.get(f"aws:rds:primaryDB{kind}Arn", "").rpartition(":")[2] for kind in ("Instance", "Cluster")]
        if owner.names(secret["Name"]) or owner.tags(tags) or any(map(owner.names, databases)):
            yield secret
