"""The networks that a plan makes: subnets, routes, security groups, network ACLs and endpoints."""

from analysis.network.answer import Answer, Check
from analysis.network.network import Network

__all__ = ["Answer", "Check", "Network"]
