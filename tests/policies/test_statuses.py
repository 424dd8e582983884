from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PolicyError
from policies.baseline import Baseline, baseline_text, read_baseline
from policies.check import CheckOptions
from policies.exceptions import PolicyException
from policies.finding import Status
from policies.policy import Severity
from tests.policies.runs import SLOW, UNTOLD, FakeScan, plan, policy, run, skips, stack, told


def accepted(**changed: Any) -> PolicyException:
    entry = {
        "check": "CKV2_LNET_901",
        "kind": "accepted",
        "frameworks": ["terraform_json", "terraform_plan"],
        "resource": "aws_sqs_queue.jobs",
        "reason": "Jobs are not in a hurry at all.",
        "owner": "orders",
        "expires": date(2027, 1, 1),
    }
    return PolicyException.model_validate({**entry, **changed})


@pytest.mark.parametrize("key", ["checkov", "lambdanet"])
def test_a_skip_is_recorded_with_its_reason_in_both_inputs(tmp_path: Path, key: str) -> None:
    note = skips(("CKV2_LNET_901", "jobs may wait"), ("CKV_AWS_27", "public"), key=key)
    folder = stack(tmp_path / "orders", {"jobs": {**SLOW["jobs"], **note}, "orders": SLOW["orders"]})
    alone = plan(tmp_path / "plans" / "orders.json", SLOW)
    scan = FakeScan([("CKV_AWS_27", "aws_sqs_queue.jobs")])

    for result in (run(folder, scan=scan), run(folder, alone, scan=scan)):
        assert told(result) == [
            ("CKV2_LNET_901", "aws_sqs_queue.jobs", Status.SKIPPED),
            ("CKV_AWS_27", "aws_sqs_queue.jobs", Status.SKIPPED),
        ]
        assert [finding.reason for finding in result.findings] == ["jobs may wait", "public"]
        assert not result.stopping(Severity.LOW, unknown=True)


def test_a_skip_that_nothing_needs_is_told(tmp_path: Path) -> None:
    note = skips(("CKV2_LNET_901", "jobs may wait"), ("CKV_AWS_115", "no functions"))
    folder = stack(tmp_path / "orders", {"jobs": {"name": "jobs", **note}})

    result = run(folder, policies=[policy(replaces={"CKV_AWS_115": "passes without a value"})])

    jobs = "orders aws_sqs_queue.jobs"
    assert result.summary.unneeded_skips == (
        f"{jobs}: CKV2_LNET_901 is skipped, and no finding needs it; take the skip out",
        f"{jobs}: CKV_AWS_115 is skipped, and CKV2_LNET_901 is judged in its place; take the skip out",
    )


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (skips(("CKV_AWS_999", "no such check")), "CKV_AWS_999 is skipped; no check has this id"),
        (
            skips(("CKV_AWS_27", " ")),
            "orders/cdk.tf.json aws_sqs_queue.jobs //.checkov.skip 1: CKV_AWS_27 is skipped w",
        ),
        (skips(("", "because")), "//.checkov.skip 1: names no check"),
        ({"//": {"lambdanet": {"skip": "CKV_AWS_27"}}}, "//.lambdanet: holds no list of skips"),
        ({"//": {"checkov": "CKV_AWS_27"}}, "//.checkov: holds no list of skips"),
    ],
)
def test_wrong_skips_are_refused(tmp_path: Path, note: dict[str, Any], said: str) -> None:
    folder = stack(tmp_path / "orders", {"jobs": {"name": "jobs", **note}})

    with pytest.raises(PolicyError) as raised:
        run(folder)

    assert said in str(raised.value)


def test_an_exception_stands_for_its_target_only(tmp_path: Path) -> None:
    paths = [stack(tmp_path / name, SLOW) for name in ("dev", "prod")]

    result = run(*paths, options=CheckOptions(exceptions=(accepted(resource="*", target="dev*"),)))

    assert [(finding.target, finding.status) for finding in result.findings] == [
        ("dev", Status.EXCEPTED),
        ("prod", Status.FAILED),
    ]
    assert result.findings[0].reason == "Jobs are not in a hurry at all. (owner orders, until 2027-01-01)"
    assert result.summary.unneeded_exceptions == ()


