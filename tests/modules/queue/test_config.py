"""Configuration of queues: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.queue import QueueConfig, visibility_problems

TOKEN = "${TfToken[TOKEN.3]}"
NUMBER_TOKEN = -1.8881545897087505e289
WHERE = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        QueueConfig.parse(fields)
    return str(refused.value)


def test_the_default_polls_long_and_keeps_dead_letters_longer_than_messages() -> None:
    config = QueueConfig()
    assert (config.fifo, config.receive_wait_seconds, config.visibility_timeout_seconds) == (None, 20, 180)
    assert config.dead_letters.kind == "queue"
    assert (config.dead_letters.max_receive_count, config.dead_letters.message_retention_seconds) == (5, 1_209_600)
    assert config.message_retention_seconds < config.dead_letters.message_retention_seconds


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"visibility_timeout_seconds": 43_201},
            (
                "visibility_timeout_seconds is 43201; a message's visibility timeout takes 0 to 43200 seconds (SQS API "
                "reference); set a value from 0 to 43200"
            ),
        ),
        (
            {"delay_seconds": 901},
            (
                "delay_seconds is 901; an SQS queue's delay takes 0 to 900 seconds (SQS API reference); set a value "
                "from 0 to 900"
            ),
        ),
        (
            {"receive_wait_seconds": 21},
            (
                "receive_wait_seconds is 21; an SQS queue's receive wait takes 0 to 20 seconds (SQS API reference); "
                "set a value from 0 to 20"
            ),
        ),
        (
            {"max_message_bytes": 1_048_577},
            (
                "max_message_bytes is 1048577; an SQS queue's largest message takes 1024 to 1048576 bytes (SQS API "
                "reference); set a value from 1024 to 1048576"
            ),
        ),
        (
            {"kms_data_key_reuse_seconds": 59},
            (
                "kms_data_key_reuse_seconds is 59; an SQS queue's reuse of a data key takes 60 to 86400 seconds (SQS "
                "API reference); set a value from 60 to 86400"
            ),
        ),
        (
            {"message_retention_seconds": 59},
            (
                "message_retention_seconds is 59; an SQS queue's message retention takes 60 to 1209600 seconds (SQS "
                "API reference); set a value from 60 to 1209600"
            ),
        ),
        (
            {"dead_letters": {"max_receive_count": 1_001}},
            (
                "dead_letters.max_receive_count is 1001; a redrive policy's maxReceiveCount takes 1 to 1000 receives "
                "(SQS guide); set a value from 1 to 1000"
            ),
        ),
        (
            {"dead_letters": {"max_receive_count": 3}},
            (
                "dead_letters: max_receive_count is 3 without a reason; messages that a throttled function could not "
                "take for a moment would become dead letters; the Lambda guide asks for at least 5; set it to 5 or "
                "more, or set max_receive_count_reason"
            ),
        ),
        (
            {"dead_letters": {"max_receive_count_reason": "why"}},
            (
                'dead_letters: max_receive_count_reason is "why"; a reason belongs to max_receive_count below 5; '
                "remove it"
            ),
        ),
        (
            {"dead_letters": {"kind": "none", "reason": ""}},
            "dead_letters: reason is empty; going without a dead-letter queue takes a reason; write why",
        ),
        ({"dead_letters": {"kind": "none"}}, "dead_letters.reason is missing; it has no default; set it"),
        (
            {"dead_letters": {"kind": "topic"}},
            'dead_letters.kind is "topic"; it is one of queue, none; choose one of them',
        ),
        (
            {
                "message_retention_seconds": 86_400,
                "dead_letters": {"message_retention_seconds": 86_400, "oldest_message_alarm_seconds": 3_600},
            },
            (
                "dead_letters.message_retention_seconds is 86400 and message_retention_seconds is 86400; a dead letter "
                "of a standard queue keeps the age that it has, so it would be deleted at once or soon (SQS guide, "
                "dead-letter queues); keep dead letters longer than messages"
            ),
        ),
        (
            {
                "message_retention_seconds": 7_200,
                "dead_letters": {"message_retention_seconds": 86_400},
            },
            (
                "dead_letters.oldest_message_alarm_seconds is 86400 and dead_letters.message_retention_seconds is "
                "86400; dead letters would be deleted before the alarm fires; set the alarm below the retention"
            ),
        ),
        (
            {"message_retention_seconds": 3_600},
            (
                "alarms.oldest_message_seconds is 3600 and message_retention_seconds is 3600; messages would be "
                "deleted before the alarm fires; set the alarm below the retention"
            ),
        ),
        (
            {"alarms": {"in_flight_percent_of_quota": 0}},
            (
                "alarms.in_flight_percent_of_quota is 0; the in-flight alarm takes 1 to 100 percent (a share of the "
                "quota); set a value from 1 to 100"
            ),
        ),
        ({"fifo": True}, "fifo is True; it takes a mapping of fields; write its fields below it"),
        (
            {"fifo": {"high_throughput": "yes"}},
            'fifo.high_throughput is "yes"; it takes true or false; write one of them, without quotes',
        ),
        ({"encrypted": False}, "encrypted is not a field; remove it, or check its spelling"),
    ],
)
def test_a_queue_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


def test_fewer_receives_or_no_dead_letters_take_a_reason() -> None:
    few = QueueConfig.parse(
        {"dead_letters": {"max_receive_count": 1, "max_receive_count_reason": "each is tried once"}}
    )
    assert few.dead_letters.kind == "queue"
    assert QueueConfig.parse({"dead_letters": {"kind": "none", "reason": "heartbeats"}}).dead_letters.kind == "none"


def test_the_longest_retention_needs_no_longer_one() -> None:
    assert QueueConfig(message_retention_seconds=1_209_600).message_retention_seconds == 1_209_600


def test_a_dead_letter_of_a_fifo_queue_begins_a_new_age() -> None:
    kept = {"message_retention_seconds": 172_800}
    assert QueueConfig.parse({**kept, "fifo": {}, "dead_letters": kept}).message_retention_seconds == 172_800


def test_an_alarm_of_dead_letters_that_is_off_may_be_late() -> None:
    letters = {"message_retention_seconds": 86_400}
    off = {"enabled": False, "reason": "a trial"}
    config = QueueConfig.parse({"message_retention_seconds": 3_600, "dead_letters": letters, "alarms": off})
    assert config.dead_letters.kind == "queue"


def test_what_is_known_only_later_is_not_judged() -> None:
    config = QueueConfig.parse({"message_retention_seconds": NUMBER_TOKEN, "visibility_timeout_seconds": NUMBER_TOKEN})
    assert list(visibility_problems(config.visibility_timeout_seconds, 900)) == []
    later = QueueConfig.parse({"max_message_bytes": NUMBER_TOKEN})
    assert list(later.target_checks(Target.parse({**WHERE, "stack": "orders", "owner": "me"}))) == []


def test_large_messages_need_provider_6() -> None:
    large = QueueConfig(max_message_bytes=1_048_576)
    target = Target.parse({**WHERE, "stack": "orders", "owner": "me"})
    [problem] = large.target_checks(target)
    assert str(problem) == (
        "max_message_bytes is 1048576; AWS provider 5 takes at most 262144, although SQS takes 1048576, and the target "
        'allows >= 5.100, < 7; set at most 262144, or set the target\'s aws_provider_version to ">= 6.69, < 7"'
    )
    newer = Target.parse({**WHERE, "stack": "orders", "owner": "me", "aws_provider_version": ">= 6.69, < 7"})
    assert list(large.target_checks(newer)) == []
    assert list(QueueConfig().target_checks(target)) == []


def test_a_queue_hides_messages_for_six_timeouts_of_its_consumer() -> None:
    assert list(visibility_problems(180, 30)) == []
    [problem] = visibility_problems(179, 30)
    assert str(problem) == (
        "visibility_timeout_seconds is 179 and the function's timeout_seconds is 30; a message that is still worked "
        "on, or waits for a retry after throttling, would be received again; the Lambda guide asks for six times the "
        "function's timeout; set visibility_timeout_seconds to at least 180"
    )
