"""EC2 DHCP options: tags given when they are created, and the options that a VPC names.

moto 5.2.5 drops the tags of `CreateDhcpOptions`.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.responses.dhcp_options import DHCPOptions

from local.extensions.patching import wrap


def install() -> None:
    """Extend moto."""
    wrap(DHCPOptions, "create_dhcp_options", "self", _create)


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    tags = response._parse_tag_specification().get("dhcp-options", {})  # noqa: SLF001 - moto has no public name for it
    answer.result["DhcpOptions"].add_tags(tags)
    return answer
