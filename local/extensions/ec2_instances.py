"""EC2 instances: a volume whose size is left to the image, detailed monitoring, and interfaces that outlive them.

moto 5.2.5 refuses a block device mapping with neither size nor snapshot; AWS takes both from the image's. It cannot
turn detailed monitoring on or off, and keeps an interface that is not deleted at termination attached to the
terminated instance.
"""

from __future__ import annotations

import copy
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.monitoring import Monitoring

from local.extensions.patching import replace_action, wrap


def install() -> None:
    """Extend moto."""
    wrap(InstanceResponse, "run_instances", "self", _run)
    wrap(Instance, "terminate", "self", _terminate)
    replace_action(Monitoring, monitor_instances)
    replace_action(Monitoring, unmonitor_instances)


def monitor_instances(response: Any) -> Any:
    """Metrics each minute."""
    return _set_monitoring(response, "enabled")


def unmonitor_instances(response: Any) -> Any:
    """Metrics each five minutes."""
    return _set_monitoring(response, "disabled")


def _set_monitoring(response: Any, state: str) -> Any:
    instances = [response.ec2_backend.get_instance(each) for each in response.params["InstanceIds"]]
    for instance in instances:
        instance.monitoring_state = state
    return ActionResult(
        {"InstanceMonitorings": [{"InstanceId": each.id, "Monitoring": {"State": state}} for each in instances]}
    )


def _run(original: Any, response: Any) -> Any:
    (image,) = response.ec2_backend.describe_images(ami_ids=[response.params["ImageId"]])
    for mapping in response.params.get("BlockDeviceMappings") or ():
        volume = mapping.get("Ebs")
        if volume is not None and mapping.get("DeviceName") == image.root_device_name and not volume.get("SnapshotId"):
            volume.setdefault("VolumeSize", image.ebs_snapshot.volume.size)
    return original(response)


def _terminate(original: Any, instance: Any) -> Any:
    answer = original(instance)
    interfaces = dict(instance.nics)
    for interface in interfaces.values():
        if not interface.delete_on_termination:
            instance.nics[interface.device_index] = copy.copy(interface)  # moto describes a terminated instance by it
            _detach(interface)
    return answer


def _detach(interface: Any) -> None:
    interface.instance = interface.attachment_id = interface.attach_time = interface.device_index = None
    interface.status = "available"
