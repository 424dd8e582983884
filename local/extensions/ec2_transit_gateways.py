"""EC2 transit gateway attachments: tags given at creation, and attachments that stay visible once deleted.

moto 5.2.5 reads the tags of a new attachment under the resource type of route tables, and forgets a deleted attachment
at once; AWS shows it as `deleted` for a while, which the provider waits for.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachmentBackend
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment

from local.extensions.patching import state, wrap

_DESCRIBE = "self transit_gateways_attachment_ids filters"


def install() -> None:
    """Extend moto."""
    wrap(TransitGatewayAttachment, "create_transit_gateway_vpc_attachment", "self", _create)
    wrap(
        TransitGatewayAttachmentBackend,
        "delete_transit_gateway_vpc_attachment",
        "self transit_gateway_attachment_id",
        _delete,
    )
    wrap(TransitGatewayAttachmentBackend, "describe_transit_gateway_vpc_attachments", _DESCRIBE, _describe)


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    given = response._parse_tag_specification()  # noqa: SLF001 - moto gives parameters no public name
    answer.result["TransitGatewayVpcAttachment"].add_tags(given.get("transit-gateway-attachment", {}))
    return answer


def _delete(original: Any, backend: Any, transit_gateway_attachment_id: str) -> Any:
    attachment = original(backend, transit_gateway_attachment_id)
    state(backend, "deleted_attachments")[attachment.id] = attachment
    return attachment


def _describe(original: Any, backend: Any, transit_gateways_attachment_ids: Any = None, filters: Any = None) -> Any:
    found = original(backend, transit_gateways_attachment_ids, filters)
    deleted = state(backend, "deleted_attachments")
    return [*found, *(deleted[each] for each in transit_gateways_attachment_ids or () if each in deleted)]
