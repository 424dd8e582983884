"""Permissions of layer versions as Lambda writes them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import Emulator
from tests.local.conftest import REGION, Clients


@pytest.fixture
def client(clients: Clients) -> Any:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("python/common.py", "VALUE = 1\n")
    made = clients("lambda")
    made.publish_layer_version(LayerName="shared", Content={"ZipFile": content.getvalue()})
    return made


def allow(client: Any, **other: str) -> dict[str, Any]:
    client.add_layer_version_permission(
        LayerName="shared", VersionNumber=1, StatementId="others-use", Action="lambda:GetLayerVersion", **other
    )
    policy = client.get_layer_version_policy(LayerName="shared", VersionNumber=1)
    (statement,) = json.loads(policy["Policy"])["Statement"]
    found: dict[str, Any] = statement
    return found


def test_an_account_is_its_root(client: Any) -> None:
    statement = allow(client, Principal="210987654321")
    assert statement["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}
    assert "Condition" not in statement


def test_an_organization_is_a_condition(client: Any) -> None:
    statement = allow(client, Principal="*", OrganizationId="o-a1b2c3d4e5")
    assert statement["Principal"] == "*"
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    assert "OrganizationId" not in statement
    client.remove_layer_version_permission(LayerName="shared", VersionNumber=1, StatementId="others-use")


def test_a_function_has_a_layer_of_another_account_that_shares_it(emulator: Emulator, clients: Clients) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): ...\n")
    clients("iam").create_role(RoleName="x", AssumeRolePolicyDocument="{}")
    other = emulator.client("lambda", REGION, "210987654321")
    arn = other.publish_layer_version(LayerName="shared", Content={"ZipFile": content.getvalue()})["LayerVersionArn"]
    function = {
        "Runtime": "python3.13", "Handler": "handler.handler", "Code": {"ZipFile": content.getvalue()},
        "Role": "arn:aws:iam::123456789012:role/x", "Layers": [arn],
    }  # fmt: skip
    with pytest.raises(ClientError, match="One or more LayerVersion does not exist"):
        clients("lambda").create_function(FunctionName="api", **function)
    allow(other, Principal="*")
    made = clients("lambda").create_function(FunctionName="api", **function)
    assert [layer["Arn"] for layer in made["Layers"]] == [arn]
    other.close()
