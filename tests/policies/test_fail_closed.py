"""What the stock Checkov ends with exit code 0 on: missing, broken or empty input, and checks that do not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PolicyError
from policies.checkov import Checkov
from policies.scanned import ScannedInput, read_plan, read_synthesized
from tests.policies.scans import RESOURCES, write_plan, write_synthesized

PLAN = {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}}
INPUTS: dict[str, tuple[str, bytes | None, str]] = {
    "missing plan": ("plan.json", None, "plan.json: cannot be read (No such file or directory); "),
    "empty plan file": ("plan.json", b"", "plan.json: is no JSON ("),
    "plan cut short": (
        "plan.json",
        b'{"format_version": "1.2", "planned_values": {"root_mod',
        "plan.json: is no JSON (",
    ),
    "plan that is no text": ("plan.json", b"\xff\xfe\x00", "plan.json: cannot be read (it is no UTF-8 text); "),
    "saved plan in place of its JSON": ("plan.json", b"PK\x03\x04", "plan.json: is no JSON ("),
    "list": ("plan.json", b"[]", "plan.json: holds a JSON list; an object is needed; "),
    "state file": (
        "plan.json",
        b'{"version": 4, "resources": []}',
        "plan.json: is no plan, it holds no format_version ",
    ),
    "plan without resources": (
        "plan.json",
        json.dumps(PLAN).encode(),
        "plan.json: holds no resource; a scan of nothing",
    ),
    "plan of a run that failed": (
        "plan.json",
        json.dumps({**PLAN, "errored": True}).encode(),
        "plan.json: is the plan of a run that failed, ",
    ),
    "resources in another form": (
        "plan.json",
        json.dumps({**PLAN, "planned_values": {"root_module": {"resources": ["aws_vpc.main"]}}}).encode(),
        "plan.json: holds resources in another form than Terraform writes (",
    ),
    "missing folder": ("orders", None, "orders: holds no *.tf.json file; "),
    "folder without Terraform": ("orders/README.md", b"", "orders: holds no *.tf.json file; "),
    "empty Terraform file": ("orders/cdk.tf.json", b"", "orders/cdk.tf.json: is no JSON ("),
    "Terraform file cut short": ("orders/cdk.tf.json", b'{"resource": {', "orders/cdk.tf.json: is no JSON ("),
    "no resource": ("orders/cdk.tf.json", b'{"terraform": {}}', "orders/cdk.tf.json: holds no resource; "),
    "resource blocks in another form": (
        "orders/cdk.tf.json",
        b'{"resource": [{"aws_vpc": {"main": {}}}]}',
        "orders/cdk.tf.json: resource and data must map a type to names and those to blocks, ",
    ),
}


@pytest.mark.parametrize("case", INPUTS)
def test_what_cannot_be_read_is_refused(tmp_path: Path, case: str) -> None:
    name, content, sentence = INPUTS[case]
    file = tmp_path / name
    if content is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    with pytest.raises(PolicyError) as raised:
        read_plan(file) if name == "plan.json" else read_synthesized(tmp_path / "orders")
    assert str(raised.value).startswith(sentence)


BEHAVING = """
import os, sys, time
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Behaving(BaseResourceCheck):
    def __init__(self):
        super().__init__("Ensure it behaves", "CKV2_TEST_1", [CheckCategories.NETWORKING], ["aws_sqs_queue"])

    def scan_resource_conf(self, conf):
        match conf["name"][0]:
            case "raises":
                raise KeyError("a_setting")
            case "dies":
                os._exit(3)
            case "hangs":
                time.sleep(60)
            case "says_nothing":
                return None
            case "reports":
                self.logger.error("the rules cannot be read")
            case "prints":
                print("{}", flush=True)
                sys.stdout.write("[]")
            case "changes_the_next":
                type(self).scan_resource_conf = lambda *_: CheckResult.FAILED
        return CheckResult.PASSED


Behaving()
"""
GRAPH: dict[str, Any] = {
    "metadata": {"id": "CKV2_TEST_2", "name": "Ensure it is within", "category": "NETWORKING"},
    "definition": {
        "cond_type": "attribute",
        "resource_types": ["aws_sqs_queue"],
        "attribute": "tags.range",
        "operator": "cidr_range_subset",
        "value": "10.0.0.0/8",
    },
}


def write_checks(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("__dot__", ".")).write_text(text, encoding="utf-8")
    return folder


def queue(folder: Path, name: str, kind: str = "json", **body: Any) -> ScannedInput:
    resources = {"aws_sqs_queue": {"orders": {"name": name, "kms_master_key_id": "key", **body}}}
    if kind == "plan":
        return read_plan(write_plan(folder / f"{name}.json", resources))
    return read_synthesized(write_synthesized(folder / name, resources))


@pytest.fixture(scope="module")
def misbehaving(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The sentence on each input that a check misbehaves on, by the name of the input."""
    folder = tmp_path_factory.mktemp("misbehaving")
    checks = write_checks(
        folder / "checks", __init____dot__py="", behaving__dot__py=BEHAVING, graph__dot__json=json.dumps(GRAPH)
    )
    names = ["raises", "dies", "hangs", "says_nothing", "reports"]
    inputs = [queue(folder, name, kind) for name in names for kind in ("json", "plan")]
    inputs += [queue(folder, "prints"), queue(folder, "changes_the_next"), queue(folder, "sound")]
    inputs.append(queue(folder, "graph", tags={"range": "elsewhere"}))
    with Checkov(folders=[checks], timeout_seconds=1) as checkov:
        with pytest.raises(PolicyError) as raised:
            checkov.scan(inputs, without=["CKV_AWS_45"])
        for name in ("prints", "changes_the_next", "sound"):  # one after the other, in the same process
            (report,) = checkov.scan([queue(folder, name)], without=["CKV2_TEST_2"])
            assert not report.failed
            assert report.resources_seen == 1
    return {line.partition(": ")[0]: line for line in str(raised.value).splitlines()}


