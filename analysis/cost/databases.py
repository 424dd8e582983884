"""What databases are billed for: instances, Aurora clusters, RDS Proxy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.cost.charges import Charges, Kind, fixed, hourly, undecidable, used
from analysis.cost.state import State
from analysis.cost.usage import Usage, use_of
from analysis.endpoint_break_even import HOURS_A_MONTH
from analysis.plan import UNKNOWN, Resource
from modules.database.connections import instance_class_of

PROXY_LEAST_VCPUS = 2  # RDS Proxy pricing: provisioned instances
PROXY_LEAST_ACU = 8  # RDS Proxy pricing: Aurora Serverless v2
SERVERLESS = "db.serverless"
_IO_OPTIMIZED = "aurora-iopt1"
_RESTORED = ("snapshot_identifier", "restore_to_point_in_time", "s3_import", "replicate_source_db")


def instance_charges(state: State, instance: Resource, usage: Usage) -> Charges:
    """A database instance: its hours, its storage, and the secret that RDS keeps for it."""
    del usage
    restored = state.is_configured(instance, *_RESTORED)
    values = {
        "engine": _engine(state, instance),
        "instance_class": instance.get("instance_class"),
        "multi_az": instance.get("multi_az") if restored else state.setting(instance, "multi_az", default=False),
    }
    unknown = ", ".join(name for name, value in values.items() if value is UNKNOWN or value is None)
    if unknown:
        yield undecidable(state, instance, "database instance", unknown)
    else:
        zones = "multi" if values["multi_az"] else "single"
        yield hourly(state, instance, f"rds.instance.{values['engine']}.{values['instance_class']}.{zones}", 1)
        yield from _storage(state, instance, zones)
    if instance.get("publicly_accessible") is True:
        yield hourly(state, instance, "public_ipv4.hours", 1)
    yield from _secret(state, instance)


def cluster_charges(state: State, cluster: Resource, usage: Usage) -> Charges:
    """An Aurora cluster: storage and requests by usage; its instances are billed on their own."""
    engine = cluster.get("engine")
    if engine is UNKNOWN:
        yield undecidable(state, cluster, "aurora.storage", "engine", Kind.USAGE)
    elif not str(engine).startswith("aurora"):
        yield fixed(state, cluster, f"Multi-AZ DB cluster of {engine}", 1)
    elif _storage_type(state, cluster) != "":
        yield used(state, cluster, f"Aurora storage, {_IO_OPTIMIZED}", Decimal(1))
    else:
        declared = use_of(usage.clusters, cluster.address)
        yield used(state, cluster, "aurora.storage", declared.stored_gb if declared else None)
        yield used(state, cluster, "aurora.requests", declared.requests if declared else None)
    yield from _secret(state, cluster)


def cluster_instance_charges(state: State, instance: Resource, usage: Usage) -> Charges:
    """An Aurora instance: its hours, or the capacity it has at least and what usage adds."""
    size, engine = instance.get("instance_class"), instance.get("engine")
    if size is UNKNOWN or engine is UNKNOWN:
        unknown = "instance_class" if size is UNKNOWN else "engine"
        yield undecidable(state, instance, "Aurora instance", unknown)
        return
    cluster = state.links(instance, "cluster_identifier", "aws_rds_cluster").only
    storage = UNKNOWN if cluster is None else _storage_type(state, cluster)
    if storage is UNKNOWN:
        yield undecidable(
            state, instance, f"{size} of {engine}", "storage_type of its cluster, which decides its price"
        )
    elif storage == _IO_OPTIMIZED:
        yield fixed(state, instance, f"{size} of {engine}, {_IO_OPTIMIZED}", 1)
    elif size != SERVERLESS:
        yield hourly(state, instance, f"rds.instance.{engine}.{size}.single", 1)
    else:
        least = cluster.get("serverlessv2_scaling_configuration.min_capacity") if cluster else None
        if cluster is None or least is None or least is UNKNOWN:
            yield undecidable(state, instance, "aurora.acu_hours", "min_capacity of its cluster")
            return
        floor = Decimal(str(least))
        yield hourly(state, instance, "aurora.acu_hours", floor, "ACU at least")
        declared = use_of(usage.clusters, cluster.address)
        average = declared.acu if declared else None
        above = None if average is None else max(Decimal(0), average - floor) * HOURS_A_MONTH
        yield used(state, instance, "aurora.acu_hours", above, "ACU above the least")


def proxy_charges(state: State, proxy: Resource, usage: Usage) -> Charges:
    """A proxy by the vCPUs of its target's instances, at least 2; by capacity units, at least 8, for Serverless v2."""
    vcpus, unknown, serverless = 0, "", list[Resource]()
    targets = state.proxy_targets.get(proxy, ())
    for target in targets:
        for instance in _instances(state, target):
            size = instance.get("instance_class", instance.get("db_instance_class"))
            if size == SERVERLESS:
                serverless.append(instance)
                continue
            found = None if size is UNKNOWN else instance_class_of(str(size))
            if found is None:
                unknown = f"the vCPUs of {instance.address} ({'instance_class' if size is UNKNOWN else size})"
            else:
                vcpus += found.vcpus
        if not _instances(state, target):
            unknown = f"the instances that {target.address} leads to"
    if not targets:
        unknown = "its target, as there is none in the plan"
    if unknown:
        yield undecidable(state, proxy, "rds_proxy.vcpu_hours", unknown)
        return
    if vcpus:
        billed = max(PROXY_LEAST_VCPUS, vcpus)
        yield hourly(state, proxy, "rds_proxy.vcpu_hours", billed, f"vCPU (of {vcpus}, at least {PROXY_LEAST_VCPUS})")
    if serverless:
        yield hourly(state, proxy, "rds_proxy.acu_hours", PROXY_LEAST_ACU, "ACU at least")
        yield used(state, proxy, "rds_proxy.acu_hours", _above(state, serverless, usage), "ACU above the least")


