from __future__ import annotations

import json
from typing import Any

import pytest

from rollout.adapters.terraform_diagnostics import Diagnostic
from rollout.adapters.terraform_events import Event, Phase, read_line

# Resources and hooks as Terraform 1.11.4 writes them.
SLOW = {
    "addr": "terraform_data.slow",
    "module": "",
    "resource_type": "terraform_data",
    "resource_name": "slow",
}


def line(kind: str, **body: Any) -> str:
    head = {"@level": "info", "@message": "", "@module": "terraform.ui", "@timestamp": "2026-11-21T00:58:59Z"}
    return json.dumps(head | {"type": kind} | body)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            line("planned_change", change={"resource": SLOW, "action": "replace", "reason": "tainted"}),
            Event("terraform_data.slow", "replace", Phase.PLANNED),
        ),
        (
            line("apply_start", hook={"resource": SLOW, "action": "create"}),
            Event("terraform_data.slow", "create", Phase.START),
        ),
        (
            line("apply_progress", hook={"resource": SLOW, "action": "create", "elapsed_seconds": 10}),
            Event("terraform_data.slow", "create", Phase.PROGRESS, 10.0),
        ),
        (
            line("apply_complete", hook={"resource": SLOW, "action": "delete", "elapsed_seconds": 12}),
            Event("terraform_data.slow", "delete", Phase.COMPLETE, 12.0),
        ),
        (
            line("apply_errored", hook={"resource": SLOW, "action": "create", "elapsed_seconds": 4}),
            Event("terraform_data.slow", "create", Phase.ERROR, 4.0),
        ),
        (
            line("refresh_start", hook={"resource": SLOW}),
            Event("terraform_data.slow", "refresh", Phase.START),
        ),
        (
            line("refresh_complete", hook={"resource": SLOW, "id_key": "id", "id_value": "1"}),
            Event("terraform_data.slow", "refresh", Phase.COMPLETE),
        ),
        (
            line("provision_errored", hook={"resource": SLOW, "provisioner": "local-exec"}),
            Event("terraform_data.slow", "provision", Phase.ERROR),
        ),
    ],
)
def test_steps_of_resources_become_events(text: str, event: Event) -> None:
    assert read_line(text) == event


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026/11/21 00:58:59 [WARN] a log line",
        '{"type": "apply_start", "hook": {"resource"',
        "[1, 2]",
        "null",
        line("version", terraform="1.11.4", ui="1.2"),
        line("change_summary", changes={"add": 1, "change": 0, "remove": 0, "operation": "plan"}),
        line("outputs", outputs={}),
        line("apply_start"),
        line("apply_start", hook={"resource": None}),
        line("planned_change", change="create"),
        line("diagnostic", diagnostic="none"),
        line("something_new_start", hook={"action": "create"}),
    ],
)
def test_everything_else_is_passed_over(text: str) -> None:
    assert read_line(text) is None


def test_diagnostics_carry_address_and_place() -> None:
    found = read_line(
        line(
            "diagnostic",
            diagnostic={
                "severity": "error",
                "summary": "Extraneous JSON object property",
                "detail": 'No argument or block type is named "nosuch".',
                "range": {"filename": "cdk.tf.json", "start": {"line": 7, "column": 1, "byte": 9}},
                "snippet": {"context": "resource.aws_sqs_queue.orders", "code": "{}"},
            },
        )
    )
    assert found == Diagnostic(
        severity="error",
        summary="Extraneous JSON object property",
        detail='No argument or block type is named "nosuch".',
        address="aws_sqs_queue.orders",
        place="cdk.tf.json line 7",
    )
    assert str(found) == (
        "aws_sqs_queue.orders (cdk.tf.json line 7): Extraneous JSON object property. "
        'No argument or block type is named "nosuch".'
    )
