"""VPC endpoints: of which service, for which subnets, and who may pass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from analysis.network.answer import Check, no, unknown, yes
from analysis.network.lookups import ENDPOINT, GROUP, SUBNET, TABLE, Lookups, Parts, is_open
from analysis.network.strays import Part
from analysis.network.vpcs import Vpcs
from analysis.plan import UNKNOWN, Resource

GATEWAY_SERVICES = ("dynamodb", "s3")  # AWS PrivateLink guide: the services with gateway endpoints
_ANY: tuple[Part, ...] = ("",)
"""Stands for the endpoint that an association is of, where that is not known."""

_REGION = r"(?:[a-z]{2}(?:-[a-z]+)+-\d)"
_NAME = re.compile(rf"^(?:cn\.)?(?:com\.amazonaws|aws\.api)\.(?:(?P<region>{_REGION})\.)?(?P<suffix>[a-z0-9.-]+)$")
_TEMPLATE = re.compile(r"^(?:cn\.)?(?:com\.amazonaws|aws\.api)\.\$\{[^}]*\}\.(?P<suffix>[a-z0-9.-]+)$")


@dataclass(frozen=True)
class Endpoint:
    """One VPC endpoint.

    Attributes:
        resource: the endpoint.
        vpc: its VPC; None when it cannot be told.
        service: suffix of the service's name, such as `secretsmanager`; empty when it cannot be told.
        region: region of the service; empty for the endpoint's own.
        kind: `Gateway`, `Interface` or another type; empty when it cannot be told.
        tables: route tables of a gateway endpoint.
        subnets: subnets of an interface endpoint.
        groups: security groups of an interface endpoint.
    """

    resource: Resource
    vpc: Part | None
    service: str
    region: str
    kind: str
    tables: Parts
    subnets: Parts
    groups: Parts

    @property
    def address(self) -> str:
        """Address of the endpoint."""
        return self.resource.address


class Endpoints:
    """The VPC endpoints of a plan."""

    def __init__(self, lookups: Lookups, vpcs: Vpcs) -> None:
        self._lookups, self._plan, self._vpcs = lookups, lookups.plan, vpcs
        self._named: dict[Resource, Check] = {}

    @cached_property
    def every(self) -> tuple[Endpoint, ...]:
        """All endpoints, by address; data sources that read one included."""
        resources = (*self._plan.of(*ENDPOINT.types), *self._plan.of(*ENDPOINT.types, mode="data"))
        return tuple(self._endpoint(entry) for entry in sorted(resources, key=lambda entry: entry.address))

    def of(self, service: str, kind: str, vpc: Part | None) -> tuple[Endpoint, ...]:
        """Endpoints of a service and kind that are, or may be, in a VPC."""
        return tuple(
            entry
            for entry in self._by_service.get(service, ()) + self._by_service.get("", ())
            if entry.kind in {kind, ""} and (entry.vpc == vpc or self._may_be(entry, vpc))
        )

    def _may_be(self, endpoint: Endpoint, vpc: Part | None) -> bool:
        """Whether two VPCs that are named differently may be one: one of them cannot be told."""
        if vpc is None or is_open(vpc):
            return True
        return is_open(endpoint.vpc) and bool(self._lookups.strays((endpoint.resource,)).first(vpc))

    def private_dns(self, endpoint: Endpoint) -> Check:
        """Whether the service's own host names lead to an interface endpoint."""
        if endpoint.resource not in self._named:
            self._named[endpoint.resource] = self._private_dns(endpoint)
        return self._named[endpoint.resource]

    def _private_dns(self, endpoint: Endpoint) -> Check:
        value = self._lookups.setting(endpoint.resource, "private_dns_enabled")
        if value is UNKNOWN:
            return unknown(f"private_dns_enabled of {endpoint.address}", "set it to true", endpoint.address)
        if value is not True:
            return no(f"private DNS of {endpoint.address}", "set private_dns_enabled to true", endpoint.address)
        for check in (self._vpcs.dns_support(endpoint.vpc), self._vpcs.dns_hostnames(endpoint.vpc)):
            if not check.passes:
                return check
        return yes("private DNS", endpoint.address)

    def is_private_dns_off(self, endpoint: Endpoint) -> bool:
        """Whether an interface endpoint certainly has no private DNS, so that nothing is led to it."""
        return self._lookups.setting(endpoint.resource, "private_dns_enabled") in (False, None)

    def is_for_resolver_only(self, endpoint: Endpoint) -> bool:
        """Whether private DNS answers only inbound Resolver endpoints, and the VPC keeps to its gateway endpoint."""
        path = "dns_options.private_dns_only_for_inbound_resolver_endpoint"
        return self._lookups.setting(endpoint.resource, path) is True

    def policies(self, endpoint: Endpoint) -> tuple[Resource, ...]:
        """Resources with a `policy` of the endpoint: its own policy resource, or itself; none for full access."""
        listed = self._policies.get(endpoint.resource, ())
        if listed:
            return tuple(listed)
        value = self._lookups.setting(endpoint.resource, "policy")
        return () if value is None or value == "" else (endpoint.resource,)

    def _endpoint(self, resource: Resource) -> Endpoint:
        service, region = self._service(resource)
        kind = self._lookups.setting(resource, "vpc_endpoint_type", "Gateway")
        return Endpoint(
            resource,
            self._lookups.vpc_of(resource),
            service,
            region,
            "" if kind is UNKNOWN else str(kind),
            self._listed(resource, "route_table_ids", TABLE) | self._added(resource, "route_table_id"),
            self._listed(resource, "subnet_ids", SUBNET) | self._added(resource, "subnet_id"),
            self._groups(resource),
        )

    def _listed(self, resource: Resource, path: str, family: object) -> Parts:
        assert family in (TABLE, SUBNET, GROUP)  # noqa: S101  # for type checkers
        value = self._lookups.setting(resource, path, None)
        chosen = TABLE if family is TABLE else SUBNET if family is SUBNET else GROUP
        return Parts() if value is None or value == [] else self._lookups.parts(resource, path, chosen)

    def _groups(self, resource: Resource) -> Parts:
        parts = self._listed(resource, "security_group_ids", GROUP)
        further = self._added(resource, "security_group_id")
        if parts.is_empty and further.is_empty:
            vpc = self._lookups.vpc_of(resource)
            return (
                Parts((self._lookups.default(vpc, GROUP),))
                if isinstance(vpc, Resource)
                else Parts(unknown=(f"the default security group of the VPC of {resource.address}",))
            )
        return parts | further

    def _service(self, resource: Resource) -> tuple[str, str]:
        name = resource.get("service_name")
        named = self._plan.links(resource, "service_name", "aws_vpc_endpoint_service")
        texts = [name] if isinstance(name, str) else [source.get("service_name") for source in named.resources]
        for text in texts:
            match = _NAME.match(text) if isinstance(text, str) else None
            if match:
                region = resource.get("service_region")
                return match["suffix"], region if isinstance(region, str) else match["region"] or ""
            if isinstance(text, str):
                return text, ""
        templates = [
            match["suffix"] for text in self._plan.texts(resource, "service_name") if (match := _TEMPLATE.match(text))
        ]
        return (templates[0], "") if len(templates) == 1 else ("", "")

    @cached_property
    def _by_service(self) -> dict[str, tuple[Endpoint, ...]]:
        found: dict[str, tuple[Endpoint, ...]] = {}
        for entry in self.every:
            found[entry.service] = (*found.get(entry.service, ()), entry)
        return found

    @cached_property
    def _policies(self) -> dict[Part, list[Resource]]:
        found: dict[Part, list[Resource]] = {}
        for entry in self._plan.of("aws_vpc_endpoint_policy"):
            for part in self._lookups.parts(entry, "vpc_endpoint_id", ENDPOINT).known:
                found.setdefault(part, []).append(entry)
        return found

    def _added(self, resource: Resource, path: str) -> Parts:
        """What association resources add to an endpoint, those of which the endpoint is not known among them."""
        further = self._further[path]
        return further.get(resource, Parts()) | further.get(_ANY[0], Parts())

    @cached_property
    def _further(self) -> dict[str, dict[Part, Parts]]:
        """What association resources add to endpoints."""
        kinds = {
            "route_table_id": ("aws_vpc_endpoint_route_table_association", TABLE),
            "subnet_id": ("aws_vpc_endpoint_subnet_association", SUBNET),
            "security_group_id": ("aws_vpc_endpoint_security_group_association", GROUP),
        }
        found: dict[str, dict[Part, Parts]] = {path: {} for path in kinds}
        for path, (kind, family) in kinds.items():
            for entry in self._plan.of(kind):
                added = self._lookups.parts(entry, path, family)
                endpoints = self._lookups.parts(entry, "vpc_endpoint_id", ENDPOINT)
                if endpoints.only is None or len(added.known) > 1:
                    added = Parts(unknown=(*added.unknown, f"what {entry.address} adds"))
                for endpoint in endpoints.known or (_ANY if endpoints.unknown else ()):
                    found[path][endpoint] = found[path].get(endpoint, Parts()) | added
        return found
