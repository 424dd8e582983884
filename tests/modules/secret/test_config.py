"""Configuration of secrets: no engine, no Node.

Complaint of users: a password stands in clear text in configuration, plan and state.
"""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.secret import EmptyValueConfig, GeneratedValueConfig, RotationConfig, SecretConfig
from tests.modules.core.samples import KNOWN_LATER, NUMBER_TOKEN, STRING_TOKEN, sentence

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/admin-AbCdEf"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:rotator"
WHY = {"rotation_off_reason": "its owner changes it"}
NO_SECRET = (
    "is text; a configuration carries no secret, as it would stand in files, in the plan and in the state; remove it: "
    "the value is generated, or with kind: empty put by somebody else after apply"
)


def refusal(**fields: Any) -> str:
    return sentence(SecretConfig, fields)


def test_the_default_is_generated_and_kept() -> None:
    config = SecretConfig.parse(WHY)
    assert isinstance(config.value, GeneratedValueConfig)
    assert (config.removal, config.recovery_window_days, config.rotation, dict(config.replicas)) == (
        "keep",
        30,
        None,
        {},
    )
    assert (config.value.password_length, config.value.version, config.value.members) == (32, 1, {})


def test_another_fills_it() -> None:
    config = SecretConfig.parse({**WHY, "value": {"kind": "empty", "username": "partner"}})
    assert config.value == EmptyValueConfig(kind="empty", username="partner")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": "correct horse battery"}, f"value {NO_SECRET}"),
        ({"password": "correct horse battery"}, f"password {NO_SECRET}"),
        ({"secret_string": "correct horse battery"}, f"secret_string {NO_SECRET}"),
        ({"value": {"password": "correct horse battery"}}, f"value: password {NO_SECRET}"),
        ({"value": {"kind": "empty", "secret_string": "correct horse battery"}}, f"value: secret_string {NO_SECRET}"),
        ({"value": {"value": STRING_TOKEN}}, f"value: value {NO_SECRET}"),
        (
            {**WHY, "value": {"kind": "literal"}},
            ('value.kind is "literal"; it is one of generated, empty; choose one of them'),
        ),
    ],
)
def test_no_configuration_carries_a_secret_and_no_refusal_shows_one(fields: dict[str, Any], said: str) -> None:
    assert refusal(**fields) == said


def test_the_json_has_the_names_that_rotation_functions_read() -> None:
    value = {
        "username": "orders", "engine": "mysql", "host": STRING_TOKEN, "port": 3306, "database_name": "shop",
        "master_secret_arn": ARN,
    }  # fmt: skip
    config = SecretConfig.parse({"value": value, "rotation": {"kind": "alternating_users"}})
    assert isinstance(config.value, GeneratedValueConfig)
    assert config.value.members == {
        "username": "orders", "engine": "mysql", "host": STRING_TOKEN, "port": 3306, "dbname": "shop", "masterarn": ARN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {},
            (
                "rotation is missing without a reason; a password that never changes is good for whoever once "
                "saw it; set "
                "rotation, or rotation_off_reason"
            ),
        ),
        (
            {"rotation": {}, "value": {"username": "a"}, **WHY},
            ('rotation_off_reason is "its owner changes it"; a reason belongs to a secret without rotation; remove it'),
        ),
        ({"rotation": {}}, "value.username is empty; a rotation function changes a user's password; name the user"),
        (
            {"rotation": {"kind": "alternating_users"}, "value": {"username": "a"}},
            (
                "value.master_secret_arn is empty; "
                "alternating_users takes the secret of a user that may make users (Secrets Manager guide); set "
                "it, or choose "
                "single_user"
            ),
        ),
        (
            {**WHY, "value": {"username": "a", "master_secret_arn": ARN}},
            (
                "value.master_secret_arn is set; only "
                "alternating_users takes a second secret (Secrets Manager guide); remove it, or choose "
                "alternating_users"
            ),
        ),
        (
            {**WHY, "value": {"port": 5432}},
            ("value: username is empty; a user logs in where port says; set it, or remove the rest"),
        ),
        (
            {**WHY, "value": {"host": "a", "port": 5432}},
            ("value: username is empty; a user logs in where host and port say; set it, or remove the rest"),
        ),
        (
            {**WHY, "recovery_window_days": 6},
            (
                "recovery_window_days is 6; a recovery window is 7 to 30 days, or 0 for "
                "none (DeleteSecret); set 7 or more"
            ),
        ),
        (
            {**WHY, "recovery_window_days": 0},
            (
                'recovery_window_days is 0; nobody could restore it, and removal is "keep"; '
                "set 7 to 30, or removal to destroy with a reason"
            ),
        ),
        (
            {**WHY, "recovery_window_days": 31},
            (
                "recovery_window_days is 31; a secret's recovery window takes 0 to 30 days "
                "(DeleteSecret: 7 to 30, or 0 for none); set a value from 0 to 30"
            ),
        ),
        (
            {**WHY, "removal": "destroy"},
            ('removal is "destroy" without a reason; the secrets would be lost for good; set removal_reason'),
        ),
        (
            {**WHY, "replicas": {"us-east-1": ""}},
            ('replicas["us-east-1"] is empty; a copy is encrypted with a key of its region; name the key'),
        ),
    ],
)
def test_what_does_not_go_together_is_refused(fields: dict[str, Any], said: str) -> None:
    assert refusal(**fields) == said


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        SecretConfig.parse({"removal": "destroy", "replicas": {"us-east-1": ""}})
    assert [problem.given for problem in refused.value.problems] == [
        'removal is "destroy" without a reason',
        "rotation is missing without a reason",
        'replicas["us-east-1"] is empty',
    ]


