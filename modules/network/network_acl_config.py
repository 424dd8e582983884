"""Configuration of network ACLs: numbered rules for all subnets of a tier, in both directions."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.core.limits import Range
from modules.core.tokens import is_token

RULE_NUMBER = Range(1, 32_766, "", "a network ACL's rule number", "VPC guide; 32767 is the rule that denies the rest")
PORT = Range(0, 65_535, "", "a port", "EC2 API reference")
_RULES_PER_DIRECTION = 20  # VPC quotas, can be raised to 40
PROTOCOLS = ("all", "tcp", "udp")
IN_THE_VPC = "vpc"
"""Stands for every range of the VPC."""


class NetworkAclRuleConfig(ConfigModel):
    """One rule; of those that match a packet, the one with the lowest number decides."""

    number: Annotated[int, Within(RULE_NUMBER, literal=True)] = Field(description="Place in the order of the rules.")
    action: Annotated[str, OneOf(("allow", "deny"), "a rule's action", literal=True)] = Field(default="allow")
    protocol: Annotated[str, OneOf(PROTOCOLS, "a rule's protocol", literal=True)] = Field(default="tcp")
    cidr: Annotated[str, Matching(r"[^\0]+", "a range is IPv4 or IPv6, or vpc", "write it like 10.0.0.0/16", 50)] = (
        Field(description="IPv4 or IPv6 range of the other side, or vpc for every IPv4 range of the VPC.")
    )
    from_port: Annotated[int, Within(PORT)] = Field(default=0, description="First port; with tcp and udp.")
    to_port: Annotated[int, Within(PORT)] = Field(default=65_535, description="Last port; with tcp and udp.")

    @property
    def is_ipv6(self) -> bool:
        """Whether the range is one of IPv6."""
        return ":" in self.cidr and not is_token(self.cidr)

    def cross_checks(self) -> Iterator[Problem]:
        """The range is one, and the ports are in order."""
        if not is_token(self.cidr) and self.cidr != IN_THE_VPC:
            try:
                ipaddress.ip_network(self.cidr)
            except ValueError as error:
                yield Problem("", f'cidr is "{self.cidr}"', f"it is a network's range ({error})", "correct it")
        if not is_token(self.from_port) and not is_token(self.to_port) and self.from_port > self.to_port:
            yield Problem(
                "", f"from_port is {self.from_port}, and to_port {self.to_port}", "the first is not above the last",
                "swap them",
            )  # fmt: skip
        if self.protocol == "all" and (self.from_port, self.to_port) != (0, PORT.maximum):
            yield Problem("", "from_port and to_port stand beside protocol all", "it has no ports", "remove them")


Rules = dict[Annotated[str, Matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "a rule is named by a word", "rename it", 40,
                                     literal=True)], NetworkAclRuleConfig]  # fmt: skip

_EPHEMERAL = {"from_port": 1024, "to_port": 65_535}
DEFAULT_INGRESS: dict[str, dict[str, object]] = {
    "vpc": {"number": 100, "protocol": "all", "cidr": IN_THE_VPC},
    "answers": {"number": 200, "protocol": "tcp", "cidr": "0.0.0.0/0", **_EPHEMERAL},
    "answers-ipv6": {"number": 210, "protocol": "tcp", "cidr": "::/0", **_EPHEMERAL},
}
DEFAULT_EGRESS: dict[str, dict[str, object]] = {
    "vpc": {"number": 100, "protocol": "all", "cidr": IN_THE_VPC},
    "https": {"number": 200, "protocol": "tcp", "cidr": "0.0.0.0/0", "from_port": 443, "to_port": 443},
    "https-ipv6": {"number": 210, "protocol": "tcp", "cidr": "::/0", "from_port": 443, "to_port": 443},
}


def _rules(rules: dict[str, dict[str, object]]) -> Rules:
    return {name: NetworkAclRuleConfig.parse(rule) for name, rule in rules.items()}


class NetworkAclConfig(ConfigModel):
    """The network ACL of a tier. Without rules of its own: everything inside the VPC, HTTPS out, and answers back in.

    A network ACL keeps no connections in mind: whatever may leave needs a rule for its answers too.
    """

    ingress: Rules = Field(
        default_factory=lambda: _rules(DEFAULT_INGRESS), description="Rules for what comes in, by name."
    )
    egress: Rules = Field(default_factory=lambda: _rules(DEFAULT_EGRESS), description="Rules for what leaves, by name.")

    def range_problems(self, vpc_ranges: int) -> Iterator[Problem]:
        """Numbers that meet because a rule for vpc takes one for each range of the VPC.

        Args:
            vpc_ranges: how many IPv4 ranges the VPC has.
        """
        for direction in ("ingress", "egress"):
            rules: Rules = getattr(self, direction)
            taken = {rule.number: name for name, rule in rules.items()}
            for name, rule in sorted(rules.items()):
                for number in range(rule.number + 1, rule.number + vpc_ranges) if rule.cidr == IN_THE_VPC else ():
                    if number in taken:
                        yield Problem(
                            "",
                            f"{direction} has the number {number} for {taken[number]}",
                            f"the rule {name} takes {vpc_ranges} numbers from {rule.number}, one for each range of the "
                            "VPC",
                            "change one",
                        )

    def cross_checks(self) -> Iterator[Problem]:
        """Each number once, and no more rules than AWS takes."""
        for direction in ("ingress", "egress"):
            rules: Rules = getattr(self, direction)
            by_number: dict[int, list[str]] = {}
            for name, rule in sorted(rules.items()):
                by_number.setdefault(rule.number, []).append(name)
            for number, names in sorted(by_number.items()):
                if len(names) > 1:
                    yield Problem(
                        "",
                        f"{direction} has the number {number} for {' and '.join(names)}",
                        "each rule of a direction has a number of its own",
                        "change one",
                    )
            if len(rules) > _RULES_PER_DIRECTION:
                yield Problem(
                    "",
                    f"{direction} has {len(rules)} rules",
                    f"a network ACL takes {_RULES_PER_DIRECTION} in each direction (VPC quotas)",
                    "remove some",
                )
