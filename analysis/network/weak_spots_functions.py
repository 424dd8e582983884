"""Weak spots of functions in a VPC: zones, public subnets, and their security groups."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.network.network import Network
from analysis.network.placed import functions, targets, zones
from analysis.network.ranges import is_everywhere
from analysis.network.rules import EGRESS, INGRESS


def function_in_one_zone(network: Network) -> Iterator[Finding]:
    """A zone's outage stops a function whose subnets all lie in it."""
    for function in functions(network):
        found = zones(function.subnets)
        if function.is_complete and (len(found) == 1 or len(function.subnets) == 1):
            zone = next(iter(found), "one zone")
            missing = "a subnet in another zone"
            message = f"all of its subnets lie in {zone}, whose outage stops it"
            fix = "add a subnet in another zone to vpc_config.subnet_ids"
            yield Finding("function-in-one-zone", Level.WARNING, function.resource.address, missing, message, fix)


def function_in_public_subnet(network: Network) -> Iterator[Finding]:
    """A public subnet gives a function neither a public address nor a way to the internet."""
    for function in functions(network):
        public = [str(subnet) for subnet in function.subnets if network.is_public(subnet).passes]
        if public:
            message = f"its subnet {public[0]} is public, which gives a function no public address and no internet"
            fix = "put it into private subnets whose route table leads to a NAT gateway"
            missing = f"a private subnet in place of {public[0]}"
            yield Finding("function-in-public-subnet", Level.WARNING, function.resource.address, missing, message, fix)


def function_egress_to_everything(network: Network) -> Iterator[Finding]:
    """Code in a function can send anything anywhere when its group lets all protocols out to everywhere."""
    for function in functions(network):
        for group in function.groups:
            for rule in network.groups.rules(group, EGRESS):
                is_every = any(service.is_every_protocol for service in rule.services)
                if rule.is_open and is_every:
                    ranges = " and ".join(str(entry) for entry in rule.ranges if is_everywhere(entry))
                    message = f"its rule {rule.address} lets all protocols out to {ranges}"
                    missing = "a port or a destination in the egress rule"
                    fix = "name the ports, such as TCP 443, and the groups that it calls"
                    rule_name = "function-egress-to-everything"
                    yield Finding(rule_name, Level.WARNING, function.resource.address, missing, message, fix)


def function_admits_ingress(network: Network) -> Iterator[Finding]:
    """Nothing connects to a function over its network interfaces, so that its own group needs no ingress rule."""
    shared = {group for target in targets(network) for group in target.groups}
    for function in functions(network):
        for group in function.groups:
            rules = network.groups.rules(group, INGRESS)
            if rules and group not in shared:
                message = f"{group} admits connections by {rules[0].address}; nothing connects to a function in its VPC"
                missing = "a security group without ingress rules"
                fix = "remove the ingress rules"
                yield Finding(
                    "function-admits-ingress", Level.WARNING, function.resource.address, missing, message, fix
                )
