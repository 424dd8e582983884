from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from cli.check_formats import CheckFormat, Told, text_of
from cli.check_formats.github import github
from policies.finding import Finding, Place, Status
from policies.policy import Severity
from policies.result import CheckResult, Summary

QUEUE = 'aws_sqs_queue.jobs["a,b"]'
FAILED = Finding(
    "CKV2_LNET_301",
    Severity.HIGH,
    "aws_db_proxy.orders",
    "dev-orders",
    "require_tls is not true",
    "set require_tls = true",
    title="RDS proxy refuses connections without TLS",
    place=Place("stacks/orders api.py", 12),
)
BUILT_IN = Finding(
    "CKV_AWS_27",
    Severity.MEDIUM,
    QUEUE,
    "dev-orders",
    "does not hold: Ensure 100% of the queues | are <b>encrypted</b>\n@team",
    "set what the check asks for",
    title="Ensure queues are encrypted",
)
UNKNOWN = Finding(
    "CKV2_LNET_301",
    Severity.HIGH,
    "aws_db_proxy.later",
    "prod-orders",
    "require_tls is known only after apply",
    "write true",
    Status.UNKNOWN,
    title="RDS proxy refuses connections without TLS",
)
SKIPPED = Finding("CKV_AWS_26", Severity.LOW, "aws_sns_topic.a", "prod-orders", "m", "f", Status.SKIPPED, "t", "public")
EXCEPTED = Finding("CKV_AWS_7", Severity.LOW, "aws_kms_key.a", "prod-orders", "m", "f", Status.EXCEPTED, "t", "agreed")
BASELINE = Finding("CKV_AWS_8", Severity.LOW, "aws_kms_key.b", "prod-orders", "m", "f", Status.BASELINE, "t", "old")
SUMMARY = Summary(("dev-orders", "empty", "prod-orders"), 3, 61, 68, 810, "3.3.30", ("left-orders",), ("a skip",))
COUNTS = (
    "2 failed (1 HIGH, 1 MEDIUM), 1 unknown, 1 skipped, 1 excepted, 1 baseline in 61 resources of 3 targets; judged by "
    "68 policies and Checkov 3.3.30"
)
ALL = (FAILED, BUILT_IN, UNKNOWN, SKIPPED, EXCEPTED, BASELINE)
FILES = {"prod-orders": "plans/prod.json"}
TOLD = Told(CheckResult(ALL, SUMMARY, FILES), frozenset({FAILED}))


def sarif(told: Told = TOLD) -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads(text_of(CheckFormat.SARIF, told))
    return document


def test_the_table_says_what_and_what_to_do_by_resource() -> None:
    text = text_of(CheckFormat.TABLE, TOLD)
    lines = [line.rstrip() for line in text.splitlines()]

    assert "\x1b" not in text
    start = lines.index("dev-orders")
    assert lines[start + 1 : start + 4] == [
        "  aws_db_proxy.orders  stacks/orders api.py:12",
        "    HIGH     CKV2_LNET_301 require_tls is not true",
        "                           set require_tls = true",
    ]
    assert "    unknown  CKV2_LNET_301 require_tls is known only after apply" in lines
    assert "    skipped  CKV_AWS_26 t: public" in lines
    assert "    excepted CKV_AWS_7 t: agreed" in lines
    assert "CKV_AWS_8" not in text
    assert lines[-3:] == [
        "left out, as nothing that they are made of has changed: 1 target (left-orders)",
        "a skip",
        f"{COUNTS}.",
    ]


def test_severities_are_coloured_for_a_terminal() -> None:
    assert "\x1b[31mHIGH" in text_of(CheckFormat.TABLE, TOLD, colour=True)


def test_json_is_the_result() -> None:
    document = json.loads(text_of(CheckFormat.JSON, TOLD))

    assert document == TOLD.result.as_json()
    assert document["findings"][0]["place"] == {"file": "stacks/orders api.py", "line": 12}
    assert document["summary"]["status"] == {"failed": 2, "unknown": 1, "skipped": 1, "excepted": 1, "baseline": 1}


def test_sarif_keeps_the_rules_of_its_schema() -> None:
    document = sarif()

    assert (document["version"], set(document)) == ("2.1.0", {"$schema", "version", "runs"})
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "lambdanet"
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == 5
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
        assert re.fullmatch(r"\d\.\d", rule["properties"]["security-severity"])
    assert len(run["results"]) == len(ALL)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] in {"fail", "open"}
        assert result["kind"] == "fail" or result["level"] == "none"  # SARIF 2.1.0, 3.27.9 and 3.27.10
        assert result["message"]["text"]
        assert isinstance(result["suppressions"], list)  # 3.27.23: on all results of a run, or on none
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        (location,) = result["locations"]
        physical = location.get("physicalLocation")
        if physical is not None:
            assert re.fullmatch(r"[\w./%~-]+", physical["artifactLocation"]["uri"])
            assert physical["region"]["startLine"] >= 1


