from __future__ import annotations

from dataclasses import replace

from rollout.readback import Check, read_back
from tests.rollout.readback.sample_stack import PROXY, SampleStack


def test_everything_holds(stack: SampleStack) -> None:
    checks = read_back(stack.client, stack.outputs, stack.expected)
    assert [str(check) for check in checks if not check.held] == []
    assert len(checks) == 188
    assert len({check.subject for check in checks}) == len(checks)


def test_another_configuration_is_noticed(stack: SampleStack) -> None:
    expected = replace(
        stack.expected,
        key_rotation_days=90,
        flow_log_retention_days=30,
        function=replace(stack.expected.function, reserved_concurrency=5),
        database=replace(stack.expected.database, backup_retention_days=35),
        proxy=replace(stack.expected.proxy, connection_borrow_timeout_seconds=7),
    )
    checks = read_back(stack.client, stack.outputs, expected)
    assert [str(check) for check in checks if not check.held] == [
        "FAILED key alias/acme-dev-orders-api: days between rotations: expected 90, found 365",
        "FAILED log group /aws/vpc-flow-logs/acme-dev-orders-api: days kept: expected 30, found 365",
        "FAILED database acme-dev-orders-api-database: days of backups: expected 35, found 7",
        "FAILED proxy acme-dev-orders-api-proxy: ConnectionBorrowTimeout: expected 7, found 20",
        "FAILED function acme-dev-orders-api-api: reserved concurrency: expected 5, found 20",
    ]


def test_what_is_gone_fails_its_own_aspects_only(stack: SampleStack) -> None:
    outputs = {**stack.outputs, "proxy_name": f"{PROXY}2"}
    failed = {check for check in read_back(stack.client, outputs, stack.expected) if not check.held}
    reason = f"DBProxyNotFoundFault: The specified proxy name {PROXY}2 doesn't correspond to a proxy owned by your "
    assert {check.subject for check in failed} == {
        "security groups", "proxy", "proxy target", "proxy role", "function role",
    }  # fmt: skip
    assert all(check.expected == "readable" and check.found.startswith(reason) for check in failed)


def test_outputs_of_another_stack_are_refused(stack: SampleStack) -> None:
    outputs = {name: value for name, value in stack.outputs.items() if name not in {"vpc_id", "alarm_names"}}
    assert read_back(stack.client, outputs, stack.expected) == (
        Check("outputs: missing", "[]", '["alarm_names", "vpc_id"]', held=False),
    )


def test_outputs_that_name_another_function_are_noticed(stack: SampleStack) -> None:
    outputs = {**stack.outputs, "function_name": "another"}
    failed = [check for check in read_back(stack.client, outputs, stack.expected) if not check.held]
    assert {check.subject for check in failed if check.expected == "readable"} == {
        "function", "function attachment", "function environment", "function failure path", "function signing",
    }  # fmt: skip
