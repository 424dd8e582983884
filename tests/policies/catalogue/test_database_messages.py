"""What policies on databases and proxies say, and where they leave it open."""

from __future__ import annotations

import pytest

from analysis.plan import synthesized_plan
from policies.catalogue import catalogue
from policies.policy import Outcome, Policy, Sample, Verdict
from policies.samples import (
    PROXY,
    REGION,
    data,
    function,
    function_in_vpc,
    group,
    merged,
    policy,
    proxy,
    resource,
    role,
)
from policies.shared.databases_samples import database, fronts, host
from policies.view import View

POLICIES: dict[str, Policy] = {found.id.removeprefix("CKV2_LNET_"): found for found in catalogue()}
_PROVIDER = {"provider": {"aws": [{"region": REGION}]}}


def _verdicts(number: str, *samples: Sample) -> dict[str, Verdict]:
    plan = synthesized_plan(merged(_PROVIDER, *samples))
    return {found.address: found for found in POLICIES[number].judge(View(plan, region=REGION))}


def _only(number: str, *samples: Sample) -> Verdict:
    (found,) = _verdicts(number, *samples).values()
    return found


def test_a_secret_outside_the_plan_may_be_rotated() -> None:
    auth = [{"secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf"}]
    found = _only("302", proxy("orders", auth=auth))
    assert (found.outcome, found.message) == (
        Outcome.UNKNOWN,
        "iam_auth is DISABLED, and whether its secret is rotated is not in the plan",
    )


@pytest.mark.parametrize(("scheme", "outcome"), [("IAM_AUTH", Outcome.PASSED), ("NONE", Outcome.FAILED)])
def test_a_proxy_without_secrets_signs_in_by_iam_itself(scheme: str, outcome: Outcome) -> None:
    assert _only("302", proxy("orders", auth=[], default_auth_scheme=scheme)).outcome is outcome


def test_a_proxy_in_one_zone_names_it() -> None:
    found = _only("303", proxy("orders", vpc_subnet_ids=["${aws_subnet.main_a.id}"]))
    assert found.message == ("all of its subnets lie in eu-west-1a, and RDS refuses a proxy in fewer than two zones")


def test_a_database_outside_the_plan_may_lie_in_another_vpc() -> None:
    target = resource(
        "aws_db_proxy_target",
        "orders",
        db_proxy_name="${aws_db_proxy.orders.name}",
        target_group_name="default",
        db_instance_identifier="payments",
    )
    found = _only("303", proxy("orders"), target)
    assert (found.outcome, found.message) == (Outcome.UNKNOWN, "whether payments lies in its VPC cannot be told")


def test_a_database_without_subnet_group_may_be_in_public_subnets() -> None:
    found = _only("304", database("orders", db_subnet_group_name=None))
    assert found.outcome is Outcome.UNKNOWN
    assert "the default VPC" in found.message


def test_too_many_connections_tell_their_numbers() -> None:
    callers = function("api", environment=host("aws_db_instance", "orders"), reserved_concurrent_executions=200)
    found = _only("305", database("orders", instance_class="db.t4g.micro"), callers)
    assert found.message.startswith("aws_db_instance.orders has 200 connections after the plan and had 0 before, and")
    assert "aws_lambda_function.api adds 200" in found.message
    assert "db.t4g.micro" in found.message


def test_a_plan_beside_another_is_judged_by_its_own_connections() -> None:
    callers = function("api", environment=host("aws_db_instance", "orders"), reserved_concurrent_executions=200)
    plan = synthesized_plan(merged(_PROVIDER, database("orders", instance_class="db.t4g.micro"), callers), "orders")
    beside = synthesized_plan(merged(_PROVIDER, function("other")), "other")
    (found,) = POLICIES["305"].judge(View(plan, region=REGION, beside=(beside,)))
    assert (found.address, found.outcome) == ("aws_db_instance.orders", Outcome.FAILED)


def test_two_functions_without_a_proxy_are_named() -> None:
    callers = [function(name, environment=host("aws_db_instance", "orders")) for name in ("api", "worker")]
    assert _only("306", database("orders"), *callers).message == (
        "aws_lambda_function.api and aws_lambda_function.worker connect to it directly, and no aws_db_proxy stands in "
        "front of it"
    )


def test_security_groups_tell_who_may_connect_and_not_who_does() -> None:
    rule = resource(
        "aws_vpc_security_group_ingress_rule",
        "functions",
        security_group_id="${aws_security_group.main.id}",
        referenced_security_group_id="${aws_security_group.functions.id}",
        ip_protocol="tcp",
        from_port=5433,
        to_port=5433,
    )
    callers = [function_in_vpc(name, groups=("functions",)) for name in ("api", "worker")]
    found = _only("306", database("orders"), group("functions"), rule, *callers)
    assert found.outcome is Outcome.UNKNOWN
    assert found.message == (
        "whether functions connect past a proxy cannot be told without knowing whether aws_lambda_function.api and "
        "aws_lambda_function.worker, which its security groups admit, connect to it"
    )


def test_an_engine_that_proxies_do_not_take_needs_none() -> None:
    callers = [function(name, environment=host("aws_db_instance", "orders")) for name in ("api", "worker")]
    assert _verdicts("306", database("orders", engine="oracle-ee"), *callers) == {}


