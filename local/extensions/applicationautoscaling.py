"""Application Auto Scaling: tags of scalable targets.

moto 5.2.5 takes no tags and answers none of `ListTagsForResource`, `TagResource` and `UntagResource`.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from local.extensions.patching import add_action, state, wrap


def install() -> None:
    """Extend moto."""
    wrap(ApplicationAutoScalingResponse, "register_scalable_target", "self", _register)
    for action in (list_tags_for_resource, tag_resource, untag_resource):
        add_action(ApplicationAutoScalingResponse, action)


def list_tags_for_resource(response: Any) -> str:
    """Tags of a scalable target."""
    return json.dumps({"Tags": _tags(response).get(_given(response, "ResourceARN"), {})})


def tag_resource(response: Any) -> str:
    """Set tags of a scalable target."""
    _tags(response).setdefault(_given(response, "ResourceARN"), {}).update(_given(response, "Tags"))
    return "{}"


def untag_resource(response: Any) -> str:
    """Remove tags of a scalable target."""
    known = _tags(response).get(_given(response, "ResourceARN"), {})
    for key in _given(response, "TagKeys"):
        known.pop(key, None)
    return "{}"


def _register(original: Any, response: Any) -> Any:
    answer = original(response)
    tags = _given(response, "Tags")
    if tags:
        _tags(response).setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(tags)
    return answer


def _tags(response: Any) -> dict[Any, Any]:
    return state(response.applicationautoscaling_backend, "tags")


def _given(response: Any, name: str) -> Any:
    return response._get_param(name)  # noqa: SLF001 - moto gives parameters no public name
