"""Step Functions: what Terraform asks before it makes a state machine, and after it has read one.

moto 5.2.5 has neither `ValidateStateMachineDefinition` nor `ListStateMachineVersions`. The first one here refuses what
is no state machine at all; what the states say is checked by the modules themselves.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from local.extensions.patching import add_action


def install() -> None:
    """Extend moto."""
    add_action(StepFunctionResponse, validate_state_machine_definition)
    add_action(StepFunctionResponse, list_state_machine_versions)


def validate_state_machine_definition(response: Any) -> ActionResult:
    """Whether a definition is JSON with states, of which it names the first."""
    text = response._get_param("definition")  # noqa: SLF001  # moto gives parameters no public name
    diagnostics = [{"severity": "ERROR", "code": code, "message": message} for code, message in _problems(str(text))]
    result = "FAIL" if diagnostics else "OK"
    return ActionResult({"result": result, "diagnostics": diagnostics, "truncated": False})


def list_state_machine_versions(response: Any) -> ActionResult:
    """Versions of a state machine, the newest first, on one page."""
    arn = response._get_param("stateMachineArn")  # noqa: SLF001  # the same
    machine = response.stepfunction_backend.describe_state_machine(arn)
    versions = sorted(machine.versions.values(), key=lambda version: -version.version)
    return ActionResult(
        {
            "stateMachineVersions": [
                {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date} for version in versions
            ]
        }
    )


def _problems(text: str) -> list[tuple[str, str]]:
    try:
        definition = json.loads(text)
    except ValueError as error:
        return [("INVALID_JSON_DESCRIPTION", str(error))]
    states = definition.get("States") if isinstance(definition, dict) else None
    if not isinstance(states, dict) or not states:
        return [("SCHEMA_VALIDATION_FAILED", "The value for the field 'States' must be a non-empty object")]
    if definition.get("StartAt") not in states:
        return [("MISSING_TRANSITION_TARGET", "Missing 'StartAt' target at /StartAt")]
    return []
