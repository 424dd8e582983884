"""Real scans with one Checkov; what only needs an answer is in test_checkov_report.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from modules.core.errors import PolicyError
from policies import checkov_process
from policies.checkov import Checkov, find_checkov
from policies.checkov_program import python_of
from policies.checkov_report import CheckovReport
from policies.exceptions import Framework
from policies.scanned import read_plan, read_synthesized
from tests.policies.scans import RESOURCES, write_plan, write_synthesized


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, checkov: Checkov) -> dict[Framework, CheckovReport]:
    folder = write_synthesized(tmp_path_factory.mktemp("scan") / "orders", RESOURCES)
    (folder / ".checkov.yaml").write_text("skip-check: [CKV_AWS_27]\nsoft-fail: true\n", encoding="utf-8")
    plan = write_plan(folder / "plan.json", RESOURCES)
    found = checkov.scan([read_synthesized(folder), read_plan(plan)])
    return {report.framework: report for report in found}


@pytest.mark.parametrize("framework", list(Framework))
def test_what_must_fail_fails_and_nothing_else(reports: dict[Framework, CheckovReport], framework: Framework) -> None:
    report = reports[framework]
    assert {(record.check, record.address) for record in report.failed} == {
        ("CKV_AWS_27", "aws_sqs_queue.fails_without_encryption"),
        ("CKV2_AWS_5", "aws_security_group.fails_unattached"),
        ("CKV2_AWS_5", "aws_security_group.database_proxy"),  # Checkov does not know that proxies carry groups
    }
    assert report.passed > 0
    assert (report.resources_given, report.resources_seen) == (5, 4)  # no check of Checkov's is about aws_db_proxy


def test_inputs_are_answered_in_their_order_without_what_is_left_out(tmp_path: Path, checkov: Checkov) -> None:
    folder = write_synthesized(tmp_path / "orders", RESOURCES)
    plan = write_plan(tmp_path / "plan.json", RESOURCES)
    inputs = [read_synthesized(folder), read_plan(plan), read_synthesized(folder)]
    told: list[tuple[int, int]] = []
    reports = checkov.scan(inputs, without={"CKV2_AWS_5"}, progress=lambda done, of: told.append((done, of)))
    assert [report.framework for report in reports] == [scanned.framework for scanned in inputs]
    title = "Ensure all data stored in the SQS queue is encrypted"
    wanted = ("CKV_AWS_27", title, "aws_sqs_queue.fails_without_encryption", None)
    assert [[(one.check, one.title, one.address, one.severity) for one in report.failed] for report in reports] == [
        [wanted]
    ] * 3
    assert [one.file for report in reports for one in report.failed] == ["cdk.tf.json", "plan.json", "cdk.tf.json"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert checkov.scan([]) == ()


def test_addresses_in_plans_have_modules_and_keys_and_in_json_neither(tmp_path: Path, checkov: Checkov) -> None:
    plan = write_plan(tmp_path / "plan.json", {})
    document = json.loads(plan.read_text(encoding="utf-8"))
    module = 'module.regions["eu.west"].module.orders[0]'
    head = {"mode": "managed", "values": {"name": "a"}}
    document["planned_values"]["root_module"]["child_modules"] = [
        {
            "address": module,
            "resources": [
                {**head, "address": f'{module}.aws_sqs_queue.jobs["a"]', "type": "aws_sqs_queue", "name": "jobs"},
                {**head, "address": f"{module}.aws_security_group.idle", "type": "aws_security_group", "name": "idle"},
            ],
        }
    ]
    plan.write_text(json.dumps(document), encoding="utf-8")
    queues = {"each": {"for_each": {"a": 1, "b": 2}, "name": "${each.key}"}, "counted": {"count": 2, "name": "a"}}
    groups = {"idle": {"count": 2, "name": "a"}}
    folder = write_synthesized(tmp_path / "orders", {"aws_sqs_queue": queues, "aws_security_group": groups})
    planned, synthesized = checkov.scan([read_plan(plan), read_synthesized(folder)])
    assert [(one.check, one.address) for one in planned.failed] == [
        ("CKV2_AWS_5", f"{module}.aws_security_group.idle"),
        ("CKV_AWS_23", f"{module}.aws_security_group.idle"),
        ("CKV_AWS_27", f'{module}.aws_sqs_queue.jobs["a"]'),
    ]
    assert [(one.check, one.address) for one in synthesized.failed] == [
        ("CKV2_AWS_5", "aws_security_group.idle"),
        ("CKV_AWS_23", "aws_security_group.idle"),
        ("CKV_AWS_27", "aws_sqs_queue.counted"),
        ("CKV_AWS_27", "aws_sqs_queue.each"),
    ]


def executable(file: Path, body: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_variable_comes_before_the_project_and_that_before_path(tmp_path: Path) -> None:
    on_path = executable(tmp_path / "bin" / "checkov")
    environment = {"PATH": str(on_path.parent)}
    assert find_checkov(environment, project=tmp_path) == on_path
    own = executable(tmp_path / ".venv-checkov" / "bin" / "checkov")
    assert find_checkov(environment, project=tmp_path) == own
    named = executable(tmp_path / "mine")
    assert find_checkov(environment | {"LAMBDANET_CHECKOV": str(named)}, project=tmp_path) == named


def test_no_checkov_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as raised:
        find_checkov({"PATH": str(tmp_path)}, project=tmp_path)
    assert str(raised.value) == (
        "Checkov was not found; looked for the variable LAMBDANET_CHECKOV, for .venv-checkov/bin/checkov beside the "
        "project's code, and for checkov on PATH; run `make setup`, which installs it into an environment of its own"
    )
    with pytest.raises(PolicyError, match=r'^LAMBDANET_CHECKOV is "absent", which is not an executable program; '):
        find_checkov({"PATH": str(tmp_path), "LAMBDANET_CHECKOV": "absent"}, project=tmp_path)


def test_the_python_of_a_checkov_stands_in_its_first_lines(tmp_path: Path) -> None:
    program = tmp_path / "checkov"
    program.write_text(f"#!{sys.executable} -I\nimport checkov\n", encoding="utf-8")
    assert python_of(program) == sys.executable
    program.write_text(f"#!/bin/sh\n'''exec' '{sys.executable}' \"$0\" \"$@\"\n' '''\n", encoding="utf-8")
    assert python_of(program) == sys.executable
    for text in ("#!/bin/sh\nexit 0\n", "", "\x7fELF", "#!/absent/python3\n"):
        program.write_text(text, encoding="utf-8")
        with pytest.raises(PolicyError, match="checkov: is no Checkov that can be asked, it does not begin with the "):
            python_of(program)


def scan_with(body: str, folder: Path, patch: pytest.MonkeyPatch, *, seconds: float = 20.0) -> str:
    """The refusal of a scan with a runner that is this shell script."""
    python = executable(folder / "python3", body)
    program = folder / "checkov"
    program.write_text(f"#!{python}\n", encoding="utf-8")
    program.chmod(0o755)
    patch.setenv("LAMBDANET_CHECKOV", str(program))
    with pytest.raises(PolicyError) as raised, Checkov(timeout_seconds=seconds) as checkov:
        checkov.scan([read_synthesized(write_synthesized(folder / "orders", RESOURCES))])
    return str(raised.value)


LOADED = """echo '{"version": "3", "checks": [], "doubts": []}'; read first; read second"""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "echo 'Traceback: no module named x' >&2; exit 2",
            (
                "Checkov ended with exit code 2 before its start; without it nothing is proven; look at what it said: "
                "Traceback: no module named x"
            ),
        ),
        (
            f"{LOADED}; exit 1",
            (
                "Checkov ended with exit code 1 before its answer; without it nothing is proven; run it again, and "
                "`make setup` if that does not help"
            ),
        ),
        (f"{LOADED}; kill -9 $$", "Checkov ended with exit code -9 before its answer; without it nothing is proven; "),
        ("echo hello", "Checkov wrote something else for its start; without it nothing is proven; "),
        (f"{LOADED}; echo '[]'", "Checkov wrote something else for its answer; without it nothing is proven; "),
        (f"{LOADED}; echo '{{\"number\": 7}}'", "Checkov gave an answer that nobody asked for; without it nothing is "),
        (
            """echo '{"version": "3", "checks": [], "doubts": ["a.py is not loaded"]}'""",
            "Checkov: not every check is loaded: a.py is not loaded; a run without it would prove less than it says; ",
        ),
    ],
)
def test_a_runner_that_breaks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, sentence: str
) -> None:
    assert scan_with(body, tmp_path, monkeypatch).startswith(sentence)


def test_a_runner_that_hangs_is_killed_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkov_process, "_GRACE_SECONDS", 0.0)
    pids = tmp_path / "pids"
    sentence = scan_with(f"sleep 600 & echo $$ $! > {pids}; wait", tmp_path, monkeypatch, seconds=1.0)
    assert sentence.startswith("Checkov gave no start within 1 seconds; without it nothing is proven; ")
    ids = pids.read_text(encoding="utf-8").split()
    asked = subprocess.run(["ps", "-o", "stat=", "-p", ",".join(ids)], capture_output=True, text=True, check=False)
    assert len(ids) == 2
    assert [state for state in asked.stdout.split() if not state.startswith("Z")] == []


def test_only_a_copy_is_judged_in_a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BC_API_KEY", "secret")
    seen = tmp_path / "seen"
    sentence = scan_with(f"{LOADED}; (pwd; echo $second; ls -A $HOME/*/0; env) > {seen}; exit 3", tmp_path, monkeypatch)
    assert "exit code 3" in sentence
    place, _, *listed = seen.read_text(encoding="utf-8").splitlines()
    assert listed[0] == "cdk.tf.json"
    assert not any(line.startswith("BC_API_KEY") for line in listed)
    assert not Path(place).exists()
