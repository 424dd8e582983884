"""Quota snapshots: what the files hold, and where they stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quotas import CONCURRENT_EXECUTIONS, QUOTAS, QuotaSnapshot, read_snapshots, snapshot_path
from modules.core.errors import ConfigError
from tests.modules.core.samples import CI, sentence

VALID: dict[str, Any] = {
    "account_id": "123456789012",
    "region": "eu-west-1",
    "taken": date(2026, 11, 21),
    "quotas": {CONCURRENT_EXECUTIONS: 1000},
}
FILE = "quotas/123456789012/eu-west-1.yaml"
BOUNDS = "a quota takes 0 to 1000000000 (our bound; Service Quotas has none); set a value from 0 to 1000000000"
TEXT = """\
# Quotas of an account in a region, written by `lambdanet quotas snapshot`.
account_id: "123456789012"
region: eu-west-1
taken: 2026-11-21
reserved_elsewhere: 40
provisioned_elsewhere: 5
quotas:
  L-B99A9384: 1000  # lambda: Concurrent executions (executions)
  L-9FEE3D26: 500  # lambda: Elastic network interfaces per VPC (interfaces)
  L-FE5A380F: 5  # vpc: NAT gateways per Availability Zone (gateways)
"""


def snapshot(**fields: Any) -> QuotaSnapshot:
    return QuotaSnapshot.parse({**VALID, **fields})


def write(folder: Path, text: str, file: str = FILE) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_snapshots(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_has_one_line_for_each_value_in_an_order_of_its_own(tmp_path: Path) -> None:
    quotas = {"L-FE5A380F": 5, "L-9FEE3D26": 500, CONCURRENT_EXECUTIONS: 1000}
    taken = snapshot(quotas=quotas, reserved_elsewhere=40, provisioned_elsewhere=5)

    assert taken.write(tmp_path) == tmp_path / FILE
    assert (tmp_path / FILE).read_text(encoding="utf-8") == TEXT
    assert read_snapshots(tmp_path) == {("123456789012", "eu-west-1"): taken}


@CI
@given(
    st.dictionaries(st.sampled_from(sorted(QUOTAS)), st.integers(0, 10**9)),
    st.dates(date(2000, 1, 1), date(9999, 12, 31)),
    st.integers(0, 10**9),
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, further: dict[str, int], taken: date, elsewhere: int
) -> None:
    folder = tmp_path_factory.mktemp("environments")
    quotas = {CONCURRENT_EXECUTIONS: 1000, **further}
    written = snapshot(quotas=quotas, taken=taken, reserved_elsewhere=elsewhere)
    written.write(folder)
    assert read_snapshots(folder) == {("123456789012", "eu-west-1"): written}


def test_without_snapshots_no_quota_is_known(tmp_path: Path) -> None:
    assert read_snapshots(tmp_path) == {}


def test_age_is_counted_in_days() -> None:
    assert snapshot().age_days(date(2026, 12, 1)) == 10


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"account_id": "1234"},
         'account_id is "1234"; an AWS account id has 12 digits; quote it in YAML and write all digits'),
        ({"region": "europe"},
         'region is "europe"; an AWS region reads like eu-west-1; write the region\'s code name'),
        ({"quotas": {CONCURRENT_EXECUTIONS: -1}},
         f"quotas.L-B99A9384 is -1; {BOUNDS}"),
        ({"quotas": {"L-F678F1CE": 5}},
         "quotas lacks L-B99A9384; every account has concurrent executions; take the snapshot again"),
        ({"quotas": {"L-0": 1, CONCURRENT_EXECUTIONS: 1}},
         f'quotas.L-0 is "L-0"; a quota of a snapshot is one of {", ".join(QUOTAS)}; choose one of them'),
        ({"reserved": 1}, "reserved is not a field; remove it, or check its spelling"),
    ],
)  # fmt: skip
def test_what_no_snapshot_holds_is_refused(fields: dict[str, Any], refused: str) -> None:
    assert sentence(QuotaSnapshot, {**VALID, **fields}) == refused


def test_problems_of_all_files_come_at_once_and_carry_their_file(tmp_path: Path) -> None:
    write(tmp_path, TEXT.replace("taken", "token"))
    write(tmp_path, TEXT, "quotas/123456789012/us-east-1.yaml")
    write(tmp_path, "- a\n", "quotas/210987654321/eu-west-1.yaml")
    write(tmp_path, "<<<<<<< ours\n>>>>>>> theirs: [\n", "quotas/210987654321/us-east-1.yaml")

    found = problems(tmp_path)

    assert found[:-1] == [
        f"{FILE}: taken is missing; it has no default; set it",
        f"{FILE}: token is not a field; remove it, or check its spelling",
        (
            "quotas/123456789012/us-east-1.yaml: it holds the quotas of account 123456789012 in eu-west-1; "
            f"these stand in {FILE}; move it, or take the snapshot again"
        ),
        (
            "quotas/210987654321/eu-west-1.yaml: the file holds a list; it holds a mapping of fields; "
            "take the snapshot again"
        ),
    ]
    assert found[-1].startswith("quotas/210987654321/us-east-1.yaml: the file is not YAML (")
    assert found[-1].endswith("); take the snapshot again")


def test_the_projects_snapshots_are_as_the_command_writes_them() -> None:
    found = read_snapshots(Path("environments"))

    assert ("123456789012", "us-east-1") in found
    for taken in found.values():
        path = Path("environments") / snapshot_path(taken.account_id, taken.region)
        assert path.read_text(encoding="utf-8") == taken.text()
        assert set(taken.quotas) == set(QUOTAS)


def test_each_quota_has_a_name_a_unit_and_a_source() -> None:
    for quota in QUOTAS.values():
        assert all((quota.service, quota.name, quota.unit, quota.source))
