"""Leftovers that hold data or code: buckets, file systems, tables, image repositories, layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner, tag_map


def buckets(clients: Clients, owner: Owner) -> Iterator[str]:
    """Buckets of the client's region by name; without the region S3 lists those of all."""
    s3: Any = clients("s3")  # Any: clients are made from models at run time
    for bucket in pages(s3, "list_buckets", "Buckets", BucketRegion=s3.meta.region_name, Prefix=owner.prefix):
        if owner.names(bucket["Name"]):
            yield f"bucket {bucket['Name']}"


def file_systems(clients: Clients, owner: Owner) -> Iterator[str]:
    """File systems and access points by their tags."""
    efs: Any = clients("efs")  # Any: as above
    listings = (
        ("file system", "describe_file_systems", "FileSystems", "FileSystemId"),
        ("access point", "describe_access_points", "AccessPoints", "AccessPointId"),
    )
    for kind, operation, key, identity in listings:
        for item in pages(efs, operation, key):
            if item.get("LifeCycleState") != "deleted" and owner.tags(tag_map(item.get("Tags"))):
                yield f"{kind} {' '.join(filter(None, (item[identity], item.get('Name') or '')))}"


def repositories(clients: Clients, owner: Owner) -> Iterator[str]:
    """Image repositories by any part of their path."""
    for repository in pages(clients("ecr"), "describe_repositories", "repositories"):
        if owner.names(repository["repositoryName"]):
            yield f"image repository {repository['repositoryName']}"


def layers(clients: Clients, owner: Owner) -> Iterator[str]:
    """Layers by name, whatever number of versions they have; layers have no tags."""
    for layer in pages(clients("lambda"), "list_layers", "Layers"):
        if owner.names(layer["LayerName"]):
            yield f"layer {layer['LayerName']}"


def tables(clients: Clients, owner: Owner) -> Iterator[str]:
    """Tables by name."""
    for name in pages(clients("dynamodb"), "list_tables", "TableNames"):
        if owner.names(name):
            yield f"table {name}"


def scalable_targets(clients: Clients, owner: Owner) -> Iterator[str]:
    """What Application Auto Scaling still scales, by the name within its id: `table/name`, `cluster:name`."""
    client: Any = clients("application-autoscaling")  # Any: as above
    for namespace in ("dynamodb", "rds"):
        for item in pages(client, "describe_scalable_targets", "ScalableTargets", ServiceNamespace=namespace):
            name = item["ResourceId"].replace(":", "/").partition("/")[2]
            if owner.names(name):
                yield f"scalable target {item['ResourceId']} {item['ScalableDimension']}"
