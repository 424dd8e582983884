"""What stands in which subnet and who may reach whom, read from a plan's configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PLACED = {
    "aws_nat_gateway": "NAT gateway",
    "aws_lambda_function": "Lambda function",
    "aws_vpc_endpoint": "interface endpoint",
    "aws_db_proxy": "RDS Proxy",
    "aws_db_instance": "database",
}
"""Types that are drawn inside subnets, with the words for them."""

_VIA = frozenset({"aws_db_subnet_group"})
_ANYWHERE = ("0.0.0.0/0", "::/0")
_ASSOCIATION = "aws_vpc_endpoint_subnet_association"


@dataclass(frozen=True, order=True)
class Subnet:
    """A subnet and what stands in it."""

    tier: str
    zone: str
    cidr: str
    contents: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Path:
    """A way that security groups open."""

    source: str
    destination: str
    port: int


class Placement:
    """A plan's resources, joined by the references of its configuration."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        module = document["planned_values"]["root_module"]
        self._values = {r["address"]: r for r in module.get("resources", ()) if r["mode"] == "managed"}
        configured = document["configuration"]["root_module"].get("resources", ())
        self._refers = {r["address"]: frozenset(_references(r.get("expressions", {}))) for r in configured}
        self._expressions = {r["address"]: r.get("expressions", {}) for r in configured}

    def subnets(self) -> tuple[Subnet, ...]:
        """Every subnet that has a tier, sorted."""
        return tuple(
            sorted(
                Subnet(
                    values["tags"].get("tier", ""),
                    values["availability_zone"],
                    values["cidr_block"],
                    tuple(sorted(self._placed_in(address))),
                )
                for address, values in self._of_type("aws_subnet")
            )
        )

    def paths(self) -> tuple[Path, ...]:
        """Every way out of a security group, sorted."""
        found = set()
        for address, values in self._of_type("aws_vpc_security_group_egress_rule"):
            for source in self._owners(self._group(address, "security_group_id")):
                found |= {Path(source, destination, values["from_port"]) for destination in self._ends(address, values)}
        return tuple(sorted(found))

    def count(self, kind: str) -> int:
        """How many resources of a type there are."""
        return len(list(self._of_type(kind)))

    def vpc_cidr(self) -> str:
        """The range of the first VPC; empty without one."""
        return next((str(values["cidr_block"]) for _, values in self._of_type("aws_vpc")), "")

    def _of_type(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for address, resource in sorted(self._values.items()):
            if resource["type"] == kind:
                yield address, resource["values"]

    def _placed_in(self, subnet: str) -> Iterator[str]:
        through = {a for a, refers in self._refers.items() if subnet in refers and a.split(".")[0] in _VIA}
        associated = {
            endpoint
            for address, refers in self._refers.items()
            if address.startswith(f"{_ASSOCIATION}.") and subnet in refers
            for endpoint in refers
        }
        for address, refers in self._refers.items():
            kind = address.split(".")[0]
            if kind in PLACED and (subnet in refers or refers & through or address in associated):
                yield self._label(address)

    def _label(self, address: str) -> str:
        kind = address.split(".", maxsplit=1)[0]
        values = self._values[address]["values"]
        if kind == "aws_nat_gateway":
            return PLACED[kind]
        name = values.get("function_name") or values.get("identifier") or values.get("name")
        if kind == "aws_vpc_endpoint":
            name = str(values["service_name"]).rsplit(".", 1)[-1]
        return f"{PLACED[kind]} {name}"

    def _group(self, address: str, attribute: str) -> str:
        references = _references(self._expressions[address].get(attribute, {}))
        return next((r for r in references if r.startswith("aws_security_group.")), "")

    def _owners(self, group: str) -> list[str]:
        """What stands in a security group; several functions share one."""
        owners = [a for a, refers in self._refers.items() if group in refers and a.split(".")[0] in PLACED]
        return [self._label(address) for address in sorted(owners)] or [group]

    def _ends(self, address: str, values: Mapping[str, Any]) -> list[str]:
        """What a rule leads to."""
        cidr = values.get("cidr_ipv4") or values.get("cidr_ipv6")
        if cidr:
            return ["internet" if cidr in _ANYWHERE else str(cidr)]
        group = self._group(address, "referenced_security_group_id")
        if group:
            return self._owners(group)
        endpoints = [r for r in self._refers[address] if r.startswith("aws_vpc_endpoint.")]
        service = str(self._values[endpoints[0]]["values"]["service_name"]) if endpoints else "prefix list"
        return [f"gateway endpoint {service.rsplit('.', 1)[-1]}"]


def _references(expressions: Any) -> Iterator[str]:
    """Addresses that an expression names, without their attributes."""
    if isinstance(expressions, list):
        for member in expressions:
            yield from _references(member)
    elif isinstance(expressions, dict):
        for key, member in expressions.items():
            if key == "references":
                yield from (".".join(reference.split(".")[:2]).split("[")[0] for reference in member)
            else:
                yield from _references(member)
