from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.policies import policies_text
from policies.catalogue import catalogue
from policies.examples import example
from policies.policy import Outcome, Policy
from tests.cli.plan_runs import run
from tests.policies.catalogue.harness import TODAY

DOCUMENTATION = Path("docs/policies.md")


def test_the_documentation_is_the_policies() -> None:
    assert DOCUMENTATION.read_text(encoding="utf-8") == policies_text(), (
        "run `lambdanet policies --format markdown --output docs/policies.md`"
    )


def test_every_policy_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "policies.txt"

    assert run("policies", "--output", file).exit_code == 0

    text = file.read_text(encoding="utf-8")
    assert [policy.id for policy in catalogue() if policy.id not in text] == []
    assert run("policies").stdout.count("CKV2_LNET_") == len(catalogue())


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED])
@pytest.mark.parametrize("policy", catalogue(), ids=lambda policy: policy.id)
def test_every_policy_has_a_good_and_a_bad_example(policy: Policy, outcome: Outcome) -> None:
    found = example(policy, outcome, today=TODAY)

    assert found is not None
    assert bool(found.message) == (outcome is Outcome.FAILED)
    kind, _, name = found.address.partition(".")
    assert name in found.document["resource"][kind]


def test_an_example_holds_what_it_needs_and_no_more() -> None:
    (policy,) = (entry for entry in catalogue() if entry.id == "CKV2_LNET_301")
    found = example(policy, Outcome.FAILED)

    assert found is not None
    assert found.address == "aws_db_proxy.fails_without_tls"
    assert list(found.document["resource"]["aws_db_proxy"]) == ["fails_without_tls"]
    assert {"aws_subnet", "aws_vpc", "aws_iam_role"} < found.document["resource"].keys()
    assert "terraform_data" not in found.document["resource"]


def test_one_policy_is_shown_with_its_examples() -> None:
    result = run("policies", "show", "ckv2_lnet_301")

    assert result.exit_code == 0
    assert result.stdout.startswith("CKV2_LNET_301  RDS proxy refuses connections without TLS\nseverity  HIGH\n")
    assert "source    Security Hub controls for Amazon RDS, RDS.43\n" in result.stdout
    head, _, bad = result.stdout.partition(
        "aws_db_proxy.fails_without_tls failed: require_tls is not true, so that passwords and rows cross the network "
        "in the clear\n"
    )
    good = head.partition("aws_db_proxy.passes_with_tls passed\n")[2]
    assert json.loads(good)["resource"]["aws_db_proxy"]["passes_with_tls"]["require_tls"] is True
    assert json.loads(bad)["resource"]["aws_db_proxy"]["fails_without_tls"]["require_tls"] is False


def test_a_policy_that_does_not_exist_is_told() -> None:
    result = run("policies", "show", "CKV2_LNET_999")

    assert result.exit_code == 2
    assert "CKV2_LNET_999" in result.stderr