def test_an_exception_for_one_input_does_not_stand_for_the_other(tmp_path: Path) -> None:
    folder = stack(tmp_path / "orders", SLOW)
    plan(folder / "plan.json", SLOW)

    result = run(folder, options=CheckOptions(exceptions=(accepted(frameworks=["terraform_json"]),)))

    assert told(result) == [("CKV2_LNET_901", "aws_sqs_queue.jobs", Status.FAILED)]


@pytest.mark.parametrize(
    ("entry", "complete", "unneeded"),
    [
        (accepted(resource="aws_sqs_queue.orders"), False, 1),
        (accepted(resource="*", target="orders"), False, 1),
        (accepted(resource="*", target="prod-*"), True, 0),
        (accepted(resource="aws_sqs_queue.elsewhere"), False, 0),
        (accepted(resource="aws_sqs_queue.elsewhere"), True, 1),
        (accepted(resource="aws_sqs_queue.orders", frameworks=["terraform_plan"]), True, 0),
    ],
)
def test_an_exception_is_unneeded_only_where_it_could_have_been_needed(
    tmp_path: Path, entry: PolicyException, *, complete: bool, unneeded: int
) -> None:
    result = run(stack(tmp_path / "orders"), options=CheckOptions(exceptions=(entry,), is_complete=complete))

    assert len(result.summary.unneeded_exceptions) == unneeded


@pytest.mark.parametrize(("kind", "told"), [("accepted", 1), ("checkov_defect", 0)])
def test_an_exception_from_a_replaced_check_has_no_effect(tmp_path: Path, kind: str, told: int) -> None:
    proof = {"checkov_version": "3.3.30", "evidence": "Seen"} if kind == "checkov_defect" else {}
    entry = accepted(check="CKV_AWS_115", kind=kind, **proof)

    result = run(
        stack(tmp_path / "orders"),
        options=CheckOptions(exceptions=(entry,)),
        policies=[policy(replaces={"CKV_AWS_115": "why"})],
    )

    assert len(result.summary.unneeded_exceptions) == told
    assert all("CKV2_LNET_901 is judged in its place" in line for line in result.summary.unneeded_exceptions)


def test_an_exception_for_an_unknown_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^exceptions: CKV_AWS_999 on .* no check has this id"):
        run(stack(tmp_path / "orders"), options=CheckOptions(exceptions=(accepted(check="CKV_AWS_999"),)))


def test_a_baseline_stands_for_one_target(tmp_path: Path) -> None:
    dev, prod = stack(tmp_path / "dev", SLOW), stack(tmp_path / "prod", SLOW)
    first = run(dev)
    file = tmp_path / "baseline.json"
    file.write_text(baseline_text(first.findings, first.summary.targets), encoding="utf-8")

    result = run(dev, prod, options=CheckOptions(exceptions=(), baseline=read_baseline(file)))

    assert [(finding.target, finding.status) for finding in result.findings] == [
        ("dev", Status.BASELINE),
        ("prod", Status.FAILED),
    ]
    mended = run(stack(tmp_path / "dev"), options=CheckOptions(exceptions=(), baseline=read_baseline(file)))
    assert mended.summary.gone == ("dev aws_sqs_queue.jobs: CKV2_LNET_901",)
    kept = baseline_text(run(prod).findings, ["prod"], read_baseline(file))
    assert kept.count('"target"') == 2


def test_a_baseline_of_what_was_unknown_stands_for_no_failure(tmp_path: Path) -> None:
    folder = stack(tmp_path / "orders", UNTOLD)
    before = run(folder)
    file = tmp_path / "baseline.json"
    file.write_text(baseline_text(before.findings, before.summary.targets), encoding="utf-8")
    options = CheckOptions(exceptions=(), baseline=read_baseline(file))

    again = run(folder, options=options)
    assert [finding.status for finding in again.findings] == [Status.BASELINE]
    assert baseline_text(again.findings, again.summary.targets, options.baseline) == file.read_text(encoding="utf-8")
    assert [finding.status for finding in run(stack(folder, SLOW), options=options).findings] == [Status.FAILED]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 2, "findings": []}', '{"format": 1, "findings": [{"target": "x"}]}']
)
def test_a_baseline_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"baseline\.json"):
        read_baseline(file)


def test_an_empty_baseline_holds_nothing() -> None:
    assert Baseline().gone((), ["orders"]) == ()