MISBEHAVIOUR = {
    "raises": "check CKV2_TEST_1 failed on aws_sqs_queue.orders (KeyError: 'a_setting'); ",
    "dies": "Checkov ended with exit code 3 before its answer; ",
    "hangs": "Checkov did not end in the time that it was given, and was killed; ",
    "says_nothing": "check CKV2_TEST_1 gave no verdict on aws_sqs_queue.orders but None; ",
    "reports": "Checkov reports: the rules cannot be read; ",
}


@pytest.mark.parametrize("place", ["{}/cdk.tf.json", "{}.json"])
@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_a_check_that_misbehaves_is_named(misbehaving: dict[str, str], name: str, place: str) -> None:
    assert MISBEHAVIOUR[name] in misbehaving[place.format(name)]
    assert " of 1 resources cannot be believed: " in misbehaving[place.format(name)]


def test_a_check_over_the_graph_that_fails_is_named(misbehaving: dict[str, str]) -> None:
    assert "cannot be believed: check CKV2_TEST_2 failed (ValueError: " in misbehaving["graph/cdk.tf.json"]


def test_what_a_check_prints_and_leaves_behind_changes_nothing(misbehaving: dict[str, str]) -> None:
    assert len(misbehaving) == 2 * len(MISBEHAVIOUR) + 1


def test_checks_that_do_not_load_are_named(tmp_path: Path) -> None:
    unknown = {**GRAPH, "definition": {**GRAPH["definition"], "operator": "resembles"}}
    taken = BEHAVING.replace("CKV2_TEST_1", "CKV_AWS_27")
    folders = [
        tmp_path / "absent",
        write_checks(tmp_path / "empty"),
        write_checks(tmp_path / "not_a_package", behaving__dot__py=BEHAVING),
        write_checks(tmp_path / "broken", __init____dot__py="", broken__dot__py="import a_module_that_is_absent"),
        write_checks(tmp_path / "taken", __init____dot__py="", taken__dot__py=taken),
        write_checks(tmp_path / "unknown", operator__dot__json=json.dumps(unknown)),
        write_checks(tmp_path / "incomplete", metadata__dot__json=json.dumps({"definition": GRAPH["definition"]})),
        write_checks(tmp_path / "no_mapping", listed__dot__yaml="- a\n"),
        write_checks(tmp_path / "no_yaml", listed__dot__yaml="a: [\n"),
    ]
    with Checkov(folders=folders) as checkov, pytest.raises(PolicyError) as raised:
        checkov.scan([queue(tmp_path, "sound")])
    sentence = str(raised.value)
    assert sentence.startswith("Checkov: not every check is loaded: ")
    for told in (
        "absent holds no checks",
        "empty holds no checks",
        "behaving.py is not loaded, there is no __init__.py beside it",
        "No module named 'a_module_that_is_absent'",
        f"check CKV_AWS_27 in {tmp_path / 'taken'} is not loaded, its id is taken or it concerns nothing",
        f"{tmp_path / 'unknown'} holds 1 files of checks, of which 0 are loaded",
        f"{tmp_path / 'incomplete'} holds 1 files of checks, of which 0 are loaded",
        f"{tmp_path / 'no_mapping'} holds 1 files of checks, of which 0 are loaded",
        f"{tmp_path / 'no_yaml'} holds 1 files of checks, of which 0 are loaded",
    ):
        assert told in sentence


def test_an_unknown_id_to_be_left_out_is_refused(tmp_path: Path, checkov: Checkov) -> None:
    scanned = read_synthesized(write_synthesized(tmp_path / "orders", RESOURCES))
    with pytest.raises(PolicyError) as raised:
        checkov.scan([scanned], without=["CKV_AWS_5555", "CKV_AWS_27", "anything"])
    assert str(raised.value) == (
        "Checkov: CKV_AWS_5555 is to be left out, and Checkov has no such check; CKV_AWS_55 is one; anything is to be "
        "left out, and Checkov has no such check; an id that is not known may be a typing error, and the check that "
        "was meant would run; correct the id"
    )
