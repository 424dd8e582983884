"""The table of metrics."""

from __future__ import annotations

from collections import Counter

import pytest

from modules.observability import AlarmSpec, MetricTerm
from modules.observability.metrics import METRICS, metric_of, metrics_of

_STATISTICS = {"Average", "Maximum", "Minimum", "Sum", "pNN"}
_UNITS = {
    "Bytes", "Bytes/Second", "Count", "Count/Second", "Megabytes", "Microseconds", "Milliseconds", "None", "Percent",
    "Seconds",
}  # fmt: skip


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: f"{metric.namespace} {metric.name}")
def test_a_row_says_all_that_there_is_to_say(metric: object) -> None:
    row = next(each for each in METRICS if each is metric)
    assert row.statistics
    assert set(row.statistics) <= _STATISTICS
    assert row.unit in _UNITS
    assert row.dimension_sets
    assert all(name.strip() == name != "" for names in row.dimension_sets for name in names)
    assert row.missing.treatment in {"breaching", "notBreaching"}
    assert row.missing.reason.endswith(".")
    assert len(row.missing.reason.split()) > 5
    assert "guide" in row.source


def test_no_two_rows_claim_the_same_metric_by_the_same_dimensions() -> None:
    claimed = Counter((row.namespace, row.name, names) for row in METRICS for names in row.dimension_sets)
    assert [claim for claim, times in claimed.items() if times > 1] == []


@pytest.mark.parametrize(
    ("namespace", "name", "dimensions", "treatment"),
    [
        ("AWS/Lambda", "Errors", ("FunctionName",), "notBreaching"),
        ("AWS/Lambda", "Errors", ("FunctionName", "Resource", "ExecutedVersion"), "notBreaching"),
        ("AWS/Lambda", "ClaimedAccountConcurrency", (), "notBreaching"),
        ("AWS/RDS", "CPUUtilization", ("DBInstanceIdentifier",), "breaching"),
        ("AWS/RDS", "FreeStorageSpace", ("DBInstanceIdentifier",), "breaching"),
        ("AWS/RDS", "EngineUptime", ("DBClusterIdentifier", "Role"), "breaching"),
        ("AWS/RDS", "DatabaseConnections", ("DBInstanceIdentifier",), "notBreaching"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", ("QueueName",), "notBreaching"),
        ("AWS/SQS", "NumberOfMessagesSent", ("QueueName",), "breaching"),
    ],
)
def test_what_silence_means_is_chosen_for_each_metric(
    namespace: str, name: str, dimensions: tuple[str, ...], treatment: str
) -> None:
    assert metric_of(namespace, name, dimensions).missing.treatment == treatment


def test_lambda_insights_publishes_a_part_of_what_it_logs() -> None:
    published = {row.name: set(row.dimension_sets) for row in METRICS if row.namespace == "LambdaInsights"}
    assert set(published) == {
        "cpu_total_time", "init_duration", "memory_utilization", "rx_bytes", "total_memory", "total_network",
        "tx_bytes", "used_memory_max",
    }  # fmt: skip
    sets = {frozenset({"function_name"}), frozenset({"function_name", "version"})}
    assert all(names == sets for names in published.values())


def test_what_is_left_to_burst_is_a_share() -> None:
    assert {name: metric_of("AWS/RDS", name).unit for name in ("BurstBalance", "EBSByteBalance%", "EBSIOBalance%")} == {
        "BurstBalance": "Percent", "EBSByteBalance%": "Percent", "EBSIOBalance%": "Percent",
    }  # fmt: skip


def test_one_name_may_be_two_things() -> None:
    assert len(metrics_of("AWS/RDS", "DatabaseConnections")) == 2
    assert "ElastiCache" not in metric_of("AWS/RDS", "DatabaseConnections", ["ProxyName"]).source
    assert "Proxy" in metric_of("AWS/RDS", "DatabaseConnections", ["ProxyName"]).source
    assert metrics_of("AWS/RDS", "DatabaseConnection") == ()


@pytest.mark.parametrize(
    ("name", "dimensions", "sentence"),
    [
        ("Error", None, "the table of metrics has no Error in AWS/Lambda"),
        ("Errors", ["Function"], "the table of metrics has no Errors in AWS/Lambda with the dimensions Function"),
        ("Duration", ["A", "B"], "the table of metrics has no Duration in AWS/Lambda with the dimensions A, B"),
        ("ProvisionedConcurrencyUtilization", [],
         "the table of metrics has no ProvisionedConcurrencyUtilization in AWS/Lambda with the dimensions none"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_table_is_told(name: str, dimensions: list[str] | None, sentence: str) -> None:
    with pytest.raises(KeyError) as caught:
        metric_of("AWS/Lambda", name, dimensions)
    assert caught.value.args == (sentence,)


@pytest.mark.parametrize(
    ("name", "statistic", "taken"),
    [
        ("Errors", "Sum", True),
        ("Errors", "Average", False),
        ("Errors", "p90", False),
        ("Duration", "p90", True),
        ("Duration", "p99.99", True),
        ("Duration", "p100", True),
        ("Duration", "p101", False),
        ("Duration", "pNN", False),
        ("Duration", "Sum", False),
    ],
)
def test_a_statistic_is_taken_where_it_means_something(name: str, statistic: str, taken: bool) -> None:  # noqa: FBT001  # a table
    assert metric_of("AWS/Lambda", name).takes_statistic(statistic) is taken


def spec(**fields: object) -> AlarmSpec:
    whole: dict[str, object] = {
        "id": "x", "description": "X.", "namespace": "AWS/Lambda", "dimensions": {"FunctionName": "f"},
        "threshold": 0, "comparison": "GreaterThanThreshold", "periods": 1, "datapoints": 1, **fields,
    }  # fmt: skip
    return AlarmSpec(**whole)  # type: ignore[arg-type]  # a table of fields


def test_an_alarm_takes_silence_as_the_table_says_unless_it_is_told() -> None:
    assert spec(metric="Errors", statistic="Sum").missing_data == "notBreaching"
    assert spec(metric="Errors", statistic="Sum", missing_data="ignore").missing_data == "ignore"
    of_rds = {"namespace": "AWS/RDS", "dimensions": {"DBInstanceIdentifier": "i"}}
    assert spec(metric="CPUUtilization", statistic="Average", **of_rds).missing_data == "breaching"
    assert spec(expression='SELECT SUM(Errors) FROM "AWS/Lambda"', dimensions={}).missing_data == "notBreaching"
    own = spec(namespace="Orders", metric="Refused", statistic="Sum", missing_data="missing")
    assert own.missing_data == "missing"
    with pytest.raises(KeyError, match="the table of metrics has no Refused in Orders"):
        spec(namespace="Orders", metric="Refused", statistic="Sum")


def test_terms_whose_silence_means_different_things_are_not_guessed() -> None:
    terms = (MetricTerm("cpu", "CPUUtilization", "Average"), MetricTerm("load", "DBLoad", "Average"))
    given = {
        "namespace": "AWS/RDS", "dimensions": {"DBInstanceIdentifier": "i"}, "expression": "cpu * load", "terms": terms,
    }  # fmt: skip
    with pytest.raises(ValueError, match="alarm x: the table treats missing data of its metrics differently; give it"):
        spec(**given)
    assert spec(**given, missing_data="breaching").missing_data == "breaching"
