"""Configuration of a VPC's DHCP options."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.tokens import is_token

AMAZON_DNS = "AmazonProvidedDNS"
_MOST_SERVERS = 4

_Server = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9.:]+", f"a server is an IP address, or {AMAZON_DNS} for name servers", "write its address", 45
    ),
]


class DhcpOptionsConfig(ConfigModel):
    """What the VPC's hosts are told about names and time.

    With other name servers than Amazon's, private DNS of interface endpoints works only if they forward to Amazon's.
    """

    domain_name: Annotated[
        str,
        Matching(
            r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
            "a domain name is labels with dots between",
            "write one domain, as some systems take no second",
            253,
        ),
    ] | None = Field(default=None, description="Domain that unqualified names belong to.")  # fmt: skip
    name_servers: tuple[_Server, ...] = Field(
        default=(AMAZON_DNS,), description="Name servers, at most four; AmazonProvidedDNS is the VPC's own resolver."
    )
    ntp_servers: tuple[_Server, ...] = Field(
        default=("169.254.169.123",), description="Time servers, at most four; the default is Amazon Time Sync."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Addresses are addresses, and no more than EC2 takes."""
        for field in ("name_servers", "ntp_servers"):
            servers = getattr(self, field)
            if is_token(servers):
                continue
            if not servers or len(servers) > _MOST_SERVERS:
                yield Problem("", f"{field} has {len(servers)} entries", "it takes 1 to 4 (VPC guide)", "correct it")
            for server in servers:
                if not (_is_address(server) or (field == "name_servers" and server == AMAZON_DNS)):
                    other = f", or {AMAZON_DNS}" if field == "name_servers" else ""
                    yield Problem("", f'{field} holds "{server}"', f"a server is an IP address{other}", "correct it")
        if AMAZON_DNS in self.name_servers and len(self.name_servers) > 1:
            yield Problem(
                "",
                f"name_servers holds {AMAZON_DNS} and others",
                "some hosts ask only the first, so that names are found by chance (VPC guide)",
                f"keep {AMAZON_DNS}, or the others",
            )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
