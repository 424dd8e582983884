"""Configuration of a bastion."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.fields import Matching, Within
from modules.core.limits import Range
from modules.network.fields import AvailabilityZone

VOLUME_GB = Range(8, 16_384, "GiB", "a bastion's volume", "EC2 guide; the image of Amazon Linux takes 8")


class BastionConfig(ConfigModel):
    """An instance without any way in; Session Manager forwards ports through it.

    Session Manager needs a way out: a NAT, or interface endpoints for ssm, ssmmessages and ec2messages.
    """

    zone: AvailabilityZone = Field(description="Zone of the instance, one of the network's.")
    instance_type: Annotated[
        str,
        Matching(
            r"[a-z][a-z0-9-]*\.[a-z0-9-]+",
            "an instance type reads like t4g.nano",
            "write one that EC2 offers",
            32,
            literal=True,
        ),
    ] = Field(default="t4g.nano", description="EC2 instance type; it decides the image's architecture.")
    ami_id: (
        Annotated[
            str, Matching(r"ami-[0-9a-f]{8,17}", "an image's id reads like ami-0123456789abcdef0", "copy it from EC2")
        ]
        | None
    ) = Field(default=None, description="Image; without it the newest Amazon Linux 2023 when the instance is made.")
    volume_gb: Annotated[int, Within(VOLUME_GB)] = Field(default=8, description="Size of its encrypted volume.")

    @property
    def architecture(self) -> str:
        """Architecture of the instance type: Graviton families have a g after the generation."""
        return "arm64" if re.match(r"(?:a1|[a-z]+\d+g[a-z]*)\.", self.instance_type) else "x86_64"
