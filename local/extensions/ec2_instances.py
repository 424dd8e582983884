"""EC2 instances: a volume whose size is left to the image.

moto 5.2.5 refuses a block device mapping with neither size nor snapshot; AWS takes both from the image's.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.responses.instances import InstanceResponse

from local.extensions.patching import wrap


def install() -> None:
    """Extend moto."""
    wrap(InstanceResponse, "run_instances", "self", _run)


def _run(original: Any, response: Any) -> Any:
    (image,) = response.ec2_backend.describe_images(ami_ids=[response.params["ImageId"]])
    for mapping in response.params.get("BlockDeviceMappings") or ():
        volume = mapping.get("Ebs")
        if volume is not None and mapping.get("DeviceName") == image.root_device_name and not volume.get("SnapshotId"):
            volume.setdefault("VolumeSize", image.ebs_snapshot.volume.size)
    return original(response)
