"""Elastic Load Balancing: ARNs of network load balancers.

moto 5.2.5 gives every load balancer the ARN of an application load balancer.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.elbv2.models import ELBv2Backend

from local.extensions.patching import wrap

_CREATE = "self name security_groups subnet_ids subnet_mappings scheme loadbalancer_type ip_address_type tags"
_KINDS = {"network": "net", "gateway": "gwy"}


def install() -> None:
    """Extend moto."""
    wrap(ELBv2Backend, "create_load_balancer", _CREATE, _create)


def _create(original: Any, backend: Any, **request: Any) -> Any:
    balancer = original(backend, **request)
    kind = _KINDS.get(request.get("loadbalancer_type") or "")
    if kind:
        by_moto = balancer.arn
        tags = backend.tagging_service.list_tags_for_resource(by_moto)["Tags"]
        backend.tagging_service.delete_all_tags_for_resource(by_moto)
        balancer.arn = by_moto.replace(":loadbalancer/app/", f":loadbalancer/{kind}/")
        backend.load_balancers[balancer.arn] = backend.load_balancers.pop(by_moto)
        backend.tagging_service.tag_resource(balancer.arn, tags)
    return balancer