def test_sarif_tells_resource_place_and_help() -> None:
    (run,) = sarif()["runs"]
    by_resource = {result["locations"][0]["logicalLocations"][0]["name"]: result for result in run["results"]}

    failed = by_resource["aws_db_proxy.orders"]
    assert failed["message"]["text"] == (
        "aws_db_proxy.orders of dev-orders: require_tls is not true; set require_tls = true."
    )
    assert failed["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "stacks/orders%20api.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12},
    }
    rule = run["tool"]["driver"]["rules"][failed["ruleIndex"]]
    assert "RDS.43" in rule["help"]["markdown"]
    assert by_resource["aws_db_proxy.later"]["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert [by_resource[name]["suppressions"] for name in ("aws_sns_topic.a", "aws_kms_key.a", "aws_kms_key.b")] == [
        [{"kind": "inSource", "status": "accepted", "justification": "public"}],
        [{"kind": "external", "status": "accepted", "justification": "agreed"}],
        [{"kind": "external", "status": "accepted", "justification": "old"}],
    ]
    assert failed["suppressions"] == []


def test_fingerprints_stay_when_lines_move_and_differ_by_target() -> None:
    def prints(*findings: Finding) -> list[Any]:
        told = Told(CheckResult(findings, SUMMARY), frozenset())
        return [result["partialFingerprints"] for result in sarif(told)["runs"][0]["results"]]

    moved = Finding(**{**vars(FAILED), "place": Place("stacks/other.py", 99), "message": "other words"})
    elsewhere = Finding(**{**vars(FAILED), "target": "prod-orders"})

    assert prints(FAILED) == prints(moved)
    assert len({json.dumps(entry) for entry in prints(FAILED, elsewhere, BUILT_IN)}) == 3


def test_junit_has_a_suite_for_each_target() -> None:
    root = fromstring(text_of(CheckFormat.JUNIT, TOLD))  # noqa: S314  # our own text

    suites = {suite.attrib["name"]: suite for suite in root}
    assert list(suites) == ["dev-orders", "empty", "prod-orders"]
    assert {name: suites["dev-orders"].attrib[name] for name in ("tests", "failures", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
    }
    (failure,) = suites["dev-orders"].findall("testcase[@file]/failure")
    assert failure.text == "aws_db_proxy.orders: require_tls is not true\nset require_tls = true"
    (below,) = suites["dev-orders"].iter("skipped")
    assert below.attrib["message"].startswith("failed: does not hold: ")
    assert [entry.attrib["message"] for entry in suites["prod-orders"].iter("skipped")] == [
        "unknown: require_tls is known only after apply",
        "skipped: public",
        "excepted: agreed",
        "baseline: old",
    ]
    assert len(suites["empty"]) == 1


def test_github_commands_are_escaped() -> None:
    lines = github(TOLD).splitlines()

    assert lines[0] == (
        "::error file=stacks/orders api.py,line=12,title=HIGH CKV2_LNET_301 RDS proxy refuses connections without TLS::"
        "aws_db_proxy.orders of dev-orders: require_tls is not true%0Aset require_tls = true"
    )
    assert lines[1] == (
        '::warning title=MEDIUM CKV_AWS_27 Ensure queues are encrypted::aws_sqs_queue.jobs["a,b"] of dev-orders: does '
        "not hold: Ensure 100%25 of the queues | are <b>encrypted</b>%0A@team%0Aset what the check asks for"
    )
    assert lines[2].startswith("::notice file=plans/prod.json,line=1,title=HIGH CKV2_LNET_301 ")
    assert not any("CKV_AWS_26" in line for line in lines)
    odd = Finding(**{**vars(FAILED), "title": "a: b, 5%\nc"})
    assert "title=HIGH CKV2_LNET_301 a%3A b%2C 5%25%0Ac::" in github(Told(CheckResult((odd,), SUMMARY), frozenset()))


def test_markdown_means_nothing_but_what_it_shows() -> None:
    text = text_of(CheckFormat.MARKDOWN, TOLD)

    assert text.startswith("## lambdanet check\n\n2 failed (1 HIGH, 1 MEDIUM), 1 unknown, ")
    rows = [line for line in text.splitlines() if line.startswith(("| HIGH", "| MEDIUM"))]
    assert "`aws_db_proxy.orders`<br>dev-orders<br>stacks/orders api.py:12" in rows[0]
    assert "100% of the queues \\| are &lt;b>encrypted&lt;/b> &#64;team" in rows[1]
    assert text.count("<details>") == text.count("</details>") == 4


@pytest.mark.parametrize("status", [Status.FAILED, Status.SKIPPED])
def test_markdown_fits_into_a_comment(status: Status) -> None:
    many = tuple(Finding(**{**vars(FAILED), "resource": f"aws_db_proxy.p{n}", "status": status}) for n in range(2000))
    text = text_of(CheckFormat.MARKDOWN, Told(CheckResult((*many, UNKNOWN), SUMMARY), frozenset()))

    assert len(text) < 65_536
    assert re.search(r"and 1\d{3} more; ", text)


def test_what_is_written_ends_with_a_line_break() -> None:
    assert all(text_of(form, TOLD).endswith("\n") for form in CheckFormat)


def test_nothing_found_is_said() -> None:
    empty = Told(CheckResult((), Summary(("a",), 1, 2, 68, 9, "3"), {"a": "a"}), frozenset())
    for form in (CheckFormat.TABLE, CheckFormat.MARKDOWN, CheckFormat.GITHUB):
        assert "0 failed, 0 unknown" in text_of(form, empty)
    assert sarif(empty)["runs"][0]["results"] == []
