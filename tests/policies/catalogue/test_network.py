"""Policies on networks, each on its samples in every input."""

from __future__ import annotations

import pytest

from analysis.plan import synthesized_plan
from policies.catalogue.network import (
    endpoint_for_each_service,
    flow_log_of_vpc,
    gateway_endpoints_of_s3_and_dynamodb,
    role_makes_network_interfaces,
)
from policies.policy import Outcome, Policy
from policies.samples import merged
from policies.view import View
from tests.policies.catalogue.harness import APPLIED, Case, Judged

AREA = "network"
UNAPPLIED: dict[str, str] = {}
"""Samples that the emulator cannot hold, each with the reason."""


def test_a_sample_is_judged_as_its_names_say(plans: Judged, case: Case, given: str) -> None:
    assert plans.outcomes(case, given) == case.expected(applied=given == APPLIED)


@pytest.mark.parametrize(
    ("policy", "address"),
    [
        (endpoint_for_each_service.POLICY, "aws_lambda_function.fails_without_endpoint"),
        (flow_log_of_vpc.POLICY, "aws_vpc.fails_without_log"),
        (gateway_endpoints_of_s3_and_dynamodb.POLICY, "aws_lambda_function.fails_with_endpoint_of_s3_only"),
        (role_makes_network_interfaces.POLICY, "aws_lambda_function.fails_with_logs_only"),
    ],
)
def test_what_is_missing_may_stand_in_a_module_that_synthesized_json_does_not_hold(
    policy: Policy, address: str
) -> None:
    kind, _, name = address.partition(".")
    sample = next(entry for entry in policy.samples if name in entry["resource"].get(kind, {}))
    module = {"module": {"beside": {"source": "example/beside/aws", "vpc_id": "${aws_vpc.main.id}"}}}
    found = {
        verdict.outcome
        for document in (sample, merged(sample, module))
        for verdict in policy.judge(View(synthesized_plan(document)))
        if verdict.address == address
    }
    assert found == {Outcome.FAILED, Outcome.UNKNOWN}
