"""Configuration of topics and subscriptions: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.topic import SubscriptionConfig, TopicConfig


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        TopicConfig.parse(fields)
    return str(refused.value)


def test_the_default_is_standard_and_keeps_what_is_not_delivered() -> None:
    config = TopicConfig()
    assert (config.fifo, config.delivery_log, config.email_subscriptions) == (None, None, ())
    assert config.dead_letters.kind == "queue"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"email_subscriptions": ["team"]},
            'email_subscriptions[0] is "team"; an e-mail address reads like team@example.com; correct it',
        ),
        (
            {"email_subscriptions": ["a@example.com", "a@example.com"]},
            'email_subscriptions holds "a@example.com" twice; each address once; remove one',
        ),
        (
            {"https_subscriptions": {"hook": "http://example.com/hook"}},
            (
                'https_subscriptions.hook is "http://example.com/hook"; an endpoint\'s URL begins with https://, so '
                "that messages never travel in clear text; write the endpoint's URL"
            ),
        ),
        (
            {"https_subscriptions": {"A hook": "https://example.com"}},
            'https_subscriptions.A hook is "A hook"; a name has words and hyphens; correct it',
        ),
        (
            {"fifo": {}, "email_subscriptions": ["a@example.com"]},
            (
                "a FIFO topic has e-mail or HTTPS subscriptions; SNS delivers messages of FIFO topics to queues only "
                "(SNS guide, FIFO topics); remove them, or use a standard topic"
            ),
        ),
        (
            {"fifo": {}, "display_name": "Orders"},
            (
                'display_name is "Orders" on a FIFO topic; it names the sender of e-mails, and a FIFO topic sends none '
                "(SNS guide, FIFO topics); remove it"
            ),
        ),
        (
            {"display_name": "x" * 101},
            (
                f'display_name is "{"x" * 78}…; a display name has at most 100 characters on one line (SNS guide); '
                "shorten it"
            ),
        ),
        (
            {"delivery_log": {"success_sample_percent": 101}},
            (
                "delivery_log.success_sample_percent is 101; a sample of delivered messages takes "
                "0 to 100 percent (SNS guide); set a value from 0 to 100"
            ),
        ),
        (
            {"delivery_log": {"retention_days": 31}},
            (
                "delivery_log.retention_days is 31; a log group's retention is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, "
                "150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; choose one of them"
            ),
        ),
        (
            {"dead_letters": {"message_retention_seconds": 3_600}},
            (
                "dead_letters.oldest_message_alarm_seconds is 86400 and dead_letters.message_retention_seconds is "
                "3600; dead letters would be deleted before the alarm fires; set the alarm below the retention"
            ),
        ),
        (
            {"dead_letters": {"kind": "none", "reason": ""}},
            "dead_letters: reason is empty; going without a dead-letter queue takes a reason; write why",
        ),
        ({"policy": "{}"}, "policy is not a field; remove it, or check its spelling"),
    ],
)
def test_a_topic_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": ["order"]},
        {"kind": ["order", {"prefix": "re"}], "price": [{"numeric": [">", 100]}]},
        {f"key{number}": ["one"] for number in range(5)},
    ],
)
def test_a_filter(policy: dict[str, Any]) -> None:
    assert SubscriptionConfig(filter_policy=policy).filter_policy == policy


def test_a_filter_of_the_body_may_be_nested() -> None:
    nested = {"customer": {"country": ["IE", "FR"], "age": {"years": [40]}}}
    assert SubscriptionConfig(filter_policy=nested, filter_policy_scope="MessageBody").filter_policy == nested


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"filter_policy": {}},
            (
                "filter_policy has 0 keys; SNS takes 1 to 5 (SNS guide, filter policy constraints); name a key, or "
                "remove the filter"
            ),
        ),
        (
            {"filter_policy": {f"key{number}": ["one"] for number in range(6)}},
            (
                "filter_policy has 6 keys; SNS takes 1 to 5 (SNS guide, filter policy constraints); choose fewer, or "
                "remove the filter"
            ),
        ),
        (
            {"filter_policy": {"kind": "order"}},
            (
                'filter_policy["kind"] is not a list of values; a filter maps a key to the values that match, and '
                "only MessageBody knows properties of properties; write a list"
            ),
        ),
        (
            {"filter_policy": {"customer": {"age": 40}}, "filter_policy_scope": "MessageBody"},
            (
                'filter_policy["customer.age"] is neither a mapping nor a list of values; a filter maps a key to the '
                "values that match; write a list"
            ),
        ),
        (
            {"filter_policy": {"one": list(range(16)), "two": list(range(10))}},
            (
                "filter_policy has 160 combinations of values; SNS takes 150: the product of the numbers of values, "
                "each times its depth (SNS guide, filter policy constraints); list fewer values"
            ),
        ),
        (
            {"filter_policy_scope": "MessageBody"},
            (
                'filter_policy_scope is "MessageBody" without a filter_policy; it says what the filter looks at; set '
                "filter_policy, or remove it"
            ),
        ),
        (
            {"filter_policy": {"kind": ["order"]}, "filter_policy_scope": "Body"},
            (
                'filter_policy_scope is "Body"; filter_policy_scope is one of MessageAttributes, MessageBody; choose '
                "one of them"
            ),
        ),
    ],
)
def test_a_filter_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        SubscriptionConfig.parse(fields)
    assert str(refused.value) == sentence
