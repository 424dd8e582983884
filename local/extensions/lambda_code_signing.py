"""Lambda code signing: configurations, their tags, and the one that a function refers to.

moto 5.2.5 keeps the ARN that a function is created with, whether it exists or not, and has no action to make,
change or delete a configuration, nor to give a function another one.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths

from local.extensions.lambda_paths import LambdaConflictError, LambdaNotFoundError, function_of, now, path_part
from local.extensions.patching import add_action, add_path, state, wrap

_NO_CONTENT = (204, {"status": 204}, "")
_CHANGEABLE = ("Description", "AllowedPublishers", "CodeSigningPolicies")


def install() -> None:
    """Extend moto."""
    for action in (
        create_code_signing_config,
        get_code_signing_config,
        list_code_signing_configs,
        update_code_signing_config,
        delete_code_signing_config,
        put_function_code_signing_config,
        delete_function_code_signing_config,
    ):
        add_action(LambdaResponse, action)
    configs = r"{0}/(?P<api_version>[^/]+)/code-signing-configs"
    add_path(url_paths, configs + "/?$", LambdaResponse)
    add_path(url_paths, configs + r"/(?P<code_signing_config_arn>[\w_:%-]+)/?$", LambdaResponse)
    wrap(LambdaBackend, "create_function", "self spec", _create_function)
    wrap(LambdaBackend, "_get_resource_by_arn", "self arn", _taggable)


class _Config:
    """A code signing configuration, taggable as moto's functions are."""

    def __init__(self, fields: dict[str, Any], tags: dict[str, str]) -> None:
        self.fields = fields
        self.tags = tags


def create_code_signing_config(response: Any) -> Any:
    """Make a configuration."""
    given = response.json_body
    identity = f"csc-{uuid.uuid4().hex[:17]}"
    arn = f"arn:{response.partition}:lambda:{response.region}:{response.current_account}:code-signing-config:{identity}"
    fields = {
        "CodeSigningConfigId": identity,
        "CodeSigningConfigArn": arn,
        "Description": given.get("Description", ""),
        "AllowedPublishers": given["AllowedPublishers"],
        "CodeSigningPolicies": given.get("CodeSigningPolicies") or {"UntrustedArtifactOnDeployment": "Warn"},
        "LastModified": now(),
    }
    state(response.backend, "code_signing")[arn] = _Config(fields, dict(given.get("Tags") or {}))
    return 201, {"status": 201}, json.dumps({"CodeSigningConfig": fields})


def get_code_signing_config(response: Any) -> str:
    """Describe a configuration."""
    return json.dumps({"CodeSigningConfig": _named(response).fields})


def list_code_signing_configs(response: Any) -> str:
    """Describe every configuration, on one page."""
    configs = [config.fields for config in state(response.backend, "code_signing").values()]
    return json.dumps({"CodeSigningConfigs": configs})


def update_code_signing_config(response: Any) -> str:
    """Change a configuration."""
    config = _named(response)
    config.fields.update({name: value for name, value in response.json_body.items() if name in _CHANGEABLE})
    config.fields["LastModified"] = now()
    return json.dumps({"CodeSigningConfig": config.fields})


def delete_code_signing_config(response: Any) -> Any:
    """Delete a configuration that no function refers to."""
    arn = _named(response).fields["CodeSigningConfigArn"]
    if any(function.code_signing_config_arn == arn for function in response.backend._lambdas.latest()):  # noqa: SLF001 - moto's store has no public name
        raise LambdaConflictError("The code signing configuration is in use by one or more functions.")
    state(response.backend, "code_signing").pop(arn)
    return _NO_CONTENT


def put_function_code_signing_config(response: Any) -> str:
    """Let a function refer to a configuration."""
    function = function_of(response)
    arn = response.json_body["CodeSigningConfigArn"]
    _require(response.backend, arn)
    function.code_signing_config_arn = arn
    return json.dumps(function.get_function_code_signing_config())


def delete_function_code_signing_config(response: Any) -> Any:
    """Let a function refer to none."""
    function_of(response).code_signing_config_arn = None
    return _NO_CONTENT


def _create_function(original: Any, backend: Any, spec: dict[str, Any]) -> Any:
    if spec.get("CodeSigningConfigArn"):
        _require(backend, spec["CodeSigningConfigArn"])
    return original(backend, spec)


def _taggable(original: Any, backend: Any, arn: str) -> Any:
    if ":code-signing-config:" not in arn:
        return original(backend, arn)
    config = state(backend, "code_signing").get(arn)
    if config is None:
        raise LambdaNotFoundError("The resource you requested does not exist.")
    return config


def _require(backend: Any, arn: str) -> None:
    if arn not in state(backend, "code_signing"):
        raise LambdaNotFoundError(
            f"The code signing configuration {arn} does not exist.", "CodeSigningConfigNotFoundException"
        )


def _named(response: Any) -> _Config:
    config: _Config = _taggable(None, response.backend, path_part(response, "CodeSigningConfigArn"))
    return config
