"""JSON schema of the files below `environments/`, generated from the models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.core.config import ConfigModel
from modules.core.target import Target
from rollout.domain.settings import RolloutSettings


def environments_schema(stacks: Mapping[str, type[ConfigModel]]) -> dict[str, Any]:
    """One schema for every level: no field is required, as each file holds a part.

    Args:
        stacks: configuration model of every stack, by name.
    """
    definitions: dict[str, Any] = {}
    properties = _partial(Target, definitions)["properties"]
    properties.pop("stack")
    properties["stacks"] = {
        "type": "object",
        "description": "Settings by stack; a region's file makes a target of every stack it names.",
        "additionalProperties": False,
        "properties": {name: _partial(model, definitions) for name, model in sorted(stacks.items())},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lambdanet environments",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": definitions,
    }


def rollout_schema() -> dict[str, Any]:
    """The schema of `environments/rollout.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **RolloutSettings.model_json_schema(by_alias=True),
        "title": "lambdanet rollout",
    }


def _partial(model: type[ConfigModel], definitions: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    for name, definition in schema.pop("$defs", {}).items():
        definition.pop("required", None)
        definitions[name] = definition
    schema.pop("required", None)
    return schema
