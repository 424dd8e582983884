"""What is no plan, or not all of one, is refused in one sentence; every bad file at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.plan import read_plan, read_plans
from modules.core.errors import PlanInputError
from tests.analysis.documents import document, ref, resource

WHOLE = document(resource("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}))
FOREIGN = "is JSON, but its parts are not those of a plan"
SHOW = "write it with `terraform show -json PLAN`"


def changed(**parts: Any) -> str:
    return json.dumps({name: value for name, value in {**WHOLE, **parts}.items() if value is not None})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", f"is empty; {SHOW}"),
        ("\n \n", f"is empty; {SHOW}"),
        (json.dumps(WHOLE)[:300], f"ends in the middle, after 300 bytes; {SHOW}"),
        (json.dumps(WHOLE)[:-1], f"ends in the middle, after {len(json.dumps(WHOLE)) - 1} bytes; {SHOW}"),
        ("no plan\n", f"is no JSON: Expecting value in line 1, column 1; {SHOW}"),
        (
            '{\n  "a": 1,,\n}',
            "is no JSON: Expecting property name enclosed in double quotes in line 2, column 10; " + SHOW,
        ),
        ("[]", f"is JSON, but no plan: it holds no object; {SHOW}"),
        ('"text"', f"is JSON, but no plan: it holds no object; {SHOW}"),
        ("7", f"is JSON, but no plan: it holds no object; {SHOW}"),
        ("{}", f"is JSON, but no plan: it has no format_version; {SHOW}"),
        (changed(format_version="2.0"), f"has plan format 2.0, and 1.x is read; {SHOW}"),
        (changed(format_version="0.2"), f"has plan format 0.2, and 1.x is read; {SHOW}"),
        (changed(format_version=1), f"has plan format 1, and 1.x is read; {SHOW}"),
        (
            json.dumps({"version": 4, "serial": 3, "lineage": "a", "resources": []}),
            f"is a state file, not a plan; {SHOW}",
        ),
        (json.dumps({"version": 4, "serial": 3, "resources": []}), f"is a state file, not a plan; {SHOW}"),
        (
            json.dumps({"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {}}}),
            f"is a state in JSON, not a plan; {SHOW}",
        ),
        (changed(errored=True), f"is a plan that ended with an error, so parts of it are missing; {SHOW}"),
        (changed(configuration=None), f"is not a whole plan: configuration or planned_values is missing; {SHOW}"),
        (changed(planned_values=None), f"is not a whole plan: configuration or planned_values is missing; {SHOW}"),
        (changed(planned_values=[]), f"is not a whole plan: configuration or planned_values is missing; {SHOW}"),
        (changed(resource_changes=[3]), f"{FOREIGN}; {SHOW}"),
        (changed(resource_changes=[{}]), f"{FOREIGN}; {SHOW}"),
        (changed(planned_values={"root_module": [1]}), f"{FOREIGN}; {SHOW}"),
        (changed(planned_values={"root_module": {"resources": [7]}}), f"{FOREIGN}; {SHOW}"),
        (changed(prior_state="none"), f"{FOREIGN}; {SHOW}"),
        ("[" * 100_000, f"is nested deeper than any plan; {SHOW}"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PlanInputError) as refused:
        read_plan(path)
    assert str(refused.value) == f"{path} {sentence}"
    assert refused.value.exit_code == 2


def test_a_saved_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.tfplan"
    path.write_bytes(b"PK\x03\x04\x14\x00\x08")
    with pytest.raises(PlanInputError) as refused:
        read_plan(path)
    assert str(refused.value) == f"{path} is a saved plan, which only Terraform can read; name its JSON: {SHOW}"


def test_what_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b'{"a": "\xff\xfe\xfa"}')
    with pytest.raises(PlanInputError) as refused:
        read_plan(path)
    assert str(refused.value) == f"{path} is not text; {SHOW}"


def test_what_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(PlanInputError) as refused:
        read_plan(path)
    assert str(refused.value) == (
        f"{path} has 100.0 MB, and at most 99 MB are read; split the stack into smaller ones"
    )  # fmt: skip


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with pytest.raises(PlanInputError) as refused:
        read_plan(path)
    assert str(refused.value) == f"{path} cannot be read: No such file or directory; name the JSON of a plan"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(PlanInputError) as refused:
        read_plan(tmp_path)
    assert str(refused.value) == f"{tmp_path} cannot be read: Is a directory; name the JSON of a plan"


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cdk.tf.json").write_text("{}", encoding="utf-8")
    hidden = tmp_path / ".terraform"
    hidden.mkdir()
    (hidden / "modules.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PlanInputError) as refused:
        read_plans([tmp_path])
    assert str(refused.value) == f"{tmp_path} is a folder without a plan; {SHOW} into it"


def test_every_bad_file_is_told_at_once(tmp_path: Path) -> None:
    empty, broken, whole = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "c.json"
    empty.touch()
    broken.write_text("[]", encoding="utf-8")
    whole.write_text(json.dumps(WHOLE), encoding="utf-8")
    gone = tmp_path / "gone.json"
    with pytest.raises(PlanInputError) as refused:
        read_plans([tmp_path, gone])
    assert str(refused.value).splitlines() == [
        f"{empty} is empty; {SHOW}",
        f"{broken} is JSON, but no plan: it holds no object; {SHOW}",
        f"{gone} cannot be read: No such file or directory; name the JSON of a plan",
    ]


def test_plans_of_a_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/plan.json", "a/plan.json", "c.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(WHOLE), encoding="utf-8")
    assert [plan.source for plan in read_plans([tmp_path])] == [
        str(tmp_path / name) for name in ("a/plan.json", "b/plan.json", "c.json")
    ]


def test_local_values_are_taken_from_the_synthesized_file_beside_a_plan(tmp_path: Path) -> None:
    function = resource("aws_lambda_function.api", expressions={"role": ref("local.role")}, unknown={"role": True})
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document(function, resource("aws_iam_role.api"))), encoding="utf-8")
    (tmp_path / "cdk.tf.json").write_text(json.dumps({"locals": {"role": "${aws_iam_role.api.arn}"}}), encoding="utf-8")
    plan = read_plan(path)
    assert plan.links(plan.of("aws_lambda_function")[0], "role", "aws_iam_role").only is plan.of("aws_iam_role")[0]


@pytest.mark.parametrize("content", ["", "[]", '{"locals": 3}', "{"])
def test_a_synthesized_file_that_cannot_be_read_gives_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "cdk.tf.json").write_text(content, encoding="utf-8")
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(WHOLE), encoding="utf-8")
    assert [entry.address for entry in read_plan(path).resources] == ["aws_vpc.main"]
