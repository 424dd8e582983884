"""Lambda event invoke configurations: one per function version and alias.

moto 5.2.5 keeps them per function, answers the oldest one after a change, and replaces the whole configuration when
a part of it is updated.
"""

from __future__ import annotations

import json
import time
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import EventInvokeConfig, LambdaBackend
from moto.awslambda.responses import LambdaResponse

from local.extensions.lambda_paths import LambdaNotFoundError, function_of, qualifier_of
from local.extensions.patching import replace_action, state, wrap

_LATEST = "$LATEST"
_FIELDS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
_Key = tuple[str, str]


def install() -> None:
    """Extend moto."""
    for action in (
        put_function_event_invoke_config,
        update_function_event_invoke_config,
        get_function_event_invoke_config,
        delete_function_event_invoke_config,
        list_function_event_invoke_configs,
    ):
        replace_action(LambdaResponse, action)
    wrap(LambdaBackend, "delete_function", "self function_name qualifier", _delete_function)


def put_function_event_invoke_config(response: Any) -> str:
    """Set the whole configuration."""
    return _store(response, {})


def update_function_event_invoke_config(response: Any) -> str:
    """Set a part of an existing configuration."""
    return _store(response, _existing(response))


def get_function_event_invoke_config(response: Any) -> str:
    """Describe a configuration."""
    return json.dumps(_existing(response))


def delete_function_event_invoke_config(response: Any) -> Any:
    """Delete a configuration."""
    _existing(response)
    state(response.backend, "event_invoke").pop(_key(response))
    return 204, {"status": 204}, ""


def list_function_event_invoke_configs(response: Any) -> str:
    """Describe the configurations of every version and alias."""
    name = function_of(response).function_name
    stored = state(response.backend, "event_invoke").items()
    return json.dumps({"FunctionEventInvokeConfigs": [config for key, config in stored if key[0] == name]})


def _key(response: Any) -> _Key:
    function = function_of(response, qualified=True)
    return function.function_name, qualifier_of(response) or _LATEST


def _store(response: Any, before: dict[str, Any]) -> str:
    name, qualifier = key = _key(response)
    given = {field: response.json_body[field] for field in _FIELDS if response.json_body.get(field) is not None}
    EventInvokeConfig(name, "", given)  # moto's own checks of ranges and destinations
    arn = f"{response.backend.get_function(name).function_arn}:{qualifier}"
    config = {
        "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}},
        **before,
        **given,
        "FunctionArn": arn,
        "LastModified": time.time(),
    }
    state(response.backend, "event_invoke")[key] = config
    return json.dumps(config)


def _existing(response: Any) -> dict[str, Any]:
    name, qualifier = key = _key(response)
    config: dict[str, Any] | None = state(response.backend, "event_invoke").get(key)
    if config is None:
        arn = f"{response.backend.get_function(name).function_arn}:{qualifier}"
        raise LambdaNotFoundError(f"The function {arn} doesn't have an EventInvokeConfig")
    return config


def _delete_function(original: Any, backend: Any, function_name: str, qualifier: Any = None) -> None:
    name = backend.get_function(function_name).function_name
    original(backend, function_name, qualifier)
    stored = state(backend, "event_invoke")
    for key in [key for key in stored if key[0] == name and qualifier in (None, key[1])]:
        stored.pop(key)
