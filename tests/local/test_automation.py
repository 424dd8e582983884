"""The extensions of CodeBuild and Step Functions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients

BOX = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
SPEC = "version: 0.2\nphases: {}\n"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
FLOW = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}


def project(role: str, **fields: Any) -> dict[str, Any]:
    none = {"type": "NO_SOURCE", "buildspec": SPEC}
    common = {"name": "docs", "artifacts": {"type": "NO_ARTIFACTS"}, "environment": BOX, "serviceRole": role}
    return {"source": none, **common, **fields}


def test_a_project_needs_no_source_but_commands(clients: Clients, role: str) -> None:
    codebuild = clients("codebuild")
    made = codebuild.create_project(**project(role, concurrentBuildLimit=3, encryptionKey=KEY))["project"]
    assert (made["source"], made["concurrentBuildLimit"]) == ({"type": "NO_SOURCE", "buildspec": SPEC}, 3)
    assert made["encryptionKey"] == KEY
    with pytest.raises(ClientError, match="requires a buildspec"):
        codebuild.create_project(**project(role, name="other", source={"type": "NO_SOURCE"}))
    with pytest.raises(ClientError, match="source location is required"):
        codebuild.create_project(**project(role, name="other", source={"type": "S3"}))


def test_a_project_is_changed_and_deleted_by_its_arn(clients: Clients, role: str) -> None:
    codebuild = clients("codebuild")
    made = codebuild.create_project(**project(role, concurrentBuildLimit=3, description="before"))["project"]
    codebuild.update_project(name="docs", description="after", concurrentBuildLimit=-1)
    (found,) = codebuild.batch_get_projects(names=["docs"])["projects"]
    assert (found["description"], found["environment"]["image"]) == ("after", BOX["image"])
    assert "concurrentBuildLimit" not in found
    with pytest.raises(ClientError, match="cannot be found"):
        codebuild.update_project(name="another", description="after")
    codebuild.delete_project(name=made["arn"])
    assert codebuild.list_projects()["projects"] == []


def test_a_definition_is_looked_at(clients: Clients) -> None:
    states = clients("stepfunctions")

    def codes(definition: str) -> list[str]:
        found = states.validate_state_machine_definition(definition=definition)
        assert found["result"] == ("FAIL" if found["diagnostics"] else "OK")
        return [each["code"] for each in found["diagnostics"]]

    assert codes(json.dumps(FLOW)) == []
    assert codes("{") == ["INVALID_JSON_DESCRIPTION"]
    assert codes('{"StartAt": "Wait", "States": {}}') == ["SCHEMA_VALIDATION_FAILED"]
    assert codes(json.dumps({**FLOW, "StartAt": "Run"})) == ["MISSING_TRANSITION_TARGET"]


def test_versions_of_a_state_machine_are_listed_from_the_newest(clients: Clients, role: str) -> None:
    states = clients("stepfunctions")
    made = states.create_state_machine(name="flow", definition=json.dumps(FLOW), roleArn=role)
    arn = made["stateMachineArn"]
    assert states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"] == []
    for seconds in (2, 3):
        changed = {**FLOW, "States": {"Wait": {"Type": "Wait", "Seconds": seconds, "End": True}}}
        states.update_state_machine(stateMachineArn=arn, definition=json.dumps(changed), publish=True)
    found = states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [each["stateMachineVersionArn"] for each in found] == [f"{arn}:2", f"{arn}:1"]
