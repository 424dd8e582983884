"""The list of known gaps, and plans held against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.extensions.patching import MOTO_VERSION
from local.failures import EmulatorFailure
from local.known_gaps import Difference, KnownGap, load_gaps, unexplained, vanished
from modules.core.errors import ConfigError

OPTIONS = KnownGap("aws_vpc_endpoint", "set again by every plan", "5.2.5", "not kept", attribute="dns_options")
CLUSTER = KnownGap("aws_rds_cluster_endpoint", "apply fails", "5.2.5", "rare", action="rds:CreateDBClusterEndpoint")


def change(actions: list[str], before: Any, after: Any, unknown: Any = None) -> dict[str, Any]:
    return {
        "address": "aws_vpc_endpoint.sm",
        "type": "aws_vpc_endpoint",
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}},
    }


def test_every_listed_gap_is_one_of_the_moto_that_the_extensions_are_written_for() -> None:
    assert {gap.moto_version for gap in load_gaps()} <= {MOTO_VERSION}


def test_a_plan_without_changes_is_empty() -> None:
    same = {"id": "vpce-1"}
    assert unexplained([change(["no-op"], same, same), change(["read"], None, same)], [OPTIONS]) == ((), ())


def test_a_listed_gap_is_named_and_explains_what_is_below_it() -> None:
    before = {"id": "vpce-1", "dns_options": [{"dns_record_ip_type": None}], "dns_options_2": 1}
    after = {"id": "vpce-1", "dns_options": [{"dns_record_ip_type": "ipv4"}], "dns_options_2": 1}
    assert unexplained([change(["update"], before, after)], [OPTIONS]) == ((OPTIONS,), ())
    assert unexplained([change(["update"], {"dns_options": []}, after)], [OPTIONS]) == (
        (OPTIONS,),
        (
            Difference("aws_vpc_endpoint.sm", "aws_vpc_endpoint", "dns_options_2", None, 1),
            Difference("aws_vpc_endpoint.sm", "aws_vpc_endpoint", "id", None, "vpce-1"),
        ),
    )


def test_a_gap_explains_its_own_resource_type_only() -> None:
    plan = change(["update"], {"dns_options": []}, {"dns_options": [1]})
    review = unexplained([{**plan, "type": "aws_vpc", "address": "aws_vpc.v"}], [OPTIONS])
    assert [str(each) for each in review.differences] == ["aws_vpc.v: dns_options [] -> [1]"]
    assert review.gaps == ()


def test_values_known_after_apply_follow_from_the_difference() -> None:
    plan = change(
        ["update"],
        {"dns_options": [], "dns_entry": ["a"], "tags": {}},
        {"dns_options": [1], "tags": {}},
        {"dns_entry": True, "tags": {}},
    )
    assert unexplained([plan], [OPTIONS]) == ((OPTIONS,), ())


def test_a_value_known_after_apply_alone_is_the_difference() -> None:
    plan = change(["update"], {"dns_entry": ["a"]}, {}, {"dns_entry": True})
    assert [str(each) for each in unexplained([plan], [OPTIONS]).differences] == [
        "aws_vpc_endpoint.sm: dns_entry ['a'] -> None"
    ]


@pytest.mark.parametrize("actions", [["create"], ["delete"], ["delete", "create"], ["create", "delete"]])
def test_a_whole_resource_is_never_explained(actions: list[str]) -> None:
    review = unexplained([change(actions, {"dns_options": []}, {"dns_options": [1]})], [OPTIONS])
    assert [str(each) for each in review.differences] == [f"aws_vpc_endpoint.sm: {' and '.join(actions)}"]


def test_gaps_of_applied_types_that_no_longer_show_have_vanished() -> None:
    types = {"aws_vpc_endpoint", "aws_rds_cluster_endpoint"}
    failure = EmulatorFailure("rds", "CreateDBClusterEndpoint", "not implemented")
    gaps = [OPTIONS, CLUSTER]
    assert vanished([], types, [], gaps) == (OPTIONS, CLUSTER)
    assert vanished([OPTIONS], types, [failure], gaps) == ()
    assert vanished([], {"aws_vpc"}, [], gaps) == ()


def write(folder: Path, text: str) -> Path:
    path = folder / "gaps.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "gaps:\n- {resource_type: aws_vpc_endpoint, attribute: dns_options, symptom: set again by every plan,"
        " moto_version: 5.2.5, reason: not kept}\n",
    )
    assert load_gaps(path) == (OPTIONS,)


@pytest.mark.parametrize("text", ["", "gaps:\n", "[]\n", "gaps: {}\n"])
def test_a_file_without_a_list_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_gaps(write(tmp_path, text))
    assert str(caught.value) == (
        "gaps.yaml: it holds no list of gaps; it holds one list named gaps; write `gaps: []` for none"
    )


@pytest.mark.parametrize(
    ("entry", "given"),
    [
        ("{resource_type: aws_vpc, symptom: s}", "resource_type, symptom"),
        (
            "{resource_type: a, symptom: s, moto_version: v, reason: r, action: x, note: n}",
            "resource_type, symptom, moto_version, reason, action, note",
        ),
        ("aws_vpc", "'aws_vpc'"),
    ],
)
def test_a_gap_with_other_keys_is_refused(tmp_path: Path, entry: str, given: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_gaps(write(tmp_path, f"gaps:\n- {entry}\n"))
    assert str(caught.value) == (
        f"gaps.yaml gap 1: it has {given}; a gap has resource_type, symptom, moto_version, reason and one of "
        "attribute and action; give it these keys and no others"
    )


@pytest.mark.parametrize(
    ("extra", "given"),
    [
        ("", "attribute is '' and action is ''"),
        (", attribute: a, action: b", "attribute is 'a' and action is 'b'"),
    ],
)
def test_a_gap_is_either_an_attribute_or_an_action(tmp_path: Path, extra: str, given: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_gaps(write(tmp_path, f"gaps:\n- {{resource_type: a, symptom: s, moto_version: v, reason: r{extra}}}\n"))
    assert str(caught.value) == (
        f"gaps.yaml gap 1: {given}; a gap is either an attribute that differs or an action that fails; "
        "give exactly one of them"
    )
