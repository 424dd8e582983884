"""What functions, databases, proxies and file systems need to know of a network, owned or existing."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from constructs import Construct

from modules.core.connections import Connectable, Connection
from modules.core.errors import ConfigError
from modules.network.endpoint_registry import EndpointRegistry
from modules.network.endpoints import Endpoint
from modules.network.interfaces import InterfacePair
from modules.network.security_group import HTTPS, SecurityGroup


class NetworkBase(Construct):
    """A VPC with subnets by tier; `Network` makes one, `ExistingNetwork` finds one.

    Ids are tokens as a rule, one per zone and in the order of the zones.

    Attributes:
        vpc_id: the VPC's id.
        availability_zones: zones in use, sorted.
        private_subnet_ids: subnets of functions (without a tier of their own) and interface endpoints.
        isolated_subnet_ids: subnets of databases and proxies, without any route out.
        public_subnet_ids: subnets with a route to the internet gateway; empty without one.
        function_subnet_ids: subnets that functions attach to: the tier `lambda` if there is one, else `private`.
        function_zones: zones of `function_subnet_ids`, sorted.
        is_dual_stack: whether the function subnets have IPv6 addresses too.
        reaches_internet: whether an IPv4 route leads from the function subnets to the internet.
        reaches_internet_ipv6: whether an IPv6 route does.
        locked_security_group_id: the VPC's default group without any rule; empty when it is not known.
        parking_security_group_id: group that a function's interfaces are moved to when the function is destroyed. It is
            the locked default group, which lives as long as the VPC; empty when an existing network names none.
        interface_pairs: what each network interface of the attached functions is for, one for each subnet and set of
            groups; every function adds its own.
        isolated_addresses: IPv4 addresses that the isolated subnets have together; None when it is not known.
        nat_gateways: dimensions of the metrics of each NAT gateway made here, in the order of the zones.
        single_zone_reason: why one zone is enough; empty where it is not said.
        proxy_addresses: addresses that each proxy needs of them, by its construct path; every proxy adds its own.
    """

    vpc_id: str
    availability_zones: tuple[str, ...]
    private_subnet_ids: tuple[str, ...]
    isolated_subnet_ids: tuple[str, ...]
    public_subnet_ids: tuple[str, ...]
    function_subnet_ids: tuple[str, ...]
    function_zones: tuple[str, ...]
    is_dual_stack: bool
    reaches_internet: bool
    reaches_internet_ipv6: bool
    locked_security_group_id: str
    parking_security_group_id: str
    isolated_addresses: int | None = None
    nat_gateways: tuple[Mapping[str, str], ...] = ()
    single_zone_reason: str = ""
    _endpoints: EndpointRegistry
    _adds_endpoints: bool

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._application_security_group: SecurityGroup | None = None
        self.interface_pairs: set[InterfacePair] = set()
        self.proxy_addresses: dict[str, int] = {}

    @property
    def application_security_group(self) -> SecurityGroup:
        """The group that functions share, made on first use.

        A function's network interface is shared by every function with the same subnets and groups, so one group for
        all of them keeps their number down.
        """
        if self._application_security_group is None:
            self._application_security_group = SecurityGroup(
                self,
                "application",
                thing="application",
                description="Functions that share their network interfaces",
                vpc_id=self.vpc_id,
                is_dual_stack=self.is_dual_stack,
            )
        return self._application_security_group

    @property
    def interface_endpoints(self) -> Mapping[str, str]:
        """The id of each interface endpoint made here so far, as a token, by its service, sorted."""
        return self._endpoints.interface_ids

    def hosts_functions(self) -> None:
        """Take note that a function is attached; what is judged only where functions are begins here."""

    def endpoint(self, service: str) -> Endpoint:
        """The endpoint of a service, for `function.connect_to`.

        Raises:
            ConfigError: the network has none for it.
        """
        found = self._endpoints.find(service)
        if found is None:
            raise ConfigError.single(
                self.node.path,
                f'endpoint "{service}" is asked for',
                f"the network has {', '.join(self._endpoints.services) or 'none'}",
                "add it to endpoints.gateway or endpoints.interface",
            )
        return found

    def endpoint_for(self, service: str, *, interface: bool | None = None) -> Connectable:
        """A way to an AWS service: its endpoint; else the internet; else an endpoint that is added for it.

        Args:
            service: suffix of the service's name, such as `sqs`.
            interface: true for an interface endpoint, false for a gateway endpoint; without it, whichever there is.

        Raises:
            ConfigError: there is no way, and the network adds no endpoints.
        """
        found = self._endpoints.find(service, interface=interface)
        if found is not None:
            return found
        if self.reaches_internet and interface is None:
            return InternetService(service)
        if self._adds_endpoints:
            return self._endpoints.add(service, interface=interface)
        known = ", ".join(self._endpoints.services) or "none"
        raise ConfigError.single(
            self.node.path,
            f'a way to the service "{service}" is asked for',
            f"the network has no route to the internet, and endpoints for {known}",
            "add it to endpoints.gateway or endpoints.interface",
        )


class InternetService:
    """An AWS service that is reached over the internet, as its network has a route there and no endpoint.

    Attributes:
        service: suffix of the service's name, such as `sqs`.
    """

    def __init__(self, service: str) -> None:
        self.service = service

    def connection(self) -> Connection:
        """HTTPS to the internet; permissions come from the service's own grants."""
        return Connection(name=self.service, port=HTTPS, internet_reason=f"service {self.service}")
