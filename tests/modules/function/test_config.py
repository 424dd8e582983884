"""Functions: what Lambda, the provider or the synth would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.function import AsynchronousConfig, FunctionAlarmsConfig, FunctionConfig, LoggingConfig
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    NUMBER_TOKEN,
    STRING_TOKEN,
    around,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

CODE: dict[str, Any] = {"source": "handlers/api"}
VALID: dict[str, Any] = {"code": CODE, "reserved_concurrency": 5}
RANGES = {
    "memory_mb": (128, 10_240, "a Lambda function's memory takes 128 to 10240 MB (Lambda quotas)"),
    "timeout_seconds": (1, 900, "a Lambda function's timeout takes 1 to 900 seconds (Lambda quotas)"),
    "ephemeral_storage_mb": (512, 10_240, "a Lambda function's /tmp takes 512 to 10240 MB (Lambda quotas)"),
    "reserved_concurrency": (
        0,
        100_000,
        "reserved concurrency takes 0 to 100000 executions (PutFunctionConcurrency; the account quota bounds it)",
    ),
}


@pytest.mark.parametrize("field", RANGES)
def test_a_number_is_taken_up_to_both_ends_and_refused_beyond(field: str) -> None:
    lowest, highest, rule = RANGES[field]
    for value in (lowest, highest):
        config = FunctionConfig.parse({**VALID, field: value, "disabled_reason": "a test"})
        assert getattr(config, field) == value
    for value in (lowest - 1, highest + 1, -1):
        expected = f"{field} is {value}; {rule}; set a value from {lowest} to {highest}"
        assert sentence(FunctionConfig, {**VALID, field: value}) == expected


@pytest.mark.parametrize("field", ["timeout_seconds", "reserved_concurrency"])
def test_what_thresholds_are_computed_from_is_known_at_synth(field: str) -> None:
    expected = f"{field} is {NUMBER_TOKEN}; {KNOWN_LATER}"
    assert sentence(FunctionConfig, {**VALID, field: NUMBER_TOKEN}) == expected


@pytest.mark.parametrize("field", ["memory_mb", "ephemeral_storage_mb"])
def test_what_is_only_passed_on_may_be_a_token(field: str) -> None:
    assert getattr(FunctionConfig.parse({**VALID, field: NUMBER_TOKEN}), field) == NUMBER_TOKEN


def test_a_function_that_never_runs_takes_a_reason() -> None:
    assert sentence(FunctionConfig, {**VALID, "reserved_concurrency": 0}) == (
        "reserved_concurrency is 0; Lambda then throttles every call; reserve more, or set disabled_reason"
    )
    config = FunctionConfig.parse({**VALID, "reserved_concurrency": 0, "disabled_reason": "incident 7"})
    assert config.reserved_concurrency == 0


@pytest.mark.parametrize("text", ["", "d" * 256, "Überweist 5 $ & mehr", STRING_TOKEN])
def test_a_description_of_256_characters_is_taken(text: str) -> None:
    assert FunctionConfig.parse({**VALID, "description": text}).description == text


@pytest.mark.parametrize("text", ["d" * 257, "two\nlines"])
def test_a_description_that_lambda_refuses_is_refused(text: str) -> None:
    problem = sentence(FunctionConfig, {**VALID, "description": text})
    assert problem.endswith("; a description has at most 256 characters on one line; shorten it")


@pytest.mark.parametrize("reason", ["", "r" * 232, "calls api.example.com:443 (payments) [PCI] & more; 100$ = {a}!*"])
def test_a_reason_for_the_internet_that_ec2_takes_in_a_rule_is_taken(reason: str) -> None:
    assert FunctionConfig.parse({**VALID, "internet_egress_reason": reason}).internet_egress_reason == reason


@pytest.mark.parametrize("reason", ["r" * 233, "the provider's API", "über", "50 %", "two\nlines", "a <b>", '"x"'])
def test_a_reason_for_the_internet_that_ec2_refuses_in_a_rule_is_refused(reason: str) -> None:
    assert sentence(FunctionConfig, {**VALID, "internet_egress_reason": reason}).endswith(
        "; it stands in a security group rule, with at most 232 letters, digits, spaces and characters of "
        "._-:/()#,@[]+=&;{}!$* (EC2 API); shorten or reword it"
    )


def test_a_reason_for_the_internet_is_cut_into_no_token() -> None:
    expected = f'internet_egress_reason is "{STRING_TOKEN}"; {KNOWN_LATER}'
    assert sentence(FunctionConfig, {**VALID, "internet_egress_reason": STRING_TOKEN}) == expected


@pytest.mark.parametrize(
    ("model", "field", "taken", "refused"),
    [
        (AsynchronousConfig, "max_event_age_seconds", (60, 21_600, NUMBER_TOKEN), (59, 21_601)),
        (AsynchronousConfig, "max_retries", (0, 2, NUMBER_TOKEN), (-1, 3)),
        (AsynchronousConfig, "dead_letter_retention_seconds", (60, 1_209_600, NUMBER_TOKEN), (59, 1_209_601)),
        (LoggingConfig, "retention_days", (1, 3_653, NUMBER_TOKEN), (0, 2, 3_654)),
        (LoggingConfig, "application_level", ("TRACE", "FATAL", STRING_TOKEN), ("trace", "WARNING", "")),
        (LoggingConfig, "system_level", ("DEBUG", "WARN", STRING_TOKEN), ("ERROR", "FATAL", "TRACE")),
        (FunctionAlarmsConfig, "errors_per_minute", (0, 1_000_000), (-1, 1_000_001)),
        (FunctionAlarmsConfig, "duration_percent_of_timeout", (1, 100), (0, 101, NUMBER_TOKEN)),
        (FunctionAlarmsConfig, "concurrency_percent_of_reserved", (1, 100), (0, 101, NUMBER_TOKEN)),
    ],
)
def test_a_part_takes_what_aws_takes_and_refuses_the_rest(
    model: type[AsynchronousConfig | LoggingConfig | FunctionAlarmsConfig],
    field: str,
    taken: tuple[Any, ...],
    refused: tuple[Any, ...],
) -> None:
    for value in taken:
        assert getattr(model.parse({field: value}), field) == value
    for value in refused:
        assert sentence(model, {field: value}).startswith(f"{field} is ")


def test_all_problems_of_a_function_come_at_once_with_their_paths() -> None:
    data = {
        "code": {"source": "x", "runtime": "python2.7", "handler": "main"},
        "reserved_concurrency": 0,
        "memory_mb": "512",
        "asynchronous": {"max_retries": 3},
        "logging": {"retention_days": 2, "level": "INFO"},
        "code_signing": {"untrusted_artifact": "warn"},
        "alarms": {"enabled": False, "errors_per_minute": -1},
    }
    assert [problem.partition(";")[0] for problem in refusal(FunctionConfig, data, where="dev orders_api")] == [
        'dev orders_api: code.handler is "main"',
        'dev orders_api: code.runtime is "python2.7"',
        'dev orders_api: memory_mb is "512"',
        "dev orders_api: logging.retention_days is 2",
        "dev orders_api: logging.level is not a field",
        "dev orders_api: asynchronous.max_retries is 3",
        'dev orders_api: code_signing.untrusted_artifact is "warn"',
        "dev orders_api: alarms.errors_per_minute is -1",
    ]


NUMBERS = {field: around(lowest, highest) for field, (lowest, highest, _) in RANGES.items()}
NAMES = st.sampled_from(["AB", "A", "AWS_REGION", "DB_PASSWORD", "X_1"])


@CI
@given(
    fields_of(
        FunctionConfig,
        {
            **NUMBERS,
            "code": st.just(CODE),
            # these have tests of their own
            "alias": st.none() | st.just({"shift": "codedeploy"}),
            "insights": st.none(),
            "telemetry": st.none(),
            "environment": st.dictionaries(NAMES, st.text(max_size=5) | st.just("x" * 4_090), max_size=2),
            "alarms": st.fixed_dictionaries({}, optional={"enabled": st.booleans(), "reason": st.just("a demo")}),
        },
    )
)
def test_a_function_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(FunctionConfig, data)


@CI
@given(fields_of(AsynchronousConfig, {"max_retries": around(0, 2), "max_event_age_seconds": around(60, 21_600)}))
def test_a_failure_path_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(AsynchronousConfig, data)


@CI
@given(fields_of(LoggingConfig, {"system_level": st.sampled_from(["DEBUG", "INFO", "debug"])}))
def test_logs_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(LoggingConfig, data)


@CI
@given(fields_of(FunctionAlarmsConfig, {"errors_per_minute": around(0, 9), "enabled": st.booleans()}))
def test_alarms_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(FunctionAlarmsConfig, data)
