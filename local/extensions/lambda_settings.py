"""Lambda's small settings: recursion, runtime management, provisioned concurrency, and those of the account.

moto 5.2.5 has none of `PutFunctionRecursionConfig`, `PutRuntimeManagementConfig`,
`PutProvisionedConcurrencyConfig`, `GetAccountSettings`, nor the actions that read them; and `GetFunction` leaves
out a reserved concurrency of 0.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths

from local.extensions.lambda_paths import FUNCTION_PATH, LambdaNotFoundError, function_of, now, qualifier_of
from local.extensions.patching import add_action, add_path, state, wrap

CONCURRENT_EXECUTIONS = 1000
"""Lambda's default quota of concurrent executions (L-B99A9384)."""

_LATEST = "$LATEST"
_STORES = ("recursion", "runtime_management", "provisioned_concurrency")


def install() -> None:
    """Extend moto."""
    for action in (
        put_function_recursion_config,
        get_function_recursion_config,
        put_runtime_management_config,
        get_runtime_management_config,
        put_provisioned_concurrency_config,
        get_provisioned_concurrency_config,
        delete_provisioned_concurrency_config,
        list_provisioned_concurrency_configs,
        get_account_settings,
    ):
        add_action(LambdaResponse, action)
    for tail in ("recursion-config", "runtime-management-config", "provisioned-concurrency"):
        add_path(url_paths, f"{FUNCTION_PATH}{tail}/?$", LambdaResponse)
    add_path(url_paths, r"{0}/(?P<api_version>[^/]+)/account-settings/?$", LambdaResponse)
    wrap(LambdaFunction, "get_code", "self", _get_code)
    wrap(LambdaBackend, "delete_function", "self function_name qualifier", _delete_function)


def put_function_recursion_config(response: Any) -> str:
    """Choose what Lambda does when a function calls itself in a loop."""
    stored = state(response.backend, "recursion")
    stored[function_of(response).function_name, _LATEST] = response.json_body["RecursiveLoop"]
    return get_function_recursion_config(response)


def get_function_recursion_config(response: Any) -> str:
    """Describe that choice; it is `Terminate` by default."""
    key = (function_of(response).function_name, _LATEST)
    return json.dumps({"RecursiveLoop": state(response.backend, "recursion").get(key, "Terminate")})


def put_runtime_management_config(response: Any) -> str:
    """Choose when the runtime of a function is updated."""
    fields = ("UpdateRuntimeOn", "RuntimeVersionArn")
    stored = state(response.backend, "runtime_management")
    stored[_key(response)] = {name: response.json_body[name] for name in fields if response.json_body.get(name)}
    return get_runtime_management_config(response)


def get_runtime_management_config(response: Any) -> str:
    """Describe that choice; it is `Auto` by default."""
    function = function_of(response, qualified=True)
    config = state(response.backend, "runtime_management").get(_key(response), {"UpdateRuntimeOn": "Auto"})
    return json.dumps({**config, "FunctionArn": function.function_arn})


def put_provisioned_concurrency_config(response: Any) -> Any:
    """Keep environments of a version or alias ready; they are all ready at once here."""
    key = _key(response)
    if key[1] == _LATEST:
        raise InvalidParameterValueException(
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
        )
    if has_weights(response.backend, *key):
        raise InvalidParameterValueException("Alias with weights can not be used with Provisioned Concurrency")
    wanted = response.json_body["ProvisionedConcurrentExecutions"]
    config = {
        "RequestedProvisionedConcurrentExecutions": wanted,
        "AvailableProvisionedConcurrentExecutions": wanted,
        "AllocatedProvisionedConcurrentExecutions": wanted,
        "Status": "READY",
        "LastModified": now(),
    }
    state(response.backend, "provisioned_concurrency")[key] = config
    return 202, {"status": 202}, json.dumps(config)


def get_provisioned_concurrency_config(response: Any) -> str:
    """Describe what is kept ready."""
    config = state(response.backend, "provisioned_concurrency").get(_key(response))
    if config is None:
        raise LambdaNotFoundError(
            "No Provisioned Concurrency Config found for this function",
            "ProvisionedConcurrencyConfigNotFoundException",
        )
    return json.dumps(config)


def delete_provisioned_concurrency_config(response: Any) -> Any:
    """Keep nothing ready any more."""
    state(response.backend, "provisioned_concurrency").pop(_key(response), None)
    return 204, {"status": 204}, ""


def list_provisioned_concurrency_configs(response: Any) -> str:
    """Describe what is kept ready of every version and alias of a function."""
    function = function_of(response)
    configs = [
        {**config, "FunctionArn": f"{function.function_arn}:{qualifier}"}
        for (name, qualifier), config in sorted(state(response.backend, "provisioned_concurrency").items())
        if name == function.function_name
    ]
    return json.dumps({"ProvisionedConcurrencyConfigs": configs})


def get_account_settings(response: Any) -> str:
    """Describe the account's limits (those of a new account whose quotas were raised to Lambda's defaults)."""
    functions = list(response.backend._lambdas.latest())  # noqa: SLF001 - moto's store has no public name
    reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
    limits = {
        "TotalCodeSize": 75 * 1024**3,
        "CodeSizeUnzipped": 250 * 1024**2,
        "CodeSizeZipped": 50 * 1024**2,
        "ConcurrentExecutions": CONCURRENT_EXECUTIONS,
        "UnreservedConcurrentExecutions": CONCURRENT_EXECUTIONS - reserved,
    }
    usage = {
        "TotalCodeSize": sum(function.code_size for function in functions),
        "FunctionCount": len(functions),
    }
    return json.dumps({"AccountLimit": limits, "AccountUsage": usage})


def has_weights(backend: Any, function_name: str, qualifier: str) -> bool:
    """Whether a qualifier is an alias of two versions."""
    if qualifier.isdecimal() or qualifier == _LATEST:
        return False
    routing = backend.get_alias(qualifier, function_name).routing_config or {}
    return bool(routing.get("AdditionalVersionWeights"))


def _key(response: Any) -> tuple[str, str]:
    """Function and qualifier of a request; Lambda's error when there is no such version or alias."""
    return function_of(response, qualified=True).function_name, qualifier_of(response) or _LATEST


def _get_code(original: Any, function: Any) -> dict[str, Any]:
    found: dict[str, Any] = original(function)
    if function.reserved_concurrency is not None:
        found["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved_concurrency}
    return found


def _delete_function(original: Any, backend: Any, function_name: str, qualifier: Any = None) -> None:
    name = backend.get_function(function_name).function_name
    original(backend, function_name, qualifier)
    for stored in (state(backend, store) for store in _STORES):
        for key in [key for key in stored if key[0] == name and qualifier in (None, key[1])]:
            stored.pop(key)
