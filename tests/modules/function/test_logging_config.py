"""Logs: formats, levels, and the log group.

Complaint of users: the log group exists already, as an earlier stack kept it or as Lambda made it first.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function import FunctionConfig, LoggingConfig
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refusal, refuses_or_keeps, sentence


def test_levels_belong_to_json() -> None:
    assert refusal(LoggingConfig, {"format": "Text", "application_level": "DEBUG", "system_level": "WARN"}) == [
        (
            'application_level is "DEBUG" and format is "Text"; Lambda filters by level in the JSON format only '
            "(Lambda API); remove application_level, or set format to JSON"
        ),
        (
            'system_level is "WARN" and format is "Text"; Lambda filters by level in the JSON format only '
            "(Lambda API); remove system_level, or set format to JSON"
        ),
    ]
    assert LoggingConfig.parse({"format": "Text"}).format == "Text"


@pytest.mark.parametrize("name", ["/aws/lambda/x", "orders", "a" * 512, "a.b-c_d#e/F"])
def test_a_log_group_may_have_a_name_of_its_own(name: str) -> None:
    assert LoggingConfig.parse({"log_group_name": name}).log_group_name == name


@pytest.mark.parametrize("name", ["aws/orders", "a b", "a" * 513, "ä", "a:b"])
def test_a_name_that_cloudwatch_refuses_is_refused(name: str) -> None:
    for field in ("log_group_name", "existing_log_group"):
        assert sentence(LoggingConfig, {field: name}).endswith(
            "; a log group's name has 1 to 512 letters, digits and characters of _./#- and does not begin with aws/ "
            "(lambda API model, CloudWatch Logs); correct it"
        )


def test_a_name_decides_what_is_synthesized() -> None:
    assert sentence(LoggingConfig, {"log_group_name": STRING_TOKEN}) == (
        f'log_group_name is "{STRING_TOKEN}"; {KNOWN_LATER}'
    )


def test_somebody_elses_group_is_left_alone() -> None:
    assert sentence(LoggingConfig, {"existing_log_group": "/orders", "retention_days": 30}) == (
        "retention_days and existing_log_group are set; whoever manages the existing group decides that; "
        "remove one of them"
    )


@pytest.mark.parametrize("days", [0, 2, 15, 366, 3_654])
def test_retention_is_one_that_cloudwatch_logs_takes(days: int) -> None:
    assert sentence(LoggingConfig, {"retention_days": days}) == (
        f"retention_days is {days}; log retention in days is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, "
        "400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; choose one of them"
    )


def test_a_protected_group_cannot_be_destroyed_and_needs_provider_6() -> None:
    assert sentence(LoggingConfig, {"deletion_protection": True}) == (
        'deletion_protection is true and removal is "delete"; a protected log group cannot be destroyed; '
        'set removal to "keep", or remove deletion_protection'
    )
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    target = Target.parse({**where, "stack": "orders", "owner": "me"})
    logging = {"deletion_protection": True, "removal": "keep"}
    given = {"code": {"source": "x"}, "reserved_concurrency": 5, "logging": logging}
    assert [str(problem) for problem in FunctionConfig.parse(given).target_checks(target)] == [
        (
            "logging.deletion_protection is true; AWS provider 5 has no "
            "aws_cloudwatch_log_group.deletion_protection_enabled, and the target allows >= 5.100, < 7; remove it, or "
            'set the target\'s aws_provider_version to ">= 6.69, < 7"'
        )
    ]


@CI
@given(
    fields_of(
        LoggingConfig,
        {
            "format": st.sampled_from(["JSON", "Text"]),
            "removal": st.sampled_from(["keep", "delete"]),
            "existing_log_group": st.sampled_from(["", "/orders"]),
        },
    )
)
def test_logs_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(LoggingConfig, data)