def test_both_timeouts_are_told() -> None:
    api = function("api", environment=host("aws_db_proxy", "orders"), timeout=30)
    pool = fronts("orders", "orders", connection_borrow_timeout=30)
    found = _only("307", proxy("orders", idle_client_timeout=30), database("orders"), pool, api)
    assert found.message == (
        "idle_client_timeout is 30 seconds and the timeout of aws_lambda_function.api 30 seconds, so that the "
        "proxy may close a connection while the invocation that opened it still runs; connection_borrow_timeout is "
        "30 seconds and the timeout of aws_lambda_function.api 30 seconds, so that Lambda stops an invocation that "
        "waits for a free connection before the proxy tells it that there is none"
    )


def _role(*statements: dict[str, object]) -> Sample:
    return merged(
        proxy("orders"),
        role("proxy", PROXY),
        resource("aws_iam_role_policy", "orders", role="${aws_iam_role.proxy.id}", policy=policy(*statements)),
    )


_READ: dict[str, object] = {
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "${aws_secretsmanager_secret.orders.arn}",
}


def test_a_role_that_reads_nothing_is_told() -> None:
    assert _only("308", proxy("orders")).message == (
        "its role aws_iam_role.proxy may not secretsmanager:GetSecretValue on aws_secretsmanager_secret.orders, so the "
        "proxy cannot sign in to its database"
    )


def test_a_role_outside_the_plan_is_unknown() -> None:
    arn = "arn:aws:iam::123456789012:role/proxy"
    found = _only("308", proxy("orders", role_arn=arn))
    assert (found.outcome, found.message) == (
        Outcome.UNKNOWN,
        f"what its role may do cannot be told, as {arn} is no one role of the plan",
    )


@pytest.mark.parametrize("action", ["secretsmanager:*", "secretsmanager:PutSecretValue", "s3:GetObject"])
def test_what_a_proxy_does_not_need_is_named(action: str) -> None:
    found = _only("308", _role(_READ, {"Action": action, "Resource": "${aws_secretsmanager_secret.orders.arn}"}))
    assert found.message == (
        f"its role aws_iam_role.proxy may {action} by aws_iam_role_policy.orders, which a proxy does not need"
    )


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("sample-orders-??????", Outcome.PASSED), ("sample-orders-*", Outcome.PASSED), ("sample-*", Outcome.FAILED)],
)
def test_patterns_name_the_secret_or_more(name: str, outcome: Outcome) -> None:
    arn = f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}"
    assert _only("308", _role({**_READ, "Resource": arn})).outcome is outcome


def test_a_key_that_the_role_may_not_use_is_named() -> None:
    key = resource("aws_kms_key", "secrets", description="Secrets")
    secret = resource("aws_secretsmanager_secret", "own", name="own", kms_key_id="${aws_kms_key.secrets.arn}")
    sample = merged(
        proxy("orders", auth=[{"secret_arn": "${aws_secretsmanager_secret.own.arn}", "iam_auth": "REQUIRED"}]),
        role("proxy", PROXY),
        key,
        secret,
        resource(
            "aws_iam_role_policy",
            "orders",
            role="${aws_iam_role.proxy.id}",
            policy=policy({**_READ, "Resource": "${aws_secretsmanager_secret.own.arn}"}),
        ),
    )
    assert _only("308", sample).message == (
        "its role aws_iam_role.proxy may not kms:Decrypt with aws_kms_key.secrets, which encrypts "
        "aws_secretsmanager_secret.own"
    )


@pytest.mark.parametrize(
    ("password", "made", "origin"),
    [
        (
            "${random_password.orders.result}",
            resource("random_password", "orders", length=20),
            "random_password.orders",
        ),
        (
            "${data.aws_secretsmanager_secret_version.orders.secret_string}",
            data("aws_secretsmanager_secret_version", "orders", secret_id="orders"),
            "data.aws_secretsmanager_secret_version.orders",
        ),
    ],
)
def test_a_generated_password_is_in_the_state(password: str, made: Sample, origin: str) -> None:
    found = _only("309", database("orders", manage_master_user_password=None, password=password), made)
    assert found.outcome is Outcome.FAILED
    assert f" of {origin}, which is kept in the state in the clear" in found.message


def test_a_password_that_may_be_absent_is_unknown() -> None:
    password = "${var.managed ? null : random_password.orders.result}"
    made = resource("random_password", "orders", length=20)
    found = _only("309", database("orders", manage_master_user_password=None, password=password), made)
    assert found.outcome is Outcome.UNKNOWN


def test_passwords_stand_in_no_message() -> None:
    found = _only("309", database("orders", password="correct horse battery"))
    assert found.outcome is Outcome.FAILED
    assert "horse" not in f"{found.message} {found.fix}"


def test_a_replica_takes_over_port_and_names() -> None:
    inherited = {"replicate_source_db": "payments", "port": None, "username": None}
    replica = database("orders", publicly_accessible=True, **inherited)
    found = _only("310", replica)
    assert (found.outcome, found.message) == (
        Outcome.UNKNOWN,
        "port, which it takes over from another, cannot be told before apply",
    )
