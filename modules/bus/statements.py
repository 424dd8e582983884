"""Statements about an event bus: who puts events on it, and what lets EventBridge encrypt them."""

from __future__ import annotations

from modules.bus.config import BusConfig
from modules.core.statements import Condition, Principal, Statement, tls_only
from modules.core.target import Target

_PUT = ("events:PutEvents",)
_SERVICE = (Principal("Service", ("events.amazonaws.com",)),)


def put_statement(word: str, *, arn: str) -> Statement:
    """What a role needs to put events; a bus's key is EventBridge's to use, not the caller's (EventBridge guide)."""
    return Statement(f"PutEventsOn{word}", _PUT, (arn,))


def policy_statements(arn: str, config: BusConfig, target: Target) -> tuple[Statement, ...]:
    """The bus's own policy: TLS only, and the accounts or the organization that may put events."""
    accounts = tuple(f"arn:{target.partition}:iam::{account}:root" for account in sorted(config.put_events_accounts))
    organization = config.put_events_organization_id
    return (
        tls_only(_PUT[0], arn),
        *((_allowed("AccountsPutEvents", arn, accounts),) if accounts else ()),
        *(
            (
                _allowed(
                    "OrganizationPutsEvents",
                    arn,
                    ("*",),
                    Condition("StringEquals", "aws:PrincipalOrgID", (organization,)),
                ),
            )
            if organization
            else ()
        ),
    )


def key_policy_statements(word: str, bus_arn: str, target: Target) -> tuple[Statement, ...]:
    """What lets EventBridge encrypt the bus's events with the stack's key (EventBridge guide, customer managed keys).

    Args:
        word: part of the statements' Sids.
        bus_arn: the bus's ARN as text, since a reference would make key and bus wait for each other.
        target: where the bus is.
    """
    own_account = Condition("StringEquals", "aws:SourceAccount", (target.account_id,))
    this_bus = Condition("StringEquals", "kms:EncryptionContext:aws:events:event-bus:arn", (bus_arn,))
    return (
        Statement("EventsDescribesKey", ("kms:DescribeKey",), ("*",), principals=_SERVICE, conditions=(own_account,)),
        Statement(
            f"EventsEncrypts{word}",
            ("kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"),
            ("*",),
            principals=_SERVICE,
            conditions=(own_account, this_bus),
        ),
    )


def _allowed(sid: str, arn: str, principals: tuple[str, ...], *conditions: Condition) -> Statement:
    return Statement(sid, _PUT, (arn,), principals=(Principal("AWS", principals),), conditions=conditions)
