"""The stack orders_api: its configuration and its synthesized document say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.concurrency import AccountConcurrency, functions_of_document, ledgers, place_of
from rollout.targets import read_targets
from stacks.checks import checked_configs
from tests.synth.project import copy_project, synthesize

pytestmark = pytest.mark.synth

SCHEDULE = {"schedule": "cron(0 7 ? * MON-FRI *)", "minimum": 2, "maximum": 9}
SCHEDULED = {"minimum": 1, "maximum": 5, "schedules": {"morning": SCHEDULE}}
UNRESERVED = {"reserved_concurrency": None, "unreserved_reason": "a test"}
EXPECTED: dict[str, tuple[dict[str, Any], int | None, int]] = {
    "eu-central-1": ({}, 20, 0),
    "eu-west-1": ({"alias": {"provisioned_concurrency": {"minimum": 3}}}, 20, 3),
    "us-east-1": ({"alias": {"provisioned_concurrency": SCHEDULED}}, 20, 9),
    "us-west-2": ({**UNRESERVED, "alias": {"provisioned_concurrency": {"minimum": 1, "maximum": 7}}}, None, 7),
}
"""Settings of the function, what it reserves and what it provisions, by the region of its target."""


def test_configuration_and_document_take_the_same(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    for region, (function, _, _) in EXPECTED.items():
        network = {"cidr": "10.20.0.0/16", "availability_zones": [f"{region}a", f"{region}b"]}
        settings = {"network": network, "function": function, "proxy": {"oversubscription_reason": "a test"}}
        path = project / "environments" / "dev" / "main" / f"{region}.yaml"
        path.write_text(yaml.safe_dump({"region": region, "stacks": {"orders_api": settings}}), encoding="utf-8")
    entries = read_targets(project / "environments")
    configs = checked_configs(entries)
    synthesized = synthesize(project)

    configured = AccountConcurrency({}).ledgers((entry.target, configs[entry.target.name]) for entry in entries)
    documented = ledgers(
        (
            function
            for target in (entry.target for entry in entries)
            for function in functions_of_document(
                synthesized.document(target.name),
                account_id=target.account_id,
                region=target.region,
                place=place_of(target),
            )
        ),
        {},
    )

    for found in (configured, documented):
        assert [
            (ledger.region, function.reserved, function.provisioned)
            for ledger in found
            for function in ledger.functions
        ] == [(region, reserved, provisioned) for region, (_, reserved, provisioned) in EXPECTED.items()]
    assert documented[0].functions[0].function == "dev/main/eu-central-1/orders_api acme-dev-orders-api-api"
