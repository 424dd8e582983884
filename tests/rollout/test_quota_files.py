"""Quota snapshots beside the targets: they make none, and stand in one place only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rollout.test_targets import NAME, failure, only, write


def test_quota_snapshots_make_no_targets(tmp_path: Path) -> None:
    write(tmp_path, **{"quotas/123456789012/eu-west-1.yaml": "region: us-east-1\nstacks: {orders_api: {}}\n"})
    assert only(tmp_path).target.name == NAME


@pytest.mark.parametrize(
    "name",
    [
        "quotas/defaults.yaml", "quotas/eu-west-1.yaml", "quotas/main/eu-west-1.yaml", "quotas/123456789012/dev.yaml",
        "quotas/123456789012/eu-west-1.yml", "quotas/1/123456789012/eu-west-1.yaml",
    ],
)  # fmt: skip
def test_a_snapshot_that_nobody_would_read_is_refused(tmp_path: Path, name: str) -> None:
    assert failure(write(tmp_path, **{name: ""})) == (
        f"{name}: the file has no effect; quota snapshots stand in quotas/<account id>/<region>.yaml; move or rename it"
    )
