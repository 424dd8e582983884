"""Where security groups lead: to another group, to a service's endpoint, or to the internet."""

from __future__ import annotations

from analysis.wiring.document import Document, Resource

_EGRESS, _INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"
_ANYWHERE = ("0.0.0.0/0", "::/0")


def opens_group(document: Document, sources: frozenset[str], groups: frozenset[str]) -> bool:
    """Whether a rule leads out of one of the sources and one into one of the groups, each naming the other."""
    return any(
        {source} <= _named(document, egress, "security_group_id")
        and {group} <= _named(document, egress, "referenced_security_group_id")
        and any(
            {group} <= _named(document, ingress, "security_group_id")
            and {source} <= _named(document, ingress, "referenced_security_group_id")
            and _ports(ingress) == _ports(egress)
            for _, ingress in document.of_type(_INGRESS)
        )
        for source in sources
        for group in groups
        for _, egress in document.of_type(_EGRESS)
    )


def touches_group(document: Document, sources: frozenset[str], groups: frozenset[str]) -> bool:
    """Whether a rule on either side names both; the other side may be missing."""
    ends = ("security_group_id", "referenced_security_group_id")
    return any(
        (named := frozenset().union(*(_named(document, rule, end) for end in ends))) & sources and named & groups
        for _, rule in document.of_type(_EGRESS, _INGRESS)
    )


def opens_service(document: Document, sources: frozenset[str], service: str) -> bool:
    """Whether a rule leads to the service's endpoint, or to any address."""
    endpoints = [
        (address, body)
        for address, body in document.of_type("aws_vpc_endpoint")
        if str(body.get("service_name", "")).endswith(f".{service}")
    ]
    groups = frozenset().union(*(document.references(body.get("security_group_ids")) for _, body in endpoints))
    if groups and opens_group(document, sources, groups):
        return True
    addresses = {address for address, _ in endpoints}
    return any(
        sources & _named(document, rule, "security_group_id")
        and (
            addresses & _named(document, rule, "prefix_list_id")
            or any(rule.get(argument) in _ANYWHERE for argument in ("cidr_ipv4", "cidr_ipv6"))
        )
        for _, rule in document.of_type(_EGRESS)
    )


def _named(document: Document, rule: Resource, argument: str) -> frozenset[str]:
    return document.references(rule.get(argument))


def _ports(rule: Resource) -> tuple[object, object]:
    return rule.get("from_port"), rule.get("to_port")
