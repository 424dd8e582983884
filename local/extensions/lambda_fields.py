"""Lambda functions: fields of `CreateFunction` and `UpdateFunctionConfiguration` that moto drops.

moto 5.2.5 forgets `DeadLetterConfig`, `FileSystemConfigs`, `LoggingConfig` and `SnapStart`, does not update
`EphemeralStorage`, `ImageConfig`, `KMSKeyArn` and `TracingConfig`, and keeps the architecture of the first package.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import ImageConfig, LambdaFunction

from local.extensions.patching import wrap

_KEPT = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig", "SnapStart")


def install() -> None:
    """Extend moto."""
    wrap(LambdaFunction, "__init__", "self account_id spec region version", _create)
    wrap(LambdaFunction, "update_configuration", "self config_updates", _update)
    wrap(LambdaFunction, "update_function_code", "self updated_spec", _update_code)
    wrap(LambdaFunction, "get_configuration", "self on_create", _describe)


def _create(original: Any, function: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    original(function, account_id, spec, *args, **kwargs)
    function.kept_fields = {name: spec[name] for name in _KEPT if spec.get(name)}


def _update(original: Any, function: Any, config_updates: dict[str, Any]) -> Any:
    original(function, config_updates)
    # Published versions share the dictionary with $LATEST: it is replaced, never changed.
    given = {name: config_updates[name] for name in _KEPT if name in config_updates}
    function.kept_fields = {**function.kept_fields, **given}
    if "TracingConfig" in config_updates:
        function.tracing_config = config_updates["TracingConfig"]
    if "KMSKeyArn" in config_updates:
        function.kms_key_arn = config_updates["KMSKeyArn"] or None
    if "EphemeralStorage" in config_updates:
        function.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
    if "ImageConfig" in config_updates:
        function.image_config = ImageConfig(config_updates["ImageConfig"])
    return function.get_configuration()


def _update_code(original: Any, function: Any, updated_spec: dict[str, Any]) -> Any:
    if updated_spec.get("Architectures") and not updated_spec.get("DryRun"):
        function.architectures = updated_spec["Architectures"]
    return original(function, updated_spec)


def _describe(original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    configuration = original(function, *args, **kwargs)
    kept = function.kept_fields
    if kept.get("DeadLetterConfig", {}).get("TargetArn"):
        configuration["DeadLetterConfig"] = kept["DeadLetterConfig"]
    if kept.get("FileSystemConfigs"):
        configuration["FileSystemConfigs"] = kept["FileSystemConfigs"]
    configuration["LoggingConfig"] = _logging(function.function_name, kept.get("LoggingConfig") or {})
    apply_on = (kept.get("SnapStart") or {}).get("ApplyOn", "None")
    optimized = apply_on != "None" and str(function.version) != "$LATEST"
    configuration["SnapStart"] = {"ApplyOn": apply_on, "OptimizationStatus": "On" if optimized else "Off"}
    return configuration


def _logging(function_name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The logging configuration with Lambda's defaults; levels exist in the JSON format only."""
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function_name}", **given}
    if logging["LogFormat"] == "JSON":
        logging = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **logging}
    return logging
