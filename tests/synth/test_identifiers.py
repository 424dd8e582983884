"""Identifiers are contracts: what is added never renames, moves or reorders what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.synth.inventory import elements
from tests.synth.project import TARGET, Synthesized, change_network, copy_project, synthesize

pytestmark = pytest.mark.synth

TWO, THREE = ["us-east-1a", "us-east-1b"], ["us-east-1a", "us-east-1b", "us-east-1c"]
GROWING = {
    "aws_db_proxy.vpc_subnet_ids",
    "aws_db_subnet_group.subnet_ids",
    "aws_lambda_function.vpc_config.subnet_ids",
    "output.alarm_names.value",
    "output.private_subnet_ids.value",
}
"""Lists that name one thing per zone."""


def with_network(folder: Path, **settings: Any) -> Synthesized:
    project = copy_project(folder)
    change_network(project, **settings)
    return synthesize(project, LAMBDANET_TARGET=TARGET)


@pytest.fixture(scope="module")
def two_zones(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return with_network(tmp_path_factory.mktemp("two") / "project", availability_zones=TWO)


def made_of(body: Any) -> Any:
    """A resource without `lifecycle`, which only says what a plan asks, and without what a dashboard shows."""
    left_out = {"lifecycle", "dashboard_body"}
    return {key: value for key, value in body.items() if key not in left_out} if isinstance(body, dict) else body


def lists_that_grew(before: Any, after: Any, where: str) -> set[str]:
    """Fail unless `after` is `before` with members inserted into lists; say into which."""
    if isinstance(before, dict):
        assert before.keys() == after.keys(), where
        return {grown for key in before for grown in lists_that_grew(before[key], after[key], f"{where}.{key}")}
    if before == after:
        return set()
    assert isinstance(before, list), f"{where} was {before!r} and is {after!r}"
    remaining = iter(after)
    assert all(member in remaining for member in before), f"{where} lost or moved a member: {before} → {after}"
    return {where}


def test_a_third_zone_changes_nothing_but_lists_with_a_member_per_zone(two_zones: Synthesized, tmp_path: Path) -> None:
    before = elements(two_zones.document())
    after = elements(with_network(tmp_path / "project", availability_zones=THREE).document())

    assert not before.keys() - after.keys()
    grown = set()
    for address, body in before.items():
        kind = address if address.startswith("output.") else address.rpartition(".")[0] or address
        grown |= lists_that_grew(made_of(body), made_of(after[address]), kind)
    assert grown == GROWING
    added = sorted(address for address in after.keys() - before.keys())
    assert added
    assert all("-c" in address for address in added), added


def test_a_third_zone_adds_lines_to_the_dashboard_and_takes_none_away(two_zones: Synthesized, tmp_path: Path) -> None:
    before = graphs(two_zones)
    after = graphs(with_network(tmp_path / "project", availability_zones=THREE))

    assert before
    assert {title: lines - after[title] for title, lines in before.items() if lines - after[title]} == {}


def graphs(synthesized: Synthesized) -> dict[str, set[str]]:
    """Title of each graph of the dashboard to its lines."""
    (dashboard,) = synthesized.document()["resource"]["aws_cloudwatch_dashboard"].values()
    shown = [widget["properties"] for widget in json.loads(dashboard["dashboard_body"])["widgets"]]
    return {each["title"]: {json.dumps(line) for line in each["metrics"]} for each in shown if "metrics" in each}


def test_the_order_of_zones_does_not_change_one_byte(two_zones: Synthesized, tmp_path: Path) -> None:
    reversed_order = with_network(tmp_path / "project", availability_zones=TWO[::-1])

    assert reversed_order.path().read_bytes() == two_zones.path().read_bytes()


def test_the_output_does_not_depend_on_the_folder(two_zones: Synthesized, tmp_path: Path) -> None:
    elsewhere = with_network(tmp_path / "a folder with spaces" / "project", availability_zones=TWO)

    assert elsewhere.path().read_bytes() == two_zones.path().read_bytes()
    assert str(tmp_path) not in elsewhere.path().read_text(encoding="utf-8")


@pytest.mark.parametrize(("zones", "added"), [(TWO, "us-east-1c"), (TWO, "us-east-1d"), (THREE[1:], "us-east-1a")])
def test_a_single_nat_gateway_stays_where_it_is(tmp_path: Path, zones: list[str], added: str) -> None:
    fixed = {"egress": {"strategy": "nat_single", "zone": "us-east-1b"}}
    before = elements(with_network(tmp_path / "before", availability_zones=zones, **fixed).document())
    after = elements(with_network(tmp_path / "after", availability_zones=[*zones, added], **fixed).document())

    kinds = ("aws_nat_gateway.", "aws_eip.")
    gateways = {address: body for address, body in before.items() if address.startswith(kinds)}
    assert len(gateways) == 2
    assert {address: body for address, body in after.items() if address.startswith(kinds)} == gateways
    routes = {address: body for address, body in after.items() if address.startswith("aws_route.network_private_")}
    assert len(routes) == len(zones) + 1
    assert len({body["nat_gateway_id"] for body in routes.values()}) == 1
    assert {address: body for address, body in before.items() if address in routes}.items() <= routes.items()
