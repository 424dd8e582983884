from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PlanInputError, PolicyError
from policies.finding import Finding, Place, Status
from policies.inputs import find_inputs
from policies.lines import lines_of
from policies.policy import Severity, Verdict, failed
from policies.view import View
from tests.policies.runs import KEY, SLOW, UNTOLD, FakeScan, inputs, plan, policy, run, stack, told


def test_own_policies_and_built_in_checks_are_one_list(tmp_path: Path) -> None:
    result = run(stack(tmp_path / "orders", SLOW), scan=FakeScan([KEY]))

    own, built_in = result.findings
    assert own == Finding(
        "CKV2_LNET_901",
        Severity.HIGH,
        "aws_sqs_queue.jobs",
        "orders",
        "delay_seconds is 5",
        "set it to 0",
        title="Queue delivers at once",
        place=Place("orders/cdk.tf.json", 4),
    )
    assert (built_in.id, built_in.severity, built_in.resource) == ("CKV_AWS_27", Severity.MEDIUM, KEY[1])
    assert built_in.message == "does not hold: queues are encrypted by CKV_AWS_27"
    summary = result.as_json()["summary"]
    assert summary["status"] == {"failed": 2, "unknown": 0, "skipped": 0, "excepted": 0, "baseline": 0}
    assert summary["severity"] == {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 1, "LOW": 0}
    assert (summary["targets"], summary["resources"], summary["policies"]) == (["orders"], 2, 1)
    assert result.as_json()["findings"][0]["place"] == {"file": "orders/cdk.tf.json", "line": 4}


@pytest.mark.parametrize(
    ("fail_on", "unknown", "stops"), [("HIGH", True, 1), ("HIGH", False, 0), ("CRITICAL", True, 0)]
)
def test_what_is_unknown_stops_only_when_it_is_asked_for(
    tmp_path: Path, fail_on: str, *, unknown: bool, stops: int
) -> None:
    result = run(stack(tmp_path / "orders", UNTOLD))

    assert told(result) == [("CKV2_LNET_901", "aws_sqs_queue.jobs", Status.UNKNOWN)]
    assert len(result.stopping(Severity(fail_on), unknown=unknown)) == stops


def test_a_plan_decides_what_the_json_cannot_tell(tmp_path: Path) -> None:
    folder = stack(tmp_path / "orders", UNTOLD)
    plan(folder / "plan.json", {"jobs": {"name": "jobs", "delay_seconds": 0}, "orders": {"name": "orders"}})

    result = run(folder)

    assert (result.findings, result.summary.inputs, result.summary.resources) == ((), 2, 2)


def test_what_fails_in_one_input_fails(tmp_path: Path) -> None:
    folder = stack(tmp_path / "orders", SLOW)
    plan(folder / "plan.json")

    assert told(run(folder)) == [("CKV2_LNET_901", "aws_sqs_queue.jobs", Status.FAILED)]


def _crashing(view: View) -> Sequence[Verdict]:
    raise KeyError(view.plan.source)


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        (_crashing, "it failed with KeyError: "),
        (
            lambda _: [failed("aws_sqs_queue.jobs", "x"), failed("aws_sqs_queue.jobs", "y")],
            "it gave two verdicts on",
        ),
        (lambda _: [failed("aws_sqs_queue.none", "x")], "a verdict on aws_sqs_queue.none, which the input does not"),
        (lambda _: [failed("aws_sqs_queue.jobs", "")], "it does not say why aws_sqs_queue.jobs failed"),
    ],
)
def test_a_policy_that_fails_itself_ends_the_run(tmp_path: Path, judge: Any, said: str) -> None:
    with pytest.raises(PolicyError) as raised:
        run(stack(tmp_path / "orders"), policies=[policy(judge)])

    assert str(raised.value).startswith(f"{tmp_path / 'orders'}")
    assert "policy CKV2_LNET_901 cannot be believed: " in str(raised.value)
    assert said in str(raised.value)


def test_a_verdict_on_a_type_that_the_policy_does_not_name_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"it gave a verdict on aws_sqs_queue\.jobs, and judges aws_sns_topic"):
        run(stack(tmp_path / "orders"), policies=[policy(types=("aws_sns_topic",))])


