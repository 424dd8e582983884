"""All endpoints of one VPC: a service has one of each kind, whoever asks for it, and none that contradicts another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from constructs import Construct

from modules.core.errors import ConfigError, Problem
from modules.network.endpoint_catalogue import ENDPOINT_SERVICES, GATEWAY_ENDPOINTS
from modules.network.endpoint_config import EndpointPolicyConfig, EndpointsConfig, lacking
from modules.network.endpoints import (
    Endpoint,
    ExistingGatewayEndpoint,
    ExistingInterfaceEndpoint,
    GatewayEndpoint,
    InterfaceEndpoint,
)


class EndpointRegistry:
    """The endpoints that a network has, made here or standing already, and those that are added later."""

    def __init__(
        self,
        network: Construct,
        *,
        vpc_id: str,
        config: EndpointsConfig,
        route_table_ids: Mapping[str, str],
        subnet_ids: Mapping[str, str],
        existing: Iterable[ExistingGatewayEndpoint | ExistingInterfaceEndpoint] = (),
        watch: Callable[[InterfaceEndpoint], None] | None = None,
        single_zone_reason: str = "",
    ) -> None:
        """Make the endpoints that the configuration names.

        Args:
            network: parent of the endpoints.
            vpc_id: the VPC.
            config: which endpoints, and how.
            route_table_ids: route tables by a short constant of tier and zone, such as `private-a`.
            subnet_ids: subnets of interface endpoints, by the zone's name.
            existing: endpoints that stand outside the stack.
            watch: is told of each interface endpoint that is made.
            single_zone_reason: why the network has one zone only; endpoints then stand in one, too.

        Raises:
            ConfigError: an endpoint stands already, lacks what it needs, or is to stand in a zone without a subnet.
        """
        self._network, self._vpc_id, self._config = network, vpc_id, config
        self._route_table_ids, self._subnet_ids = dict(route_table_ids), dict(subnet_ids)
        self._watch = watch
        self._single_zone_reason = single_zone_reason if len(self._subnet_ids) == 1 else ""
        self._gateway: dict[str, GatewayEndpoint | ExistingGatewayEndpoint] = {}
        self._interface: dict[str, InterfaceEndpoint | ExistingInterfaceEndpoint] = {}
        for each in existing:
            if isinstance(each, ExistingGatewayEndpoint):
                self._gateway[each.service] = each
            else:
                self._interface[each.service] = each
        problems = [*self._zone_problems(), *self._doubled()]
        if problems:
            raise ConfigError(problems).within(network.node.path)
        for service in sorted(config.gateway):
            self.add_gateway(service)
        for service in sorted(config.interface):
            self.add_interface(service)

    @property
    def services(self) -> tuple[str, ...]:
        """Services with an endpoint, sorted."""
        return tuple(sorted({*self._gateway, *self._interface}))

    @property
    def interface_ids(self) -> dict[str, str]:
        """The id of each interface endpoint that was made here, by its service, sorted."""
        return {
            service: endpoint.id
            for service, endpoint in sorted(self._interface.items())
            if isinstance(endpoint, InterfaceEndpoint)
        }

    def find(self, service: str, *, interface: bool | None = None) -> Endpoint | None:
        """The endpoint of a service; the gateway endpoint where it has both and no kind is asked for."""
        found = None if interface else self._gateway.get(service)
        return found if found is not None or interface is False else self._interface.get(service)

    def add(self, service: str, *, interface: bool | None = None) -> Endpoint:
        """Add an endpoint that something needs: a gateway endpoint where there is one, as it costs nothing.

        Raises:
            ConfigError: the service has no such endpoint, or the endpoint lacks what it needs.
        """
        if service not in ENDPOINT_SERVICES:
            self._refuse(service, "the catalogue of endpoint services has no such service", "correct it")
        if interface is False and service not in GATEWAY_ENDPOINTS:
            self._refuse(
                service, f"gateway endpoints lead to {' and '.join(GATEWAY_ENDPOINTS)}", "ask for another kind"
            )
        as_gateway = service in GATEWAY_ENDPOINTS if interface is None else not interface
        return self.add_gateway(service) if as_gateway else self.add_interface(service)

    def add_gateway(self, service: str) -> GatewayEndpoint:
        """Add a gateway endpoint to every route table.

        Raises:
            ConfigError: the service has one already.
        """
        self._require_new(service, "gateway", self._gateway)
        if not self._route_table_ids:
            self._refuse(service, "a gateway endpoint is a route, and no route table is known", "give route_table_ids")
        made = GatewayEndpoint(
            self._network,
            f"endpoint-{service}",
            service=service,
            vpc_id=self._vpc_id,
            route_table_ids=self._route_table_ids,
            policy=self._config.policies.get(service, EndpointPolicyConfig()),
        )
        self._gateway[service] = made
        return made

    def add_interface(self, service: str) -> InterfaceEndpoint:
        """Add an interface endpoint to the subnets, or to those in the zones that are named for it.

        Raises:
            ConfigError: the service has one already, or something that it is of no use without has none.
        """
        self._require_new(service, "interface", self._interface)
        gateway = {*self._gateway, *self._config.gateway}
        interface = {*self._interface, *self._config.interface, service}
        problems = tuple(lacking(service, gateway=gateway, interface=interface, config=self._config))
        if problems:
            raise ConfigError(problems).within(f"{self._network.node.path} endpoints")
        zones = self._config.zones.get(service, tuple(self._subnet_ids))
        made = InterfaceEndpoint(
            self._network,
            f"endpoint-{service}-interface" if service in GATEWAY_ENDPOINTS else f"endpoint-{service}",
            service=service,
            vpc_id=self._vpc_id,
            subnet_ids={zone: self._subnet_ids[zone] for zone in zones},
            config=self._config,
            single_zone_reason=self._single_zone_reason,
        )
        self._interface[service] = made
        if self._watch is not None:
            self._watch(made)
        return made

    def _require_new(self, service: str, kind: str, known: Mapping[str, object]) -> None:
        if service in known:
            raise ConfigError.single(
                self._network.node.path,
                f'a second {kind} endpoint for "{service}" is asked for',
                "a VPC has one of them for a service, as a second would claim the same routes or names",
                f'use endpoint_for("{service}"), which returns the first',
            )

    def _doubled(self) -> list[Problem]:
        return [
            Problem(
                "",
                f'endpoints.{kind} holds "{service}"',
                f"the VPC has that {kind} endpoint already, and a second would claim the same routes or names",
                f"remove it; endpoint_for({service!r}) returns the one that exists".replace("'", '"'),
            )
            for kind, asked, known in (
                ("gateway", self._config.gateway, self._gateway),
                ("interface", self._config.interface, self._interface),
            )
            for service in sorted(set(asked) & set(known))
        ]

    def _zone_problems(self) -> list[Problem]:
        return [
            Problem(
                "",
                f"endpoints.zones.{service} holds {zone}",
                f"interface endpoints stand in the network's zones {', '.join(sorted(self._subnet_ids))}",
                "name one of them",
            )
            for service, zones in sorted(self._config.zones.items())
            for zone in sorted(set(zones) - set(self._subnet_ids))
        ]

    def _refuse(self, service: str, allowed: str, fix: str) -> None:
        raise ConfigError.single(self._network.node.path, f'an endpoint for "{service}" is asked for', allowed, fix)