@pytest.mark.parametrize(
    ("replicas", "said"),
    [
        ({"eu-west-1": KEY}, 'replicas holds "eu-west-1"; it is the target\'s own region; remove it'),
        (
            {"us-east-2": KEY},
            (f'replicas["us-east-2"] is "{KEY}"; the key lies in another region; name a key of us-east-2'),
        ),
    ],
)
def test_copies_lie_in_other_regions(replicas: dict[str, str], said: str) -> None:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    target = Target.parse({**where, "stack": "orders", "owner": "me"})
    (problem,) = SecretConfig.parse({**WHY, "replicas": replicas}).target_checks(target)
    assert str(problem) == said
    for key_arn in (KEY, STRING_TOKEN, f"arn:aws:kms:{STRING_TOKEN}:123456789012:key/1"):
        assert not list(SecretConfig.parse({**WHY, "replicas": {"us-east-1": key_arn}}).target_checks(target))


@pytest.mark.parametrize(
    ("rotation", "days", "schedule"),
    [
        ({}, 30, ""),
        ({"days": 1_000}, 1_000, ""),
        ({"schedule_expression": "rate(4 hours)", "duration_hours": 4}, None, "rate(4 hours)"),
        ({"schedule_expression": "cron(0 16 1,15 * ? *)"}, None, "cron(0 16 1,15 * ? *)"),
    ],
)
def test_a_rotation_has_days_or_a_schedule(rotation: dict[str, Any], days: int | None, schedule: str) -> None:
    config = RotationConfig.parse(rotation)
    assert (config.schedule_days, config.schedule_expression, config.kind) == (days, schedule, "single_user")


SCHEDULE = (
    "a rotation's schedule reads like rate(10 days) or cron(0 16 1,15 * ? *), minutes 0 and year * (Secrets Manager "
    "guide); correct it"
)


@pytest.mark.parametrize(
    ("rotation", "said"),
    [
        (
            {"days": 0},
            (
                "days is 0; a secret's rotation takes 1 to 1000 days (secretsmanager API model); set a value from "
                "1 to 1000"
            ),
        ),
        (
            {"days": 7, "schedule_expression": "rate(7 days)"},
            ('days is 7 and schedule_expression is "rate(7 days)"; Secrets Manager takes one of the two; remove one'),
        ),
        (
            {"schedule_expression": "rate(3 hours)"},
            (
                'schedule_expression is "rate(3 hours)"; Secrets Manager rotates '
                "every 4 hours at the soonest (Secrets Manager guide); set more hours"
            ),
        ),
        (
            {"schedule_expression": "rate(6 hours)", "duration_hours": 8},
            (
                "duration_hours is 8 and schedule_expression is "
                '"rate(6 hours)"; a window ends before the next one begins (Secrets Manager guide); shorten '
                "duration_hours"
            ),
        ),
        ({"schedule_expression": "cron(5 16 * * ? *)"}, f'schedule_expression is "cron(5 16 * * ? *)"; {SCHEDULE}'),
        (
            {"duration_hours": 25},
            (
                "duration_hours is 25; a secret's rotation window takes 1 to 24 hours (Secrets Manager "
                "guide); set a value from 1 to 24"
            ),
        ),
        (
            {"duration_hours": NUMBER_TOKEN},
            f"duration_hours is {NUMBER_TOKEN}; {KNOWN_LATER}",
        ),
        (
            {"function_arn": "rotator"},
            (
                'function_arn is "rotator"; a function\'s ARN reads like '
                "arn:aws:lambda:eu-west-1:123456789012:function:name; copy the ARN"
            ),
        ),
        (
            {"kind": "two_users"},
            ('kind is "two_users"; a rotation strategy is one of single_user, alternating_users; choose one of them'),
        ),
    ],
)
def test_a_rotation_that_secrets_manager_refuses(rotation: dict[str, Any], said: str) -> None:
    assert sentence(RotationConfig, rotation) == said


def test_a_rotation_names_a_function_that_exists() -> None:
    assert RotationConfig.parse({"function_arn": f"{FUNCTION}:live"}).function_arn == f"{FUNCTION}:live"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"username": "a${b}"}, None),
        (
            {"username": 'a"b'},
            (
                'username is "a"b"; a user\'s name has at most 128 printable characters, none of them " \\ '
                "$ % { or }; correct it"
            ),
        ),
        (
            {"password_length": 12},
            (
                "password_length is 12; a generated password takes 16 to 128 characters (our lower "
                "bound; RDS guide: 128, for MySQL users 41); set a value from 16 to 128"
            ),
        ),
        (
            {"version": 0},
            "version is 0; a value's version takes 1 to 1000000 (our bound); set a value from 1 to 1000000",
        ),
        (
            {"engine": "oracle"},
            'engine is "oracle"; an engine is one of postgres, mysql, mariadb, or empty; choose one of them',
        ),
    ],
)
def test_what_a_generated_value_refuses(value: dict[str, Any], said: str | None) -> None:
    if said is None:
        assert GeneratedValueConfig.parse(value).username == value["username"]
    else:
        assert sentence(GeneratedValueConfig, value) == said
