"""The order of a proof's steps, and what it does when one does not hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from modules.core.target import Target
from policies.finding import Finding, Status
from policies.inputs import InputFile
from policies.policy import Severity
from policies.result import CheckResult, Summary
from rollout.adapters.terraform_plan import Plan, ResourceChange
from rollout.proof import Proof, ProofReport, Subject, pipeline
from rollout.readback.check import Check
from rollout.targets import TargetEntry
from tests.rollout.proof.fakes import FakeTerraform, Observer

PLANNING = [
    "synthesize",
    "check how functions and stores are wired",
    "judge the synthesized JSON by every policy",
    "terraform init and validate",
    "terraform plan",
    "judge the plan by every policy",
]
RUNNING = ["apply", "read back", "plan again", "change one thing"]
RESOURCES: dict[str, Any] = {"aws_vpc": {"a": {}}, "aws_db_instance": {"b": {}}}
TARGET = Target(
    org="acme", env="dev", account="main", account_id="123456789012", region="us-east-1", stack="x", owner="me"
)


def change(address: str, *actions: str) -> ResourceChange:
    return ResourceChange(address, address.split(".", maxsplit=1)[0], actions)


FIRST = (change("aws_vpc.a", "create"), change("aws_db_instance.b", "create"))
RELEASE = (change("aws_db_instance.b", "update"), change("aws_vpc.a", "no-op"))
SOUND = (FIRST, (), RELEASE)


def held(subject: str = "x") -> Check:
    return Check(subject, "1", "1", held=True)


def subject(**other: Any) -> Subject:
    return replace(
        Subject(
            entry=TargetEntry(TARGET, {}, "dev/main/us-east-1.yaml"),
            environments=Path("environments"),
            project=Path(),
            change={"database": {"removal": "destroy"}},
            changes_only=frozenset({"aws_db_instance"}),
            read_back=lambda outputs, plan: [held(outputs["vpc_id"]), held(str(plan.creates))],
            leftovers=lambda _: (),
            scheduled=lambda: ("KMS key k until 2026-12-21",),
            sort_gaps=lambda changes: ((), tuple(c.address for c in changes)),
        ),
        **other,
    )


@pytest.fixture
def prove(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[ProofReport, FakeTerraform]]:
    def run(
        terraform: FakeTerraform, of: Subject | None = None, failed: Sequence[Finding] = (), **more: Any
    ) -> tuple[ProofReport, FakeTerraform]:
        def synthesize(output: Path, **options: Any) -> Path:
            folder = output / "stacks" / options["target"]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "cdk.tf.json").write_text(json.dumps({"resource": {**RESOURCES, **more}}))
            warning = {"level": "@cdktf/warn", "message": "x/proxy: nothing bounds it"}
            manifest = {"stacks": {"x": {"annotations": [warning, {**warning, "level": "@cdktf/info"}]}}}
            (output / "manifest.json").write_text(json.dumps(manifest))
            return output / "stacks"

        def check(inputs: Sequence[InputFile], **_: Any) -> CheckResult:
            assert [entry.target for entry in inputs] == [TARGET.name]
            return CheckResult(tuple(failed), Summary((TARGET.name,), 1, 2, 68, 7, "3"))

        def released(*_: object, copy: Path, **__: object) -> Path:
            return copy

        monkeypatch.setattr(pipeline, "synthesize", synthesize)
        monkeypatch.setattr(pipeline, "Terraform", terraform)
        monkeypatch.setattr(pipeline, "check", check)
        monkeypatch.setattr(pipeline, "read_input", lambda entry: entry)
        monkeypatch.setattr(pipeline, "environments_with", released)
        observer = Observer()
        proof = Proof(of or subject(), work=tmp_path, environment={}, observer=observer)
        report = proof.run()
        assert observer.seen == [step.title for step in report.steps]
        return report, terraform

    return run


def titles(report: ProofReport) -> list[str]:
    return [step.title for step in report.steps]


def broken(report: ProofReport) -> Mapping[str, tuple[str, ...]]:
    return {step.title: step.details for step in report.steps if not step.held}


def test_every_step_of_a_sound_stack_holds(prove: Any) -> None:
    report, terraform = prove(FakeTerraform(SOUND))

    assert titles(report) == [*PLANNING, *RUNNING, "destroy"]
    assert report.held
    assert terraform.ran == ["init", "validate", "plan", "apply", "plan", "plan", "apply", "destroy", "left"]
    assert report.numbers() == {
        "resources planned": "2",
        "resources applied": "2",
        "facts read back": "2 of 2 hold",
        "changes in the second plan": "0",
        "resources that one change touches": "1",
        "resources left after destroy": "0",
        "policies and Checkov": (
            "JSON 7 passed, 0 failed, 0 unknown, 0 accepted; plan 7 passed, 0 failed, 0 unknown, 0 accepted"
        ),
    }


def test_what_a_construct_warns_of_stands_in_the_report(prove: Any) -> None:
    report, _ = prove(FakeTerraform(SOUND))

    assert report.steps[0].details == ("warning: x/proxy: nothing bounds it",)


def test_a_part_of_a_connection_that_is_missing_ends_the_proof(prove: Any) -> None:
    function = {"environment": {"variables": {"TABLE": "${aws_dynamodb_table.orders.name}"}}}
    more = {"aws_lambda_function": {"api": function}, "aws_dynamodb_table": {"orders": {}}}

    report, terraform = prove(FakeTerraform(SOUND), **more)

    sentence = (
        "aws_lambda_function.api uses aws_dynamodb_table.orders; its role may do nothing with it; grant it, or remove "
        "what is left of the connection"
    )
    assert broken(report) == {PLANNING[1]: (sentence,)}
    assert terraform.ran == ["left"]


def test_a_policy_finding_ends_the_proof_before_anything_is_applied(prove: Any) -> None:
    finding = Finding("CKV_AWS_1", Severity.MEDIUM, "aws_vpc.a", "x", "it is wrong", "mend it")

    report, terraform = prove(FakeTerraform(SOUND), failed=[finding])

    assert broken(report) == {
        "judge the synthesized JSON by every policy": ("aws_vpc.a: it is wrong (CKV_AWS_1, MEDIUM); mend it",)
    }
    assert titles(report) == PLANNING[:3]
    assert terraform.ran == ["left"]
    assert report.numbers()["resources left after destroy"] == "not reached"


def test_what_is_accepted_or_unknown_ends_nothing_and_stands_in_the_report(prove: Any) -> None:
    fields = ("CKV_AWS_1", Severity.MEDIUM, "aws_vpc.a", "x", "it is so", "mend it")
    skipped = Finding(*fields, Status.SKIPPED, reason="it has to be")
    report, _ = prove(FakeTerraform(SOUND), failed=[skipped, Finding(*fields, Status.UNKNOWN)])

    assert report.held
    assert report.accepted == (skipped,)
    assert report.steps[2].details == ("unknown: aws_vpc.a: it is so (CKV_AWS_1, MEDIUM); mend it",)


def test_a_failed_apply_is_destroyed_all_the_same(prove: Any) -> None:
    class HalfApplied(FakeTerraform):
        def apply(self, plan: Plan) -> None:
            self.state = ("aws_vpc.a",)
            self.fail_at = "" if self.ran.count("apply") else "apply"
            super().apply(plan)

    report, terraform = prove(HalfApplied((FIRST, RELEASE)))

    assert broken(report) == {"apply": ("terraform apply failed: no reason",)}
    assert titles(report)[-2:] == ["apply", "destroy"]
    assert terraform.ran[-4:] == ["plan", "apply", "destroy", "left"]


def test_what_can_never_be_applied_whole_is_destroyed_as_far_as_it_went(prove: Any) -> None:
    class NeverApplied(FakeTerraform):
        def apply(self, plan: Plan) -> None:
            self.state = ("aws_vpc.a",)
            super().apply(plan)

    report, terraform = prove(NeverApplied((FIRST, RELEASE), fail_at="apply"))

    assert broken(report) == {"apply": ("terraform apply failed: no reason",)}
    assert report.steps[-1].details == ("terraform apply failed: no reason", "KMS key k until 2026-12-21")
    assert terraform.ran[-2:] == ["destroy", "left"]
    assert report.left == ()


def test_a_fact_that_does_not_hold_is_told_and_everything_is_destroyed(prove: Any) -> None:
    wrong = Check("proxy: TLS", "true", "false", held=False)

    report, _ = prove(FakeTerraform((FIRST, RELEASE)), subject(read_back=lambda *_: [held(), wrong]))

    assert broken(report) == {"read back": ("proxy: TLS: false was found; true was expected",)}
    assert titles(report)[-2:] == ["read back", "destroy"]
    assert report.left == ()


def test_reading_nothing_back_proves_nothing(prove: Any) -> None:
    report, _ = prove(FakeTerraform((FIRST, RELEASE)), subject(read_back=lambda *_: []))

    assert broken(report) == {"read back": ("nothing was read back",)}


def test_a_second_plan_with_changes_does_not_hold(prove: Any) -> None:
    report, _ = prove(FakeTerraform((FIRST, (change("aws_vpc.a", "update"),), RELEASE)))

    assert broken(report) == {"plan again": ("aws_vpc.a",)}
    assert report.second_plan_changes == 1


def test_a_second_plan_with_known_gaps_only_holds_and_names_them(prove: Any) -> None:
    def gaps(changes: Sequence[ResourceChange]) -> tuple[Sequence[str], Sequence[str]]:
        known = [c for c in changes if c.type == "aws_vpc"]
        return [f"gap of {c.address}" for c in known], [c.address for c in changes if c not in known]

    report, _ = prove(FakeTerraform((FIRST, (change("aws_vpc.a", "update"),), RELEASE)), subject(sort_gaps=gaps))

    assert report.held
    assert report.second_plan_changes == 0
    assert report.gaps == ("gap of aws_vpc.a",)


def test_a_change_that_reaches_further_is_not_applied_as_proof(prove: Any) -> None:
    further = (*RELEASE, change("aws_iam_role.c", "update"))

    report, terraform = prove(FakeTerraform((FIRST, (), further, further)))

    assert broken(report) == {"change one thing": ("aws_iam_role.c would update",)}
    assert report.changed == ("aws_db_instance.b", "aws_iam_role.c")
    assert terraform.ran[-2:] == ["destroy", "left"]


def test_a_replacement_is_no_change_in_place(prove: Any) -> None:
    replaced = (change("aws_db_instance.b", "delete", "create"),)

    report, _ = prove(FakeTerraform((FIRST, (), replaced, replaced)))

    assert broken(report) == {"change one thing": ("aws_db_instance.b would delete/create",)}


def test_a_change_without_effect_proves_nothing(prove: Any) -> None:
    report, _ = prove(FakeTerraform((FIRST, (), (), ())))

    assert broken(report) == {"change one thing": ("the change touches nothing",)}


def test_leftovers_do_not_hold(prove: Any) -> None:
    report, _ = prove(FakeTerraform(SOUND), subject(leftovers=lambda _: ("VPC vpc-1",)))

    assert broken(report)["destroy"][0] == "left: VPC vpc-1"
    assert report.left == ("VPC vpc-1",)
