"""Policies on security groups, each on its samples in every input."""

from __future__ import annotations

import pytest

from policies.catalogue.security_groups import one_spelling_of_rules
from policies.policy import Outcome
from policies.view import View
from tests.analysis.documents import plan, ref, resource
from tests.policies.catalogue.harness import APPLIED, Case, Judged

AREA = "security_groups"
UNAPPLIED: dict[str, str] = {}
"""Samples that the emulator cannot hold, each with the reason."""


def test_a_sample_is_judged_as_its_names_say(plans: Judged, case: Case, given: str) -> None:
    assert plans.outcomes(case, given) == case.expected(applied=given == APPLIED)


@pytest.mark.parametrize(("port", "outcome"), [(443, Outcome.PASSED), (8443, Outcome.UNKNOWN)])
def test_a_rule_that_no_rule_resource_explains_may_be_a_dynamic_block(port: int, outcome: Outcome) -> None:
    listed = {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["10.0.0.0/16"]}
    given = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/16"}
    group = resource("aws_security_group.main", {"id": "sg-1", "ingress": [listed]}, actions=("no-op",))
    apart = resource(
        "aws_vpc_security_group_ingress_rule.main",
        {"security_group_id": "sg-1", **given},
        expressions={"security_group_id": ref("aws_security_group.main.id")},
        actions=("no-op",),
    )
    assert [entry.outcome for entry in one_spelling_of_rules.judge(View(plan(group, apart)))] == [outcome]
