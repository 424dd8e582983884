"""Price tables beside the targets: they make none, and stand in one place only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rollout.test_targets import NAME, failure, only, write


def test_price_tables_make_no_targets(tmp_path: Path) -> None:
    write(tmp_path, **{"prices/eu-west-1.yaml": "region: eu-west-1\nstacks: {orders_api: {}}\n"})
    assert only(tmp_path).target.name == NAME


@pytest.mark.parametrize(
    "name", ["prices/europe.yaml", "prices/eu-west-1.yml", "prices/123456789012/eu-west-1.yaml", "prices/defaults.yaml"]
)
def test_a_table_that_nobody_would_read_is_refused(tmp_path: Path, name: str) -> None:
    assert failure(write(tmp_path, **{name: ""})) == (
        f"{name}: the file has no effect; price tables stand in prices/<region>.yaml; move or rename it"
    )
