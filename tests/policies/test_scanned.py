from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PolicyError
from policies.scanned import read_plan, read_synthesized
from tests.policies.scans import RESOURCES, write_plan, write_synthesized


def refused(folder: Path, text: str) -> str:
    (folder / "cdk.tf.json").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        read_synthesized(folder)
    return str(raised.value).removeprefix(f"{folder.name}/cdk.tf.json: ")


def test_resources_and_data_sources_are_counted_apart(tmp_path: Path) -> None:
    data: dict[str, Any] = {"aws_iam_policy_document": {"assume": {}}}
    scanned = read_synthesized(write_synthesized(tmp_path / "orders", RESOURCES, data=data))
    assert len(scanned.addresses) == 5
    assert scanned.data_addresses == {"data.aws_iam_policy_document.assume"}
    assert (scanned.place, list(scanned.files)) == ("orders/cdk.tf.json", ["cdk.tf.json"])


def test_a_folder_without_terraform_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(PolicyError) as raised:
            read_synthesized(folder)
        assert str(raised.value) == (
            f"{folder.name}: holds no *.tf.json file; the folder of a synthesized stack does, such as cdk.tf.json; "
            "synthesize first, or name the right folder"
        )


def test_malformed_and_empty_input_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"resource": ') == (
        "is no JSON (Expecting value: line 1 column 14 (char 13)); Checkov would pass over it in silence; write the "
        "file again"
    )
    assert refused(tmp_path, "[]") == "holds a JSON list; an object is needed; write it again"
    nothing = (
        "holds no resource; a scan of nothing passes and proves nothing; check that the stack was synthesized and "
        "that the plan is not one that destroys everything"
    )
    assert refused(tmp_path, "{}") == nothing
    assert refused(tmp_path, '{"resource": {"aws_vpc": {}}, "data": {"aws_ami": {"a": {}}}}') == nothing


@pytest.mark.parametrize("resource", [[{"aws_vpc": {"main": {}}}], {"aws_vpc": [{"main": {}}]}, "aws_vpc"])
def test_forms_that_cannot_be_counted_are_refused(tmp_path: Path, resource: object) -> None:
    assert refused(tmp_path, json.dumps({"resource": resource})).startswith(
        "resource and data must map a type to names and those to blocks, as CDKTF writes them; "
    )


def test_one_file_may_be_named(tmp_path: Path) -> None:
    folder = write_synthesized(tmp_path / "orders", RESOURCES)
    (folder / "more.tf.json").write_text('{"resource": {"aws_vpc": {"main": {}}}}', encoding="utf-8")
    assert len(read_synthesized(folder).addresses) == 6
    scanned = read_synthesized(folder / "more.tf.json")
    assert scanned.addresses == {"aws_vpc.main"}
    assert scanned.place == "orders/more.tf.json"


def test_notes_are_no_resources(tmp_path: Path) -> None:
    named = {"//": {"note": "kept"}, "aws_vpc": {"main": {}, "//": "kept"}}
    assert read_synthesized(write_synthesized(tmp_path, named)).addresses == {"aws_vpc.main"}


def test_a_plan_is_counted_with_its_modules(tmp_path: Path) -> None:
    file = write_plan(tmp_path / "plan.json", RESOURCES)
    document = json.loads(file.read_text(encoding="utf-8"))
    queue = {"address": "module.m.aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "values": {}}
    document["planned_values"]["root_module"]["child_modules"] = [
        {"child_modules": [{"resources": [queue, queue | {"address": "data.aws_region.r", "mode": "data"}]}]}
    ]
    file.write_text(json.dumps(document), encoding="utf-8")
    scanned = read_plan(file)
    assert len(scanned.addresses) == 6
    assert scanned.data_addresses == {"data.aws_region.r"}
    assert json.loads(scanned.files["plan.json"]) == document


def test_a_resource_that_is_forgotten_is_not_counted(tmp_path: Path) -> None:
    file = write_plan(tmp_path / "plan.json", RESOURCES)
    document = json.loads(file.read_text(encoding="utf-8"))
    document["resource_changes"][0]["change"]["actions"] = ["forget"]
    file.write_text(json.dumps(document), encoding="utf-8")
    assert len(read_plan(file).addresses) == len(read_plan(write_plan(file, RESOURCES)).addresses) - 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "plan.json: cannot be read (No such file or directory); Checkov would pass over it in silence; name a "),
        ("{", "plan.json: is no JSON ("),
        ('{"resource": {}}', "plan.json: is no plan, it holds no format_version or planned_values; the output of "),
        ('{"format_version": "1.2", "planned_values": {}}', "plan.json: holds no resource; a scan of nothing passes "),
        ('{"format_version": "1.2", "planned_values": {}, "errored": true}', "plan.json: is the plan of a run that f"),
        (
            '{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"mode": "managed"}]}}}',
            "plan.json: holds resources in another form than Terraform writes (KeyError: 'address'); ",
        ),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str | None, sentence: str) -> None:
    file = tmp_path / "plan.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        read_plan(file)
    assert str(raised.value).startswith(sentence)
