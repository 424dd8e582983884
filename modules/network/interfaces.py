"""How many network interfaces functions need: one for each pair of a subnet and a set of security groups.

Functions and published versions with the same pair share its interface, which carries 65,000 connections before Lambda
adds another (Lambda guide, VPC access). The quota is 500 for a VPC by default (Lambda quotas).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class InterfacePair(NamedTuple):
    """What one network interface of Lambda's is for.

    Attributes:
        subnet_id: the subnet it stands in.
        security_group_ids: its groups; their order makes no difference.
    """

    subnet_id: str
    security_group_ids: frozenset[str]


def interface_pairs(subnet_ids: Iterable[str], security_group_ids: Iterable[str]) -> frozenset[InterfacePair]:
    """The pairs of one function; unite those of several to see what they need together."""
    groups = frozenset(security_group_ids)
    return frozenset(InterfacePair(subnet, groups) for subnet in subnet_ids)
