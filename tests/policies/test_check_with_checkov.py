"""A run with every policy and the real Checkov, over synthesized JSON and a plan of the same stack."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from modules.core.errors import PolicyError
from policies.catalogue import catalogue
from policies.check import CheckOptions, check
from policies.checkov import Checkov
from policies.exceptions import PolicyException, load_exceptions
from policies.finding import Status
from tests.policies.runs import inputs, plan, skips, stack
from tests.policies.scans import RESOURCES, write_plan, write_synthesized

UNENCRYPTED = {"name": "jobs", "kms_master_key_id": "", "sqs_managed_sse_enabled": False}

EXCEPTION = {
    "check": "CKV_AWS_27",
    "kind": "accepted",
    "frameworks": ["terraform_json", "terraform_plan"],
    "resource": "aws_sqs_queue.fails_and_is_excepted",
    "reason": "Nothing in it is worth encrypting.",
    "owner": "orders",
    "expires": date(2999, 1, 1),
}


def test_own_policies_checkov_skips_and_exceptions_in_both_inputs(tmp_path: Path, checkov: Checkov) -> None:
    exception = PolicyException.model_validate(EXCEPTION)
    queues = {**RESOURCES["aws_sqs_queue"], "skipped": {**UNENCRYPTED, **skips(("CKV_AWS_27", "public anyway"))}}
    queues["fails_and_is_excepted"] = UNENCRYPTED
    resources = {**RESOURCES, "aws_sqs_queue": queues}
    folder = write_synthesized(tmp_path / "orders", resources)
    write_plan(folder / "plan.json", resources)

    result = check(inputs(folder), CheckOptions(exceptions=(*load_exceptions(), exception)), scan=checkov.scan)

    told = {(finding.resource, finding.id): finding for finding in result.findings}
    assert told["aws_sqs_queue.fails_without_encryption", "CKV_AWS_27"].status is Status.FAILED
    assert told["aws_sqs_queue.skipped", "CKV_AWS_27"].reason == "public anyway"
    assert told["aws_sqs_queue.skipped", "CKV_AWS_27"].status is Status.SKIPPED
    assert told["aws_sqs_queue.fails_and_is_excepted", "CKV_AWS_27"].status is Status.EXCEPTED
    assert told["aws_db_proxy.orders", "CKV2_LNET_301"].status is Status.FAILED
    assert ("aws_sqs_queue.passes_with_a_key", "CKV_AWS_27") not in told
    assert (result.summary.inputs, result.summary.resources) == (2, 7)
    assert result.summary.unneeded_exceptions == ()
    assert not {finding.id for finding in result.findings} & {name for one in catalogue() for name in one.replaces}


def test_an_id_that_neither_we_nor_checkov_have_is_refused(tmp_path: Path, checkov: Checkov) -> None:
    folder = stack(tmp_path / "orders", {"jobs": {"name": "jobs", **skips(("CKV_AWS_99999", "a typing error"))}})

    with pytest.raises(PolicyError, match=r"CKV_AWS_99999 is skipped; no check has this id"):
        check(inputs(folder), CheckOptions(exceptions=()), scan=checkov.scan)


def test_a_plan_alone_is_judged(tmp_path: Path, checkov: Checkov) -> None:
    (entry,) = inputs(plan(tmp_path / "plan.json", {"jobs": UNENCRYPTED}))

    result = check([entry], CheckOptions(exceptions=()), scan=checkov.scan)

    assert ("CKV_AWS_27", "aws_sqs_queue.jobs") in {(finding.id, finding.resource) for finding in result.findings}
