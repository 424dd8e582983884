"""What configurations of log queries and subscriptions refuse."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from modules.observability import LogErrorMetricConfig, LogQueriesConfig, LogSubscriptionConfig
from modules.observability.log_queries_config import QUERIES, query_text
from tests.modules.core.samples import CI, STRING_TOKEN, fields_of, refusal, refuses_or_keeps, sentence

FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/logs"
CENTRAL = "arn:aws:logs:eu-west-1:210987654321:destination:central"


def test_every_query_has_a_text_for_both_formats_that_logs_insights_takes() -> None:
    for name in QUERIES:
        for log_format in ("JSON", "Text"):
            text = query_text(name, log_format)
            assert 0 < len(text) <= 10_000
            assert all(
                command.split()[0] in {"filter", "fields", "stats", "sort", "limit"} for command in text.split("\n| ")
            )
            assert ("record." in text or "level in" in text) == (log_format == "JSON")


def test_each_query_once() -> None:
    assert refusal(
        LogQueriesConfig, {"queries": ["errors", "errors"], "additional": {"errors": "fields @message"}}
    ) == [
        'queries holds "errors" twice; each once; remove one',
        'additional holds "errors"; queries holds it too; rename yours, or leave the other out of queries',
    ]
    assert sentence(LogQueriesConfig, {"queries": ["mistakes"]}) == (
        'queries[0] is "mistakes"; a query is one of errors, slowest-requests, cold-starts, memory, timeouts, '
        "out-of-memory; choose one of them"
    )
    long = sentence(LogQueriesConfig, {"additional": {"own": "x" * 10_001}})
    assert long.endswith("a query has 1 to 10000 characters (logs API model); shorten it")


def test_one_destination() -> None:
    assert sentence(LogSubscriptionConfig, {"firehose_arn": FIREHOSE, "destination_arn": CENTRAL}) == (
        "firehose_arn and destination_arn are set; a subscription has one destination; remove one"
    )
    assert sentence(LogSubscriptionConfig, {"firehose_arn": FIREHOSE, "distribution": "Random"}) == (
        "distribution and firehose_arn are set; Firehose has no shards (PutSubscriptionFilter); remove distribution"
    )
    assert sentence(LogSubscriptionConfig, {"destination_arn": FIREHOSE}) == (
        f'destination_arn is "{FIREHOSE}"; a destination\'s ARN reads like '
        "arn:aws:logs:eu-west-1:210987654321:destination:central; ask the account that receives the logs for it"
    )
    assert sentence(LogSubscriptionConfig, {"filter_pattern": "x" * 1_025}).endswith(
        "a filter pattern has at most 1024 characters (logs API model); shorten it"
    )
    assert LogSubscriptionConfig.parse({"firehose_arn": STRING_TOKEN}).firehose_arn == STRING_TOKEN


@CI
@given(
    fields_of(
        LogSubscriptionConfig,
        {"firehose_arn": st.sampled_from(["", FIREHOSE]), "destination_arn": st.sampled_from(["", CENTRAL])},
    )
)
def test_subscriptions_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(LogSubscriptionConfig, data)


@CI
@given(fields_of(LogQueriesConfig, {"queries": st.lists(st.sampled_from(QUERIES), max_size=3)}))
def test_queries_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(LogQueriesConfig, data)


@CI
@given(fields_of(LogErrorMetricConfig, {"filter_pattern": st.just("?ERROR")}))
def test_metrics_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(LogErrorMetricConfig, data)
