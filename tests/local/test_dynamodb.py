"""The extension of DynamoDB: table class, bounds of on-demand throughput, contributor insights."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients

NAME, INDEX = "acme-dev-orders", "by-status"
BOUNDS = {"MaxReadRequestUnits": 40, "MaxWriteRequestUnits": 20}


def index(**fields: Any) -> dict[str, Any]:
    schema = [{"AttributeName": "status", "KeyType": "HASH"}]
    return {"IndexName": INDEX, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}, **fields}


def create(clients: Clients, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = clients("dynamodb").create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "status")],
        **fields,
    )["TableDescription"]
    return made


def described(clients: Clients) -> dict[str, Any]:
    found: dict[str, Any] = clients("dynamodb").describe_table(TableName=NAME)["Table"]
    return found


def test_class_and_bounds_are_kept_and_changed(clients: Clients) -> None:
    made = create(
        clients,
        TableClass="STANDARD_INFREQUENT_ACCESS",
        OnDemandThroughput=BOUNDS,
        GlobalSecondaryIndexes=[index(OnDemandThroughput=BOUNDS)],
    )
    for table in (made, described(clients)):
        assert table["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
        assert [table["OnDemandThroughput"], table["GlobalSecondaryIndexes"][0]["OnDemandThroughput"]] == [BOUNDS] * 2
    fewer = {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": -1}
    clients("dynamodb").update_table(
        TableName=NAME,
        TableClass="STANDARD",
        OnDemandThroughput=fewer,
        GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": INDEX, "OnDemandThroughput": fewer}}],
    )
    table = described(clients)
    assert table["TableClassSummary"]["TableClass"] == "STANDARD"
    assert table["OnDemandThroughput"] == {"MaxReadRequestUnits": 10}
    assert table["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == {"MaxReadRequestUnits": 10}


def test_without_any_there_is_none(clients: Clients) -> None:
    create(clients, GlobalSecondaryIndexes=[index()])
    table = described(clients)
    assert not {"TableClassSummary", "OnDemandThroughput"} & set(table)
    assert "OnDemandThroughput" not in table["GlobalSecondaryIndexes"][0]


@pytest.mark.parametrize("of", [{}, {"IndexName": INDEX}], ids=["table", "index"])
def test_contributor_insights_are_switched_on_and_off(clients: Clients, of: dict[str, str]) -> None:
    create(clients, GlobalSecondaryIndexes=[index()])
    dynamodb, named = clients("dynamodb"), {"TableName": NAME, **of}
    assert dynamodb.describe_contributor_insights(**named)["ContributorInsightsStatus"] == "DISABLED"
    changed = dynamodb.update_contributor_insights(**named, ContributorInsightsAction="ENABLE")
    assert {name: changed[name] for name in (*named, "ContributorInsightsStatus")} == {
        **named,
        "ContributorInsightsStatus": "ENABLING",
    }
    found = dynamodb.describe_contributor_insights(**named)
    assert (found["ContributorInsightsStatus"], len(found["ContributorInsightsRuleList"])) == ("ENABLED", 4)
    dynamodb.update_contributor_insights(**named, ContributorInsightsAction="DISABLE")
    assert dynamodb.describe_contributor_insights(**named)["ContributorInsightsStatus"] == "DISABLED"


@pytest.mark.parametrize("named", [{"TableName": "nobodys"}, {"TableName": NAME, "IndexName": "by-nothing"}])
def test_contributor_insights_of_nothing(clients: Clients, named: dict[str, str]) -> None:
    create(clients, GlobalSecondaryIndexes=[index()])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        clients("dynamodb").describe_contributor_insights(**named)
