"""Configuration of a VPC's VPN gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import OneOf, Within
from modules.core.limits import Range

ASN = Range(64_512, 4_294_967_294, "", "the Amazon side's autonomous system number", "EC2 API reference")
_PRIVATE_16_BIT, _PRIVATE_32_BIT = range(64_512, 65_535), range(4_200_000_000, 4_294_967_295)


class VpnGatewayConfig(ConfigModel):
    """A VPN gateway; its connections and the customer's gateways are made beside the network."""

    amazon_side_asn: Annotated[int, Within(ASN, literal=True)] = Field(
        default=64_512, description="BGP number of Amazon's side, out of the private ranges."
    )
    propagate_to: tuple[
        Annotated[str, OneOf(("private", "isolated", "public", "lambda"), "a tier", literal=True)], ...
    ] = Field(default=("private",), description="Tiers whose route tables learn the gateway's routes.")

    def cross_checks(self) -> Iterator[Problem]:
        """The number is private, and each tier named once."""
        if self.amazon_side_asn not in _PRIVATE_16_BIT and self.amazon_side_asn not in _PRIVATE_32_BIT:
            yield Problem(
                "",
                f"amazon_side_asn is {self.amazon_side_asn}",
                "it is private: 64512 to 65534, or 4200000000 to 4294967294 (EC2 API reference)",
                "choose another",
            )
        for tier in sorted({each for each in self.propagate_to if self.propagate_to.count(each) > 1}):
            yield Problem("", f'propagate_to holds "{tier}" twice', "each tier once", "remove one")
