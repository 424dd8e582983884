"""IAM statements as plain data."""

from __future__ import annotations

from modules.core.statements import Condition, Principal, service_trust


def test_a_service_that_passes_its_account_is_trusted_for_that_account_only() -> None:
    trust = service_trust("vpc-flow-logs.amazonaws.com", account_id="123456789012")
    assert trust.principals == (Principal("Service", ("vpc-flow-logs.amazonaws.com",)),)
    assert trust.conditions == (Condition("StringEquals", "aws:SourceAccount", ("123456789012",)),)


def test_a_service_that_passes_none_is_trusted_without_the_condition_it_could_not_meet() -> None:
    trust = service_trust("lambda.amazonaws.com")
    assert (trust.actions, trust.effect, trust.resources, trust.conditions) == (("sts:AssumeRole",), "Allow", (), ())
