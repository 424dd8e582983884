"""Where resources are written, for reports that name a file and a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modules.core.errors import PolicyError
from policies.finding import Place
from policies.places import place_of, read_places

SYNTHESIZED = """{
  "data": {"aws_region": {"here": {}}},
  "resource": {
    "aws_sqs_queue": {
      "jobs": {
        "name": "resource: {",
        "tags": {"resource": "x"}
      },
      "dead": {"name": "dead"}
    }
  }
}
"""


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    folder = tmp_path / "cdktf.out" / "stacks" / "orders"
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").write_text(SYNTHESIZED, encoding="utf-8")
    return folder


def test_without_constructs_it_is_the_line_in_the_json(tmp_path: Path, stack: Path) -> None:
    file = "cdktf.out/stacks/orders/cdk.tf.json"

    assert read_places(stack, tmp_path) == {
        "data.aws_region.here": Place(file, 2),
        "aws_sqs_queue.jobs": Place(file, 5),
        "aws_sqs_queue.dead": Place(file, 9),
    }


def test_a_construct_comes_before_the_json(tmp_path: Path, stack: Path) -> None:
    places = {"aws_sqs_queue.jobs": {"file": "stacks/orders.py", "line": 42}}
    (stack / "places.json").write_text(json.dumps(places), encoding="utf-8")
    found = read_places(stack, tmp_path)

    assert found["aws_sqs_queue.jobs"] == Place("stacks/orders.py", 42)
    assert found["aws_sqs_queue.dead"].line == 9


def test_a_path_of_the_machine_is_never_told(stack: Path) -> None:
    assert {place.file for place in read_places(stack).values()} == {"orders/cdk.tf.json"}


@pytest.mark.parametrize("key", ["", "[0]", '["a.b[0]"]'])
def test_an_instance_stands_where_its_resource_does(key: str) -> None:
    places = {"aws_sqs_queue.jobs": Place("stacks/orders.py", 42)}

    assert place_of(places, f"aws_sqs_queue.jobs{key}") == Place("stacks/orders.py", 42)
    assert place_of(places, f"aws_sqs_queue.dead{key}") is None


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"file": "x"}}', '{"a": {"file": "x", "line": "y"}}'])
def test_a_broken_list_of_places_is_refused(tmp_path: Path, stack: Path, text: str) -> None:
    (stack / "places.json").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"orders/places\.json: is not the list of places that synthesis writes"):
        read_places(stack, tmp_path)
