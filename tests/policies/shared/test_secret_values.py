"""What is taken for a secret, and what is not; no message holds one."""

from __future__ import annotations

import pytest

from analysis.plan import Plan, synthesized_plan
from policies.catalogue.identity.secrets_in_environment import POLICY
from policies.policy import Outcome
from policies.shared.secret_values import secret_in, secret_name
from policies.view import View

PLAN = synthesized_plan({"resource": {"aws_secretsmanager_secret": {"orders": {"name": "orders"}}}}, "plan")
TOKEN = "ghp_" + "a1B2" * 9


def plan_with(variables: dict[str, str]) -> Plan:
    body = {
        "function_name": "api",
        "role": "arn:aws:iam::123456789012:role/api",
        "environment": {"variables": variables},
    }
    return synthesized_plan({"resource": {"aws_lambda_function": {"api": body}}}, "plan")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("dbPasswd", "1234"),
        ("PAYMENT_SECRET", "correct-horse"),
        ("API_TOKEN", "abc"),
        ("APIKEY", "abc"),
        ("WHATEVER", TOKEN),
        ("WHATEVER", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("WHATEVER", "postgresql+psycopg://orders:hunter2@db/orders"),
        ("WHATEVER", "redis://:hunter2@cache:6379"),
        ("WHATEVER", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
        ("WHATEVER", "Server=db;User Id=orders;Password=hunter2;"),
        ("WHATEVER", "x8Kq2mZr7TnB4vLp9WcY3sHd6FgJ1aQe"),
    ],
)
def test_secrets(name: str, value: str) -> None:
    assert secret_in(PLAN, name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders"),
        ("DB_PASSWORD", "/prod/orders/password"),
        ("DB_PASSWORD", "orders"),  # the name of a secret of the plan
        ("PASSWORD_MIN_LENGTH", "12"),
        ("DB_PASSWORD_PARAMETER", "orders-password"),
        ("SECRET_NAME", "orders"),
        ("PAYMENT_SECRET", "prod/payment"),
        ("TOKEN_URL", "https://auth.example.com/token"),
        ("MAX_TOKENS", "4096"),
        ("USE_TOKEN", "true"),
        ("MONKEY", "banana"),
        ("KEYSPACE", "orders"),
        ("TABLE", "acme-prod-orders-OrdersTable-1ABCDEF2GHIJK"),
        ("COMMIT", "3f786850e387550fdab836ed7e6dc881de23001b"),
        ("ETAG", "d41d8cd98f00b204e9800998ecf8427e"),
        ("USER_POOL_CLIENT_ID", "4q9b2c8d7e6f5a4b3c2d1e0f9a"),
        ("HANDLER", "com.example.orders.OrdersHandlerVersion20251121::handleRequest"),
        ("CODE_SHA256", "rlkM8ggSGc3317wtdVMXeMrwM2vpOdNDHGTRGnx73YI="),
        ("FEATURES", "checkout,search,recommendations,2025,2026,2027"),
        ("TOPIC", "https://sqs.eu-west-1.amazonaws.com/123456789012/acme-prod-orders"),
    ],
)
def test_what_is_no_secret(name: str, value: str) -> None:
    assert secret_in(PLAN, name, value) == ""


def test_names_that_say_where_a_secret_is() -> None:
    assert secret_name("token")
    assert not secret_name("DB_SECRET_ARN")


@pytest.mark.parametrize("value", ["hunter2", TOKEN, "postgres://orders:hunter2@db/orders"])
def test_a_message_never_holds_the_value(value: str) -> None:
    (verdict,) = POLICY.judge(View(plan_with({"DB_PASSWORD": value})))
    assert verdict.outcome is Outcome.FAILED
    assert "DB_PASSWORD" in verdict.message
    assert value not in repr(verdict)
    assert "hunter2" not in repr(verdict)
