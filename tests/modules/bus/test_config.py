"""Configuration of event buses: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.bus import BusConfig
from modules.core.errors import ConfigError
from modules.core.target import Target

WHERE = {
    "org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1",
    "stack": "orders", "owner": "me",
}  # fmt: skip


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        BusConfig.parse(fields)
    return str(refused.value)


def test_the_default_is_kept_and_lets_no_other_account_in() -> None:
    config = BusConfig()
    assert (config.removal, config.archive) == ("keep", None)
    assert (config.put_events_accounts, config.put_events_organization_id) == ((), "")
    assert config.dead_letters.kind == "queue"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"put_events_accounts": ["1234"]},
            'put_events_accounts[0] is "1234"; an AWS account id has 12 digits; quote it in YAML and write all digits',
        ),
        (
            {"put_events_accounts": ["210987654321", "210987654321"]},
            'put_events_accounts holds "210987654321" twice; each account once; remove one',
        ),
        (
            {"put_events_organization_id": "acme"},
            (
                'put_events_organization_id is "acme"; an organization\'s id reads like o-a1b2c3d4e5; copy it from AWS '
                "Organizations"
            ),
        ),
        (
            {"archive": {"retention_days": 0}},
            (
                "archive.retention_days is 0; an archive's retention takes 1 to 36500 days (a hundred years here); set "
                "a value from 1 to 36500"
            ),
        ),
        (
            {"archive": {"event_pattern": {}}},
            "archive: event_pattern is empty; EventBridge takes no pattern without a field; remove it",
        ),
        (
            {"description": "x" * 513},
            (f'description is "{"x" * 78}…; a description has at most 512 characters on one line; shorten it'),
        ),
        (
            {"removal": "destroy"},
            (
                'removal is "destroy" without a reason; the rules and archived events would be lost for good; set '
                "removal_reason"
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
        ({"event_source_name": "x"}, "event_source_name is not a field; remove it, or check its spelling"),
    ],
)
def test_a_bus_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


def test_the_archives_key_needs_provider_6_and_the_own_account_grants() -> None:
    config = BusConfig.parse({"archive": {"customer_managed_key": True}, "put_events_accounts": ["123456789012"]})
    assert [str(problem) for problem in config.target_checks(Target.parse(WHERE))] == [
        (
            "archive.customer_managed_key is True; AWS provider 5 has no aws_cloudwatch_event_archive."
            "kms_key_identifier, and the target allows >= 5.100, < 7; remove it, or set the target's "
            'aws_provider_version to ">= 6.69, < 7"'
        ),
        (
            'put_events_accounts holds "123456789012"; it is the bus\'s own account, all of whose roles could put '
            "events without a grant; remove it, and grant_put_events to roles"
        ),
    ]
    newer = Target.parse({**WHERE, "aws_provider_version": ">= 6.69, < 7"})
    archived = BusConfig.parse({"archive": {"customer_managed_key": True}})
    assert list(archived.target_checks(newer)) == []
