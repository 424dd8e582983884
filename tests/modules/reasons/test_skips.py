"""How skips are written beside a resource."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import modules.core.engine

from cdktf import App, TerraformResource, TerraformStack

from modules.core.skips import skip
from policies.skips import Skip, read_skips


def document(tmp_path: Path, *given: tuple[str, ...]) -> dict[str, Any]:
    """What is synthesized of one queue with these skips, and of another without."""
    app = App(outdir=str(tmp_path))
    stack = TerraformStack(app, "orders")
    jobs = TerraformResource(stack, "jobs", terraform_resource_type="aws_sqs_queue")
    TerraformResource(stack, "other", terraform_resource_type="aws_sqs_queue")
    for reason, *checks in given:
        skip(jobs, reason, *checks)
    app.synth()
    found: dict[str, Any] = json.loads((tmp_path / "stacks" / "orders" / "cdk.tf.json").read_text(encoding="utf-8"))
    return found


def test_skips_are_sorted_beside_the_metadata_of_the_engine(tmp_path: Path) -> None:
    found = document(tmp_path, ("it is\n  a test", "CKV_AWS_27", "CKV2_LNET_603"), ("it is old", "CKV_AWS_1"))

    notes = found["resource"]["aws_sqs_queue"]["jobs"]["//"]
    assert notes["checkov"] == {
        "skip": [
            {"comment": "it is a test", "id": "CKV2_LNET_603"},
            {"comment": "it is old", "id": "CKV_AWS_1"},
            {"comment": "it is a test", "id": "CKV_AWS_27"},
        ]
    }
    assert notes["metadata"]["path"] == "orders/jobs"
    assert set(found["resource"]["aws_sqs_queue"]["jobs"]) == {"//"}


def test_reasons_for_one_check_stand_together_and_each_once(tmp_path: Path) -> None:
    found = document(tmp_path, ("one", "CKV_AWS_27"), ("two", "CKV_AWS_27"), ("one", "CKV_AWS_27"))

    assert read_skips(found, "orders") == {"aws_sqs_queue.jobs": (Skip("CKV_AWS_27", "one; two"),)}


def test_without_a_reason_or_a_check_nothing_is_skipped(tmp_path: Path) -> None:
    found = document(tmp_path, ("", "CKV_AWS_27"), ("a reason",))

    assert read_skips(found, "orders") == {}
    assert "checkov" not in found["resource"]["aws_sqs_queue"]["jobs"]["//"]