def test_nothing_to_judge_is_an_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(PolicyError, match="neither a plan nor a synthesized stack"):
        run(empty)
    with pytest.raises(PolicyError, match="missing does not exist"):
        run(tmp_path / "missing")
    with pytest.raises(PolicyError, match="no input was given"):
        run()
    with pytest.raises(PolicyError, match="there is no policy"):
        run(stack(tmp_path / "orders"), policies=[])
    with pytest.raises(PolicyError, match="holds no resource"):
        run(stack(tmp_path / "nothing", {}))
    (tmp_path / "orders" / "cdk.tf.json").write_text("{", encoding="utf-8")
    with pytest.raises(PolicyError, match="is no JSON"):
        run(tmp_path / "orders")
    broken = tmp_path / "broken.json"
    broken.write_text('{"resource": {}}', encoding="utf-8")
    with pytest.raises(PlanInputError, match="no plan"):
        run(broken)


def test_a_replaced_check_is_left_to_our_policy(tmp_path: Path) -> None:
    scan = FakeScan()
    run(stack(tmp_path / "orders"), policies=[policy(replaces={"CKV_AWS_115": "why"})], scan=scan)
    assert scan.without == ["CKV_AWS_115"]


def test_a_missing_report_is_an_error(tmp_path: Path) -> None:
    class Forgetful(FakeScan):
        def __call__(self, inputs: Any, **settings: Any) -> Any:
            return super().__call__(inputs, **settings)[1:]

    with pytest.raises(PolicyError, match="Checkov was given 1 inputs and told of 0"):
        run(stack(tmp_path / "orders"), scan=Forgetful())


def test_inputs_are_found_in_folders_and_named_after_their_stacks(tmp_path: Path) -> None:
    out = tmp_path / "cdktf.out"
    stack(out / "stacks" / "dev-orders")
    plan(out / "stacks" / "dev-orders" / "plan.json")
    (out / "stacks" / "dev-orders" / "assets").mkdir()
    (out / "stacks" / "dev-orders" / "assets" / "package.json").write_text("{}", encoding="utf-8")
    (out / "manifest.json").write_text("{}", encoding="utf-8")
    other = plan(tmp_path / "plans" / "dev-orders.json")
    nameless = plan(tmp_path / "plans" / "by-hand.json")

    found = find_inputs([out, out / "stacks" / "dev-orders" / "cdk.tf.json", other, nameless])

    assert [(entry.target, entry.path.name) for entry in found if entry.target == "dev-orders"] == [
        ("dev-orders", "dev-orders"),
        ("dev-orders", "plan.json"),
        ("dev-orders", "dev-orders.json"),
    ]
    assert [entry.target for entry in found if entry.path == nameless] == [nameless.as_posix()]
    assert len(found) == 4


def test_account_and_region_are_those_of_the_provider(tmp_path: Path) -> None:
    provider = {"aws": [{"region": "eu-west-1", "allowed_account_ids": ["123456789012"]}]}
    (entry,) = inputs(stack(tmp_path / "orders", provider=provider))
    assert (entry.account, entry.region) == ("123456789012", "eu-west-1")
    (entry,) = inputs(stack(tmp_path / "other"))
    assert (entry.account, entry.region) == ("", "")


def test_a_finding_is_told_where_the_resource_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = stack(tmp_path / "orders", SLOW)
    lines = (folder / "cdk.tf.json").read_text(encoding="utf-8").splitlines()
    result = run(Path("orders"), scan=FakeScan([KEY]))

    places = [result.place_of(finding) for finding in result.findings]

    assert places == [
        Place("orders/cdk.tf.json", 1 + next(i for i, line in enumerate(lines) if f'"{name}": {{' in line))
        for name in ("jobs", "orders")
    ]
    written = plan(tmp_path / "plan.json", SLOW)
    result = run(written)
    assert result.place_of(result.findings[0]) == Place("plan.json", 1)


def test_values_that_look_like_secrets_are_covered(tmp_path: Path) -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    result = run(
        stack(tmp_path / "orders"),
        policies=[
            policy(lambda _: [failed("aws_sqs_queue.jobs", f"name is {key}", "password = hunter22 is no value")])
        ],
    )
    assert (result.findings[0].message, result.findings[0].fix) == ("name is ***", "password = *** is no value")


def test_lines_are_those_of_the_blocks() -> None:
    text = '{\n "resource": {\n  "aws_a": {\n   "x": {"name": "resource",\n    "tags": {"y": "z"}},\n'
    text += '   "y": [\n    {"b": 1}]\n  }\n },\n "data": {"aws_b": {\n  "x": {}}}\n}'

    assert lines_of(text) == {"aws_a.x": 4, "aws_a.y": 6, "data.aws_b.x": 11}
