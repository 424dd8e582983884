"""Lambda aliases: weights that Lambda would take, and function URLs of an alias.

moto 5.2.5 stores any weights, keeps one URL for a function whatever the qualifier, and leaves the URL and the
provisioned concurrency of an alias behind when the alias is deleted.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse

from local.extensions.lambda_paths import LambdaConflictError, LambdaNotFoundError, function_of, now, qualifier_of
from local.extensions.patching import replace_action, state, wrap

_LATEST = "$LATEST"
_FIELDS = ("AuthType", "Cors", "InvokeMode")
_ALIAS = "self name function_name function_version description routing_config"


def install() -> None:
    """Extend moto."""
    for action in (
        create_function_url_config,
        get_function_url_config,
        update_function_url_config,
        delete_function_url_config,
    ):
        replace_action(LambdaResponse, action)
    for action_name in ("create_alias", "update_alias"):
        wrap(LambdaBackend, action_name, _ALIAS, _put_alias)
    wrap(LambdaBackend, "delete_alias", "self name function_name", _delete_alias)
    wrap(LambdaBackend, "delete_function", "self function_name qualifier", _delete_function)


def create_function_url_config(response: Any) -> Any:
    """Give an alias, or the unqualified function, a URL; each has one at most."""
    function, key = function_of(response, qualified=True), _key(response)
    if key[1].isdecimal():
        raise InvalidParameterValueException("Function URLs are those of aliases and of $LATEST.")
    urls = _urls(response.backend)
    if key in urls:
        raise LambdaConflictError(
            f"Failed to create function url config for [functionArn = {urls[key]['FunctionArn']}]. "
            "Error message:  FunctionUrlConfig exists for this Lambda function"
        )
    arn = response.backend.get_function(key[0]).function_arn
    urls[key] = {
        "InvokeMode": "BUFFERED",
        **_given(response),
        "FunctionUrl": f"https://{uuid.uuid4().hex}.lambda-url.{function.region}.on.aws/",
        "FunctionArn": arn if key[1] == _LATEST else f"{arn}:{key[1]}",
        "CreationTime": now(),
        "LastModifiedTime": now(),
    }
    return 201, {"status": 201}, json.dumps(urls[key])


def get_function_url_config(response: Any) -> str:
    """Describe a URL."""
    return json.dumps(_existing(response))


def update_function_url_config(response: Any) -> str:
    """Change a URL; what is not given stays."""
    _existing(response).update(_given(response), LastModifiedTime=now())
    return get_function_url_config(response)


def delete_function_url_config(response: Any) -> Any:
    """Take the URL away."""
    _existing(response)
    _urls(response.backend).pop(_key(response))
    return 204, {"status": 204}, ""


def _put_alias(
    original: Any,
    backend: Any,
    name: str,
    function_name: str,
    function_version: str | None,
    description: str | None,
    routing_config: dict[str, Any] | None,
) -> Any:
    """Two versions that are published and differ; what is not given stays as it was."""
    weights: dict[str, float] = (routing_config or {}).get("AdditionalVersionWeights") or {}
    if weights:
        primary = function_version or backend.get_alias(name, function_name).function_version
        if _LATEST in (primary, *weights):
            raise InvalidParameterValueException(
                "$LATEST is not supported for an alias pointing to more than 1 version"
            )
        if len(weights) > 1:
            raise InvalidParameterValueException("Number of items in AdditionalVersionWeights cannot be greater than 1")
        if primary in weights:
            raise InvalidParameterValueException(
                f"Invalid function version {primary}. Function version {primary} is already included in routing "
                "configuration."
            )
        for version in weights:
            backend.get_function(function_name, version)
    routing = routing_config if weights or routing_config is None else {}  # without weights Lambda shows no routing
    return original(backend, name, function_name, function_version, description, routing)


def _delete_alias(original: Any, backend: Any, name: str, function_name: str) -> Any:
    function = backend.get_function(function_name).function_name
    answer = original(backend, name, function_name)
    for stored in ("function_url", "provisioned_concurrency"):
        state(backend, stored).pop((function, name), None)
    return answer


def _delete_function(original: Any, backend: Any, function_name: str, qualifier: Any = None) -> None:
    name = backend.get_function(function_name).function_name
    original(backend, function_name, qualifier)
    urls = _urls(backend)
    for key in [key for key in urls if key[0] == name and qualifier in (None, key[1])]:
        urls.pop(key)


def _existing(response: Any) -> dict[str, Any]:
    config: dict[str, Any] | None = _urls(response.backend).get(_key(response))
    if config is None:
        raise LambdaNotFoundError("The resource you requested does not exist.")
    return config


def _given(response: Any) -> dict[str, Any]:
    return {name: response.json_body[name] for name in _FIELDS if response.json_body.get(name) is not None}


def _key(response: Any) -> tuple[str, str]:
    return function_of(response, qualified=True).function_name, qualifier_of(response) or _LATEST


def _urls(backend: Any) -> dict[Any, Any]:
    return state(backend, "function_url")
