"""Files of Terraform in JSON: read as one, or refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.plan import read_synthesized
from modules.core.errors import PlanInputError

QUEUE = {"resource": {"aws_sqs_queue": {"jobs": {"name": "${local.name}"}}}}


def write(folder: Path, **documents: Any) -> Path:
    for name, document in documents.items():
        (folder / f"{name}.tf.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, cdk=QUEUE)
    plan = read_synthesized(tmp_path / "cdk.tf.json")

    assert [entry.address for entry in plan.resources] == ["aws_sqs_queue.jobs"]
    assert plan.source == str(tmp_path / "cdk.tf.json")


def test_files_of_a_folder_are_one_plan(tmp_path: Path) -> None:
    topic = {"resource": [{"aws_sns_topic": {"news": {"name": "news"}}}]}
    plan = read_synthesized(write(tmp_path, queues=QUEUE, topics=topic, names={"locals": {"name": "jobs"}}))

    assert [entry.get("name") for entry in plan.resources] == ["news", "jobs"]


def test_the_same_resource_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanInputError, match=r"resource aws_sqs_queue\.jobs stands there twice"):
        read_synthesized(write(tmp_path, a=QUEUE, b=QUEUE))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty; synthesize it anew"),
        (b"[]", "is JSON, but holds no object; synthesize it anew"),
        (b'{"resource": {"aws_vpc"', "ends in the middle, after 23 bytes; synthesize it anew"),
        (b"resource {}", "is no JSON: Expecting value in line 1, column 1; synthesize it anew"),
        (b"\xff\xfe{", "is not text; synthesize it anew"),
        (b"{}", "holds no resource, so that nothing can be judged; synthesize it anew"),
        (b'{"planned_values": {}}', "is a plan, not what it was made from; name it as a plan"),
        (b'{"resource": []}', "holds no resource"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "cdk.tf.json"
    file.write_bytes(content)
    with pytest.raises(PlanInputError) as caught:
        read_synthesized(file)

    assert str(caught.value).startswith(f"{file} {sentence}")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanInputError, match=r"cannot be read: No such file or directory; name a \*.tf.json file"):
        read_synthesized(tmp_path / "cdk.tf.json")


def test_a_folder_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanInputError, match=r"is a folder without a \*\.tf\.json file"):
        read_synthesized(tmp_path)


@pytest.mark.parametrize("name", ["main.tf", "override.tf.json", "main_override.tf.json"])
def test_a_folder_is_refused_where_not_all_of_it_is_read(tmp_path: Path, name: str) -> None:
    write(tmp_path, cdk=QUEUE)
    (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(PlanInputError, match=f"also holds {name}, which is not read here; judge its plan instead"):
        read_synthesized(tmp_path)
