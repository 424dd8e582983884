"""RAM resource shares: tags, permissions, and principals and resources that are added later.

moto 5.2.5 shares only what `CreateResourceShare` names, drops its tags, and lists no permissions of a share.
"""

from __future__ import annotations

import json
import time
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ram.exceptions import UnknownResourceException
from moto.ram.models import ResourceAccessManagerBackend
from moto.ram.responses import ResourceAccessManagerResponse
from moto.ram.urls import url_paths

from local.extensions.patching import add_action, add_path, state, wrap

_ACTIONS = {
    "associateresourceshare": "associate_resource_share",
    "disassociateresourceshare": "disassociate_resource_share",
    "listresourcesharepermissions": "list_resource_share_permissions",
    "tagresource": "tag_resource",
    "untagresource": "untag_resource",
}


def install() -> None:
    """Extend moto."""
    for action in (
        associate_resource_share,
        disassociate_resource_share,
        list_resource_share_permissions,
        tag_resource,
        untag_resource,
    ):
        add_action(ResourceAccessManagerResponse, action)
    for path in _ACTIONS:
        add_path(url_paths, f"{{0}}/{path}$", ResourceAccessManagerResponse)
    wrap(ResourceAccessManagerBackend, "create_resource_share", "self kwargs", _create)
    wrap(ResourceAccessManagerResponse, "get_resource_shares", "self", _get_shares)


def associate_resource_share(response: Any) -> str:
    """Share with more principals, or share more resources."""
    share, given = _share(response), response.request_params
    share.add_principals(given.get("principals", []))
    share.add_resources(given.get("resourceArns", []))
    return _associations(share, given, "ASSOCIATED")


def disassociate_resource_share(response: Any) -> str:
    """Share with fewer principals, or share fewer resources."""
    share, given = _share(response), response.request_params
    share.principals = [each for each in share.principals if each not in given.get("principals", [])]
    share.resource_arns = [each for each in share.resource_arns if each not in given.get("resourceArns", [])]
    return _associations(share, given, "DISASSOCIATED")


def list_resource_share_permissions(response: Any) -> str:
    """The default permission of each type of resource that is shared."""
    share = _share(response)
    types = {"ec2:Subnet" for arn in share.resource_arns if ":subnet/" in arn}
    shown = [
        permission.describe()
        for permission in response.ram_backend.managed_permissions
        if permission.is_resource_type_default and permission.resource_type in types
    ]
    return json.dumps(
        {
            "permissions": [
                {**each, "status": "ASSOCIATED", "creationTime": _now(), "lastUpdatedTime": _now()} for each in shown
            ]
        }
    )


def tag_resource(response: Any) -> str:
    """Add tags to a share."""
    given = response.request_params
    tags = state(response.ram_backend, "tags").setdefault(given["resourceShareArn"], {})
    tags.update({tag["key"]: tag["value"] for tag in given["tags"]})
    return "{}"


def untag_resource(response: Any) -> str:
    """Take tags from a share."""
    given = response.request_params
    for key in given["tagKeys"]:
        state(response.ram_backend, "tags").setdefault(given["resourceShareArn"], {}).pop(key, None)
    return "{}"


def _create(original: Any, backend: Any, **request: Any) -> Any:
    tags = request.pop("tags", None) or []
    answer = original(backend, **request)
    arn = answer["resourceShare"]["resourceShareArn"]
    state(backend, "tags")[arn] = {tag["key"]: tag["value"] for tag in tags}
    return answer


def _get_shares(original: Any, response: Any) -> str:
    shares = json.loads(original(response))["resourceShares"]
    wanted = response.request_params.get("resourceShareArns")
    tags = state(response.ram_backend, "tags")
    for share in shares:
        share["tags"] = [{"key": key, "value": value} for key, value in tags.get(share["resourceShareArn"], {}).items()]
    return json.dumps({"resourceShares": [each for each in shares if not wanted or each["resourceShareArn"] in wanted]})


def _share(response: Any) -> Any:
    arn = response.request_params["resourceShareArn"]
    for share in response.ram_backend.resource_shares:
        if share.arn == arn and share.status == "ACTIVE":
            return share
    raise UnknownResourceException(f"ResourceShare {arn} could not be found.")


def _associations(share: Any, given: Any, status: str) -> str:
    named = [("PRINCIPAL", each) for each in given.get("principals", [])]
    named += [("RESOURCE", each) for each in given.get("resourceArns", [])]
    shown = [
        {
            "resourceShareArn": share.arn,
            "resourceShareName": share.name,
            "associatedEntity": entity,
            "associationType": kind,
            "status": status,
            "creationTime": _now(),
            "lastUpdatedTime": _now(),
            "external": False,
        }
        for kind, entity in named
    ]
    return json.dumps({"resourceShareAssociations": shown})


def _now() -> float:
    return time.time()