def _above(state: State, serverless: list[Resource], usage: Usage) -> Decimal | None:
    """ACU-hours above the minimum charge; None where no capacity is declared."""
    total = Decimal(0)
    for instance in serverless:
        cluster = state.links(instance, "cluster_identifier", "aws_rds_cluster").only
        declared = use_of(usage.clusters, cluster.address) if cluster else None
        if declared is None or declared.acu is None:
            return None
        total += declared.acu
    return max(Decimal(0), total - PROXY_LEAST_ACU) * HOURS_A_MONTH


def _instances(state: State, target: Resource) -> tuple[Resource, ...]:
    single = state.links(target, "db_instance_identifier", "aws_db_instance").resources
    clusters = state.links(target, "db_cluster_identifier", "aws_rds_cluster").resources
    return (*single, *(instance for cluster in clusters for instance in state.cluster_instances.get(cluster, ())))


def _storage(state: State, instance: Resource, zones: str) -> Charges:
    usual = "io1" if state.setting(instance, "iops") not in (None, 0) else "gp2"  # RDS API: the default of StorageType
    kind, size = state.setting(instance, "storage_type", usual), instance.get("allocated_storage")
    if kind is UNKNOWN or size is UNKNOWN or size is None:
        unknown = "storage_type" if kind is UNKNOWN else "allocated_storage"
        yield undecidable(state, instance, "database storage", unknown)
    else:
        yield fixed(state, instance, f"rds.storage.{kind}.{zones}", Decimal(str(size)), f"{size} GB allocated")


def _storage_type(state: State, cluster: Resource) -> Any:
    """Empty for standard storage (RDS API, StorageType of a cluster)."""
    return state.setting(cluster, "storage_type", "")


def _engine(state: State, instance: Resource) -> Any:
    """Its engine; that of its source for a replica."""
    source = state.links(instance, "replicate_source_db", "aws_db_instance").only
    return instance.get("engine") if source is None else source.get("engine")


def _secret(state: State, owner: Resource) -> Charges:
    if owner.get("manage_master_user_password") is True:
        yield fixed(state, owner, "secrets.secrets", 1, "the secret that RDS keeps")
