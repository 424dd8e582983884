"""Aliases in the emulator: weights that Lambda takes, and what belongs to an alias."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import REGION, Clients
from tests.local.test_lambda import create

ARN = f"arn:aws:lambda:{REGION}:123456789012:function:api"
CALM = {"AuthType": "AWS_IAM"}


@pytest.fixture
def client(clients: Clients, role: str) -> Any:
    made = clients("lambda")
    create(made, role, Publish=True)
    made.update_function_configuration(FunctionName="api", Description="again")
    made.publish_version(FunctionName="api")
    made.create_alias(FunctionName="api", Name="live", FunctionVersion="1")
    return made


def shared(client: Any, weights: dict[str, float], **fields: Any) -> Any:
    routing = {"AdditionalVersionWeights": weights}
    return client.update_alias(FunctionName="api", Name="live", RoutingConfig=routing, **fields)


def message(caught: Any) -> str:
    text: str = caught.value.response["Error"]["Message"]
    return text


def test_an_alias_shares_between_two_published_versions(client: Any) -> None:
    assert shared(client, {"2": 0.1})["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.1}}
    moved = shared(client, {}, FunctionVersion="2")
    assert (moved["FunctionVersion"], "RoutingConfig" in moved) == ("2", False)


@pytest.mark.parametrize(
    ("weights", "fields", "refused"),
    [
        (
            {"1": 0.1}, {},
            "Invalid function version 1. Function version 1 is already included in routing configuration.",
        ),
        ({"2": 0.1}, {"FunctionVersion": "$LATEST"},
         "$LATEST is not supported for an alias pointing to more than 1 version"),
        ({"1": 0.1, "3": 0.1}, {"FunctionVersion": "2"},
         "Number of items in AdditionalVersionWeights cannot be greater than 1"),
    ],
)  # fmt: skip
def test_other_weights_are_refused(
    client: Any, weights: dict[str, float], fields: dict[str, str], refused: str
) -> None:
    with pytest.raises(client.exceptions.InvalidParameterValueException) as caught:
        shared(client, weights, **fields)
    assert message(caught) == refused


def test_a_version_that_is_not_there_gets_no_share(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        shared(client, {"7": 0.1})


def test_nothing_is_kept_ready_for_an_alias_with_weights(client: Any) -> None:
    shared(client, {"2": 0.1})
    with pytest.raises(client.exceptions.InvalidParameterValueException) as caught:
        client.put_provisioned_concurrency_config(
            FunctionName="api", Qualifier="live", ProvisionedConcurrentExecutions=1
        )
    assert message(caught) == "Alias with weights can not be used with Provisioned Concurrency"


def test_a_url_belongs_to_an_alias_or_to_the_function(client: Any) -> None:
    own = client.create_function_url_config(FunctionName="api", **CALM)
    live = client.create_function_url_config(FunctionName="api", Qualifier="live", InvokeMode="RESPONSE_STREAM", **CALM)
    assert (own["FunctionArn"], live["FunctionArn"]) == (ARN, f"{ARN}:live")
    assert own["FunctionUrl"] != live["FunctionUrl"]
    client.update_function_url_config(FunctionName="api", Qualifier="live", AuthType="NONE")
    read = client.get_function_url_config(FunctionName="api", Qualifier="live")
    assert (read["AuthType"], read["InvokeMode"], read["FunctionUrl"]) == (
        "NONE", "RESPONSE_STREAM", live["FunctionUrl"],
    )  # fmt: skip
    assert client.get_function_url_config(FunctionName="api")["AuthType"] == "AWS_IAM"
    with pytest.raises(client.exceptions.ResourceConflictException) as caught:
        client.create_function_url_config(FunctionName="api", Qualifier="live", **CALM)
    assert message(caught).endswith("FunctionUrlConfig exists for this Lambda function")
    client.delete_function_url_config(FunctionName="api", Qualifier="live")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_url_config(FunctionName="api", Qualifier="live")


def test_what_belongs_to_an_alias_goes_with_it(client: Any, role: str) -> None:
    client.create_function_url_config(FunctionName="api", Qualifier="live", **CALM)
    client.put_provisioned_concurrency_config(FunctionName="api", Qualifier="live", ProvisionedConcurrentExecutions=1)
    client.delete_alias(FunctionName="api", Name="live")
    client.create_alias(FunctionName="api", Name="live", FunctionVersion="1")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_url_config(FunctionName="api", Qualifier="live")
    with pytest.raises(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
        client.get_provisioned_concurrency_config(FunctionName="api", Qualifier="live")
    client.create_function_url_config(FunctionName="api", **CALM)
    client.delete_function(FunctionName="api")
    create(client, role)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_url_config(FunctionName="api")
