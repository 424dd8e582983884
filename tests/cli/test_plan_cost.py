"""What plans cost, as a user asks for it."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.plan_documents import creating
from tests.analysis.forecast.changes import CREATE, Changes
from tests.cli.plan_runs import run, write


def test_a_cost_above_the_maximum_ends_with_1(tmp_path: Path) -> None:
    address = Changes().add("aws_eip.nat", CREATE, None, {"domain": "vpc"})
    address.add("aws_nat_gateway.a", CREATE, None, {"connectivity_type": "public"})
    plan = write(tmp_path / "plan.json", address.document)

    result = run("cost", plan, "--region", "us-east-1", "--maximum", "1", "--format", "json")

    assert result.exit_code == 1
    found = json.loads(result.stdout)["results"][0]
    assert [finding["rule"] for finding in found["findings"]] == ["monthly-cost"]
    assert any(line["address"] == "aws_nat_gateway.a" and line["monthly"] for line in found["lines"])


def test_declared_usage_sets_ways_out_and_architectures_side_by_side(tmp_path: Path) -> None:
    plan = write(tmp_path / "plan.json", creating(100))
    usage = tmp_path / "usage.yaml"
    usage.write_text("functions:\n  '*':\n    requests: 1000000\n    duration_ms: 100\n", encoding="utf-8")

    result = run("cost", plan, "--usage", usage, "--format", "json")

    found = json.loads(result.stdout)["results"][0]
    assert [entry["vpc"] for entry in found["egress"]] == ['module.stack["n0"].module.network.aws_vpc.this']
    assert "one NAT gateway" in [way["name"] for way in found["egress"][0]["strategies"]]
    assert run("cost", plan, "--usage", usage).stdout.count("Ways out of each VPC, in USD a month") == 1
