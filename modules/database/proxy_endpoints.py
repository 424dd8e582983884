"""Endpoints of a proxy beside its default one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.db_proxy_endpoint import DbProxyEndpoint
from constructs import Construct

from modules.core.context import target_of
from modules.database.proxy_config import ProxyEndpointConfig

_MAX_NAME_LENGTH = 63


def add_endpoints(
    scope: Construct,
    endpoints: Mapping[str, ProxyEndpointConfig],
    *,
    proxy_name: str,
    subnet_ids: tuple[str, ...],
    security_group_id: str,
    wait_for: tuple[Any, ...],
) -> dict[str, str]:
    """One endpoint for each name, in the same subnets and group as the default one.

    Args:
        scope: the proxy.
        endpoints: endpoints by name.
        proxy_name: the proxy's name, as a token.
        subnet_ids: subnets of the proxy.
        security_group_id: group of the proxy.
        wait_for: the registered target, as an endpoint of readers leads nowhere before.

    Returns:
        Host names by name, as tokens.
    """
    naming = target_of(scope).naming
    hosts = {}
    for name, config in sorted(endpoints.items()):
        made = DbProxyEndpoint(
            scope,
            f"endpoint-{name}",
            db_proxy_name=proxy_name,
            db_proxy_endpoint_name=naming.name(f"{scope.node.id}-{name}", max_length=_MAX_NAME_LENGTH),
            vpc_subnet_ids=list(subnet_ids),
            vpc_security_group_ids=[security_group_id],
            target_role=config.role,
            depends_on=list(wait_for),
        )
        hosts[name] = str(made.endpoint)
    return hosts
