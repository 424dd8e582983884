"""The actions of Lambda that the extensions add."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import REGION, Clients
from tests.local.test_lambda import create

PUBLISHERS = {"SigningProfileVersionArns": [f"arn:aws:signer:{REGION}:123456789012:/signing-profiles/p/abcdefghij"]}
OTHERS = {"SigningProfileVersionArns": [f"arn:aws:signer:{REGION}:123456789012:/signing-profiles/q/abcdefghij"]}


@pytest.fixture
def client(clients: Clients, role: str) -> Any:
    made = clients("lambda")
    create(made, role, Publish=True)
    made.create_alias(FunctionName="api", Name="live", FunctionVersion="1")
    return made


def message(caught: Any) -> str:
    text: str = caught.value.response["Error"]["Message"]
    return text


def test_code_signing_configurations_are_made_changed_and_deleted(client: Any) -> None:
    made = client.create_code_signing_config(Description="d", AllowedPublishers=PUBLISHERS, Tags={"Team": "orders"})[
        "CodeSigningConfig"
    ]
    arn = made["CodeSigningConfigArn"]
    assert made["CodeSigningPolicies"] == {"UntrustedArtifactOnDeployment": "Warn"}
    changed = client.update_code_signing_config(
        CodeSigningConfigArn=arn,
        AllowedPublishers=OTHERS,
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"},
    )["CodeSigningConfig"]
    read = client.get_code_signing_config(CodeSigningConfigArn=arn)["CodeSigningConfig"]
    listed = client.list_code_signing_configs()["CodeSigningConfigs"]
    assert [config for config in listed if config["CodeSigningConfigArn"] == arn] == [read]
    assert read == changed
    assert (read["Description"], read["AllowedPublishers"]) == ("d", OTHERS)
    assert read["CodeSigningPolicies"] == {"UntrustedArtifactOnDeployment": "Enforce"}
    client.delete_code_signing_config(CodeSigningConfigArn=arn)
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.get_code_signing_config(CodeSigningConfigArn=arn)
    assert message(caught) == "The resource you requested does not exist."


def test_a_reserved_concurrency_of_zero_is_told(client: Any) -> None:
    assert "Concurrency" not in client.get_function(FunctionName="api")
    for reserved in (0, 5):
        client.put_function_concurrency(FunctionName="api", ReservedConcurrentExecutions=reserved)
        told = client.get_function(FunctionName="api")["Concurrency"]
        assert told == {"ReservedConcurrentExecutions": reserved}
    client.delete_function_concurrency(FunctionName="api")
    assert "Concurrency" not in client.get_function(FunctionName="api")


def test_code_signing_configurations_have_tags(client: Any) -> None:
    arn = client.create_code_signing_config(AllowedPublishers=PUBLISHERS, Tags={"Team": "orders"})["CodeSigningConfig"][
        "CodeSigningConfigArn"
    ]
    client.tag_resource(Resource=arn, Tags={"Env": "prod"})
    assert client.list_tags(Resource=arn)["Tags"] == {"Team": "orders", "Env": "prod"}
    client.untag_resource(Resource=arn, TagKeys=["Team"])
    assert client.list_tags(Resource=arn)["Tags"] == {"Env": "prod"}


def test_a_function_refers_to_a_code_signing_configuration(client: Any) -> None:
    arn = client.create_code_signing_config(AllowedPublishers=PUBLISHERS)["CodeSigningConfig"]["CodeSigningConfigArn"]
    client.put_function_code_signing_config(CodeSigningConfigArn=arn, FunctionName="api")
    assert client.get_function_code_signing_config(FunctionName="api")["CodeSigningConfigArn"] == arn
    with pytest.raises(client.exceptions.ResourceConflictException) as caught:
        client.delete_code_signing_config(CodeSigningConfigArn=arn)
    assert message(caught) == "The code signing configuration is in use by one or more functions."
    client.delete_function_code_signing_config(FunctionName="api")
    assert "CodeSigningConfigArn" not in client.get_function_code_signing_config(FunctionName="api")
    client.delete_code_signing_config(CodeSigningConfigArn=arn)


def test_an_unknown_code_signing_configuration_is_refused(client: Any, role: str) -> None:
    arn = f"arn:aws:lambda:{REGION}:123456789012:code-signing-config:csc-0123456789abcdef0"
    with pytest.raises(client.exceptions.CodeSigningConfigNotFoundException) as caught:
        create(client, role, "other", CodeSigningConfigArn=arn)
    assert message(caught) == f"The code signing configuration {arn} does not exist."
    with pytest.raises(client.exceptions.CodeSigningConfigNotFoundException):
        client.put_function_code_signing_config(CodeSigningConfigArn=arn, FunctionName="api")


def test_event_invoke_configurations_belong_to_versions_and_aliases(client: Any) -> None:
    for qualifier, retries in ((None, 0), ("1", 1), ("live", 2)):
        named = {"Qualifier": qualifier} if qualifier else {}
        client.put_function_event_invoke_config(FunctionName="api", MaximumRetryAttempts=retries, **named)
    listed = client.list_function_event_invoke_configs(FunctionName="api")["FunctionEventInvokeConfigs"]
    assert {each["FunctionArn"].rpartition(":")[2]: each["MaximumRetryAttempts"] for each in listed} == {
        "$LATEST": 0,
        "1": 1,
        "live": 2,
    }
    client.delete_function_event_invoke_config(FunctionName="api", Qualifier="live")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.get_function_event_invoke_config(FunctionName="api", Qualifier="live")
    assert message(caught) == (
        f"The function arn:aws:lambda:{REGION}:123456789012:function:api:live doesn't have an EventInvokeConfig"
    )
    assert client.get_function_event_invoke_config(FunctionName="api")["MaximumRetryAttempts"] == 0


def test_an_event_invoke_configuration_is_replaced_or_updated(client: Any) -> None:
    target = {"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:123456789012:failed"}}
    client.put_function_event_invoke_config(FunctionName="api", MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60)
    updated = client.update_function_event_invoke_config(FunctionName="api", DestinationConfig=target)
    assert (updated["MaximumRetryAttempts"], updated["MaximumEventAgeInSeconds"]) == (1, 60)
    assert updated["DestinationConfig"]["OnFailure"] == target["OnFailure"]
    client.put_function_event_invoke_config(FunctionName="api", MaximumRetryAttempts=2)
    replaced = client.get_function_event_invoke_config(FunctionName="api")
    assert replaced["MaximumRetryAttempts"] == 2
    assert "MaximumEventAgeInSeconds" not in replaced
    assert replaced["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {}}


def test_an_event_invoke_configuration_needs_its_alias(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.put_function_event_invoke_config(FunctionName="api", Qualifier="none", MaximumRetryAttempts=1)
    assert message(caught) == f"Function not found: arn:aws:lambda:{REGION}:123456789012:function:api:none"


def test_recursion_is_terminated_until_allowed(client: Any) -> None:
    assert client.get_function_recursion_config(FunctionName="api")["RecursiveLoop"] == "Terminate"
    client.put_function_recursion_config(FunctionName="api", RecursiveLoop="Allow")
    assert client.get_function_recursion_config(FunctionName="api")["RecursiveLoop"] == "Allow"


def test_runtime_management_belongs_to_a_version(client: Any) -> None:
    manual = {
        "UpdateRuntimeOn": "Manual",
        "RuntimeVersionArn": f"arn:aws:lambda:{REGION}::runtime:{'a' * 64}",
    }
    client.put_runtime_management_config(FunctionName="api", Qualifier="1", **manual)
    version = client.get_runtime_management_config(FunctionName="api", Qualifier="1")
    assert {name: version[name] for name in manual} == manual
    assert version["FunctionArn"] == f"arn:aws:lambda:{REGION}:123456789012:function:api:1"
    latest = client.get_runtime_management_config(FunctionName="api")
    assert latest["UpdateRuntimeOn"] == "Auto"
    assert "RuntimeVersionArn" not in latest


def test_provisioned_concurrency_belongs_to_an_alias(client: Any) -> None:
    client.put_provisioned_concurrency_config(FunctionName="api", Qualifier="live", ProvisionedConcurrentExecutions=3)
    read = client.get_provisioned_concurrency_config(FunctionName="api", Qualifier="live")
    assert (read["RequestedProvisionedConcurrentExecutions"], read["Status"]) == (3, "READY")
    [listed] = client.list_provisioned_concurrency_configs(FunctionName="api")["ProvisionedConcurrencyConfigs"]
    assert (listed["FunctionArn"].rpartition(":function:")[2], listed["Status"]) == ("api:live", "READY")
    client.delete_provisioned_concurrency_config(FunctionName="api", Qualifier="live")
    assert client.list_provisioned_concurrency_configs(FunctionName="api")["ProvisionedConcurrencyConfigs"] == []
    with pytest.raises(client.exceptions.ProvisionedConcurrencyConfigNotFoundException) as caught:
        client.get_provisioned_concurrency_config(FunctionName="api", Qualifier="live")
    assert message(caught) == "No Provisioned Concurrency Config found for this function"


def test_provisioned_concurrency_needs_a_published_version(client: Any) -> None:
    with pytest.raises(client.exceptions.InvalidParameterValueException) as caught:
        client.put_provisioned_concurrency_config(
            FunctionName="api", Qualifier="$LATEST", ProvisionedConcurrentExecutions=3
        )
    assert message(caught) == ("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")


def test_settings_go_with_their_function(client: Any, role: str) -> None:
    client.put_function_recursion_config(FunctionName="api", RecursiveLoop="Allow")
    client.put_function_event_invoke_config(FunctionName="api", MaximumRetryAttempts=1)
    client.put_runtime_management_config(FunctionName="api", UpdateRuntimeOn="FunctionUpdate")
    client.delete_function(FunctionName="api")
    create(client, role)
    assert client.get_function_recursion_config(FunctionName="api")["RecursiveLoop"] == "Terminate"
    assert client.get_runtime_management_config(FunctionName="api")["UpdateRuntimeOn"] == "Auto"
    assert client.list_function_event_invoke_configs(FunctionName="api")["FunctionEventInvokeConfigs"] == []


def test_the_account_counts_its_functions_and_reservations(client: Any) -> None:
    client.put_function_concurrency(FunctionName="api", ReservedConcurrentExecutions=100)
    settings = client.get_account_settings()
    assert settings["AccountUsage"]["FunctionCount"] == 1
    assert settings["AccountUsage"]["TotalCodeSize"] > 0
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 900
