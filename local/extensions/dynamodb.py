"""DynamoDB tables: the table class, bounds of on-demand throughput, and contributor insights.

moto 5.2.5 forgets `TableClass` and `OnDemandThroughput`, of tables and of indexes, and has no contributor insights.
"""

from __future__ import annotations

import time
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import ResourceNotFoundException
from moto.dynamodb.models.table import GlobalSecondaryIndex, Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from local.extensions.patching import add_action, add_attribute, state, wrap

_INSIGHTS = "contributor_insights"
_UNBOUNDED = -1
_RULES = ("PKC", "PKT", "SKC", "SKT")  # partition and sort keys, most accessed and most throttled


def install() -> None:
    """Extend moto."""
    add_attribute(Table, "table_class", None)
    for owner in (Table, GlobalSecondaryIndex):
        add_attribute(owner, "on_demand_throughput", None)
    wrap(DynamoHandler, "create_table", "self", _keep)
    wrap(DynamoHandler, "update_table", "self", _keep)
    wrap(Table, "describe", "self base_key", _describe_table)
    wrap(GlobalSecondaryIndex, "describe", "self", _describe_index)
    add_action(DynamoHandler, update_contributor_insights)
    add_action(DynamoHandler, describe_contributor_insights)


def _keep(original: Any, response: Any) -> Any:
    original(response)
    body = response.body
    table = response.dynamodb_backend.get_table(body["TableName"])
    table.table_class = body.get("TableClass", table.table_class)
    _bound(table, body)
    indexes = {index.name: index for index in table.global_indexes}
    given = [*(body.get("GlobalSecondaryIndexes") or ())]
    for update in body.get("GlobalSecondaryIndexUpdates") or ():
        given += [update[action] for action in ("Create", "Update") if action in update]
    for index in given:
        _bound(indexes[index["IndexName"]], index)
    return DynamoResult(table.describe())


def _bound(thing: Any, given: dict[str, Any]) -> None:
    if "OnDemandThroughput" in given:
        bounds = {name: units for name, units in given["OnDemandThroughput"].items() if units != _UNBOUNDED}
        thing.on_demand_throughput = bounds or None


def _describe_table(original: Any, table: Any, base_key: str = "TableDescription") -> dict[str, Any]:
    found: dict[str, Any] = original(table, base_key)
    if table.table_class is not None:
        found[base_key]["TableClassSummary"] = {"TableClass": table.table_class}
    if table.on_demand_throughput is not None:
        found[base_key]["OnDemandThroughput"] = table.on_demand_throughput
    return found


def _describe_index(original: Any, index: Any) -> dict[str, Any]:
    found: dict[str, Any] = original(index)
    if index.on_demand_throughput is not None:
        found["OnDemandThroughput"] = index.on_demand_throughput
    return found


def update_contributor_insights(self: Any) -> Any:
    """`UpdateContributorInsights`: it is enabled or disabled at once."""
    key = _named(self)
    enabled = self.body["ContributorInsightsAction"] == "ENABLE"
    state(self.dynamodb_backend, _INSIGHTS)[key] = (enabled, time.time())
    return ActionResult({**_answer(key), "ContributorInsightsStatus": "ENABLING" if enabled else "DISABLING"})


def describe_contributor_insights(self: Any) -> Any:
    """`DescribeContributorInsights`."""
    key = _named(self)
    enabled, changed = state(self.dynamodb_backend, _INSIGHTS).get(key, (False, None))
    answer = {**_answer(key), "ContributorInsightsStatus": "ENABLED" if enabled else "DISABLED"}
    if changed is not None:
        answer["LastUpdateDateTime"] = changed
    if enabled:
        what = "-".join(part for part in key if part)
        answer["ContributorInsightsRuleList"] = [f"DynamoDBContributorInsights-{rule}-{what}" for rule in _RULES]
    return ActionResult(answer)


def _named(response: Any) -> tuple[str, str]:
    """Table and index of a request.

    Raises:
        ResourceNotFoundException: there is none.
    """
    name, index = response.body["TableName"], response.body.get("IndexName", "")
    table = response.dynamodb_backend.get_table(name)
    if index and index not in {each.name for each in table.global_indexes}:
        raise ResourceNotFoundException(f"Requested resource not found: Index: {index} of table: {name} not found")
    return table.name, index


def _answer(key: tuple[str, str]) -> dict[str, Any]:
    name, index = key
    return {"TableName": name, **({"IndexName": index} if index else {})}
