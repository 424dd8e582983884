"""The extensions of CloudWatch Logs: saved queries and subscription filters."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients

QUERY = {"name": "acme/api/errors", "queryString": "fields @message", "logGroupNames": ["/f/api"]}


def test_queries_are_saved_changed_and_deleted(clients: Clients) -> None:
    logs = clients("logs")
    query_id = logs.put_query_definition(**QUERY)["queryDefinitionId"]
    [saved] = logs.describe_query_definitions(queryDefinitionNamePrefix="acme/")["queryDefinitions"]
    assert {name: saved[name] for name in QUERY} == QUERY
    assert (saved["queryDefinitionId"], saved["queryLanguage"]) == (query_id, "CWLI")
    logs.put_query_definition(queryDefinitionId=query_id, name="acme/api/last", queryString="fields @timestamp")
    [changed] = logs.describe_query_definitions()["queryDefinitions"]
    assert (changed["name"], changed.get("logGroupNames")) == ("acme/api/last", None)
    assert logs.describe_query_definitions(queryDefinitionNamePrefix="other")["queryDefinitions"] == []
    assert logs.delete_query_definition(queryDefinitionId=query_id)["success"] is True
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId=query_id)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.put_query_definition(queryDefinitionId=query_id, name="x", queryString="fields @timestamp")


def stream(clients: Clients) -> str:
    kinesis = clients("kinesis")
    kinesis.create_stream(StreamName="records", ShardCount=1)
    arn: str = kinesis.describe_stream_summary(StreamName="records")["StreamDescriptionSummary"]["StreamARN"]
    return arn


def test_one_of_two_filters_is_changed_and_keeps_a_distribution(clients: Clients) -> None:
    logs, arn = clients("logs"), stream(clients)
    logs.create_log_group(logGroupName="/f/api")
    given = {"logGroupName": "/f/api", "filterPattern": "", "destinationArn": arn, "roleArn": "arn:aws:iam::1:role/x"}
    for name in ("a", "b"):
        logs.put_subscription_filter(filterName=name, **given)
    logs.put_subscription_filter(filterName="a", distribution="Random", **{**given, "filterPattern": "ERROR"})
    found = logs.describe_subscription_filters(logGroupName="/f/api")["subscriptionFilters"]
    assert {each["filterName"]: (each["filterPattern"], each["distribution"]) for each in found} == {
        "a": ("ERROR", "Random"), "b": ("", "ByLogStream"),
    }  # fmt: skip
    with pytest.raises(ClientError, match="LimitExceededException"):
        logs.put_subscription_filter(filterName="c", **given)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.put_subscription_filter(filterName="a", distribution="Evenly", **given)


def test_a_destination_admits_the_account_that_its_policy_names(clients: Clients) -> None:
    logs, arn = clients("logs"), stream(clients)
    logs.create_log_group(logGroupName="/f/api")
    role = "arn:aws:iam::123456789012:role/x"
    made = logs.put_destination(destinationName="central", targetArn=arn, roleArn=role)["destination"]["arn"]
    given = {"logGroupName": "/f/api", "filterName": "a", "filterPattern": "", "destinationArn": made}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.put_subscription_filter(**given)
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "logs:PutSubscriptionFilter"}
    logs.put_destination_policy(destinationName="central", accessPolicy=json.dumps({"Statement": [statement]}))
    logs.put_subscription_filter(**given)
    [found] = logs.describe_subscription_filters(logGroupName="/f/api")["subscriptionFilters"]
    assert found["destinationArn"] == made
    assert "roleArn" not in found


def test_a_function_is_told_only_if_it_may_be_invoked(clients: Clients) -> None:
    logs, functions = clients("logs"), clients("lambda")
    clients("iam").create_role(RoleName="x", AssumeRolePolicyDocument="{}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): ...")
    arn = functions.create_function(
        FunctionName="sink", Runtime="python3.13", Handler="handler.handler", Code={"ZipFile": packed.getvalue()},
        Role="arn:aws:iam::123456789012:role/x",
    )["FunctionArn"]  # fmt: skip
    logs.create_log_group(logGroupName="/f/api")
    given = {"logGroupName": "/f/api", "filterName": "a", "filterPattern": "", "destinationArn": arn}
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        logs.put_subscription_filter(**given)
    assert logs.describe_subscription_filters(logGroupName="/f/api")["subscriptionFilters"] == []
    functions.add_permission(
        FunctionName="sink", StatementId="logs", Action="lambda:InvokeFunction", Principal="logs.amazonaws.com",
        SourceArn=f"arn:aws:logs:{REGION}:123456789012:log-group:/f/api:*",
    )  # fmt: skip
    logs.put_subscription_filter(**given)
    [found] = logs.describe_subscription_filters(logGroupName="/f/api")["subscriptionFilters"]
    assert found["destinationArn"] == arn
