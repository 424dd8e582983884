"""IAM statements as plain data."""

from __future__ import annotations

from modules.core.statements import Condition, Principal, service_trust, this_account_only, tls_only


def test_a_service_that_passes_its_account_is_trusted_for_that_account_only() -> None:
    trust = service_trust("vpc-flow-logs.amazonaws.com", account_id="123456789012")
    assert trust.principals == (Principal("Service", ("vpc-flow-logs.amazonaws.com",)),)
    assert trust.conditions == (Condition("StringEquals", "aws:SourceAccount", ("123456789012",)),)


def test_a_service_that_passes_none_is_trusted_without_the_condition_it_could_not_meet() -> None:
    trust = service_trust("lambda.amazonaws.com")
    assert (trust.actions, trust.effect, trust.resources, trust.conditions) == (("sts:AssumeRole",), "Allow", (), ())


def test_a_resource_policy_denies_plain_http_for_all_that_it_names() -> None:
    denied = tls_only("dynamodb:*", "arn:table", "arn:table/index/*")
    assert (denied.sid, denied.effect, denied.actions) == ("DenyPlainHttp", "Deny", ("dynamodb:*",))
    assert denied.resources == ("arn:table", "arn:table/index/*")
    assert denied.principals == (Principal("AWS", ("*",)),)
    assert denied.conditions == (Condition("Bool", "aws:SecureTransport", ("false",)),)


def test_a_resource_policy_denies_other_accounts_and_lets_services_by() -> None:
    denied = this_account_only("dynamodb:*", "arn:table", account_id="123456789012")
    assert (denied.sid, denied.effect, denied.actions) == ("ThisAccountOnly", "Deny", ("dynamodb:*",))
    assert (denied.resources, denied.principals) == (("arn:table",), (Principal("AWS", ("*",)),))
    assert denied.conditions == (
        Condition("StringNotEquals", "aws:PrincipalAccount", ("123456789012",)),
        Condition("BoolIfExists", "aws:PrincipalIsAWSService", ("false",)),
    )
