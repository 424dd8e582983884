"""Quota snapshots: what an account may use in a region, as it was on a day.

    environments/quotas/<account id>/<region>.yaml

`lambdanet quotas snapshot` writes them; they are checked in, so that quotas are known without credentials.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analysis.yaml_file import mapping_in
from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import ConfigError, Problem
from modules.core.fields import AccountId, Matching, OneOf, Within
from modules.core.limits import Range

FOLDER = "quotas"
"""Folder of the snapshots below the environments folder."""

MAX_AGE_DAYS = 90
"""Days after which a snapshot is warned of."""


@dataclass(frozen=True)
class Quota:
    """A quota that Service Quotas keeps for each account and region.

    Attributes:
        service: service code, as Service Quotas has it.
        name: name in Service Quotas.
        unit: unit of its value.
        source: document that names code and quota.
    """

    service: str
    name: str
    unit: str
    source: str


CONCURRENT_EXECUTIONS = "L-B99A9384"
"""The quota that reserved and provisioned concurrency are taken of."""

_LAMBDA, _VPC = "Lambda quotas", "VPC quotas"
QUOTAS = {
    CONCURRENT_EXECUTIONS: Quota("lambda", "Concurrent executions", "executions", _LAMBDA),
    "L-2ACBD22F": Quota("lambda", "Function and layer storage", "GB", _LAMBDA),
    "L-9FEE3D26": Quota("lambda", "Elastic network interfaces per VPC", "interfaces", _LAMBDA),
    "L-0263D0A3": Quota("ec2", "EC2-VPC Elastic IPs", "addresses", "EC2 endpoints and quotas"),
    "L-29B6F2EB": Quota("vpc", "Interface VPC endpoints per VPC", "endpoints", _VPC),
    "L-2AFB9258": Quota("vpc", "Security groups per network interface", "groups", _VPC),
    "L-DF5E4CA3": Quota("vpc", "Network interfaces per Region", "interfaces", _VPC),
    "L-E79EC296": Quota("vpc", "VPC security groups per Region", "groups", _VPC),
    "L-F678F1CE": Quota("vpc", "VPCs per Region", "VPCs", _VPC),
    "L-FE5A380F": Quota("vpc", "NAT gateways per Availability Zone", "gateways", _VPC),
}
"""Quotas that a snapshot holds, by quota code."""

_Code = Annotated[str, OneOf(tuple(QUOTAS), "a quota of a snapshot", literal=True)]
_Value = Annotated[
    int, Within(Range(0, 1_000_000_000, "", "a quota", "our bound; Service Quotas has none"), literal=True)
]
_Region = Annotated[
    str, Matching(limits.REGION, "an AWS region reads like eu-west-1", "write the region's code name", literal=True)
]


class QuotaSnapshot(ConfigModel):
    """Quotas of one account in one region, and what is taken of them outside the project's stacks.

    Raises:
        ConfigError: with every refused field.
    """

    account_id: AccountId = Field(description="Account.")
    region: _Region = Field(description="Region.")
    taken: date = Field(description="Day that the quotas were read, in UTC.")
    reserved_elsewhere: _Value = Field(
        default=0,
        description="Reserved concurrency of functions outside the project's stacks, together, in executions.",
    )
    provisioned_elsewhere: _Value = Field(
        default=0,
        description="Provisioned concurrency of functions outside the project's stacks that reserve nothing, together, "
        "in executions.",
    )
    quotas: dict[_Code, _Value] = Field(description="Value by quota code (Service Quotas).")

    def cross_checks(self) -> Iterator[Problem]:
        """Concurrent executions, which Lambda tells of every account."""
        if CONCURRENT_EXECUTIONS not in self.quotas:
            given, allowed = f"quotas lacks {CONCURRENT_EXECUTIONS}", "every account has concurrent executions"
            yield Problem("", given, allowed, "take the snapshot again")

    @property
    def concurrent_executions(self) -> int:
        """The quota of concurrent executions."""
        return self.quotas[CONCURRENT_EXECUTIONS]

    def age_days(self, today: date) -> int:
        """Days since the snapshot was taken."""
        return (today - self.taken).days

    def text(self) -> str:
        """The file: the same for the same values, one line for each."""
        lines = [
            "# Quotas of an account in a region, written by `lambdanet quotas snapshot`.",
            f'account_id: "{self.account_id}"',
            f"region: {self.region}",
            f"taken: {self.taken.isoformat()}",
            f"reserved_elsewhere: {self.reserved_elsewhere}",
            f"provisioned_elsewhere: {self.provisioned_elsewhere}",
            "quotas:",
        ]
        for code, quota in QUOTAS.items():
            if code in self.quotas:
                lines.append(f"  {code}: {self.quotas[code]}  # {quota.service}: {quota.name} ({quota.unit})")
        return "\n".join(lines) + "\n"

    def write(self, environments: Path) -> Path:
        """Write the file below an environments folder, and return its path."""
        path = environments / snapshot_path(self.account_id, self.region)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text(), encoding="utf-8")
        return path


Snapshots = Mapping[tuple[str, str], QuotaSnapshot]
"""Snapshots by account id and region."""


def snapshot_path(account_id: str, region: str) -> Path:
    """Where the snapshot of an account and region stands, below the environments folder."""
    return Path(FOLDER, account_id, f"{region}.yaml")


def read_snapshots(environments: Path) -> Snapshots:
    """Every snapshot below an environments folder.

    Raises:
        ConfigError: with every refused field of every file, and every file that is not YAML or is in the wrong place.
    """
    found: dict[tuple[str, str], QuotaSnapshot] = {}
    problems: list[Problem] = []
    for path in sorted((environments / FOLDER).glob("*/*.yaml")):
        shown = path.relative_to(environments).as_posix()
        try:
            snapshot = QuotaSnapshot.parse(mapping_in(path, shown, fix="take the snapshot again"), where=shown)
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        place = snapshot_path(snapshot.account_id, snapshot.region).as_posix()
        if shown != place:
            given = f"it holds the quotas of account {snapshot.account_id} in {snapshot.region}"
            problems.append(Problem(shown, given, f"these stand in {place}", "move it, or take the snapshot again"))
        found[snapshot.account_id, snapshot.region] = snapshot
    if problems:
        raise ConfigError(problems)
    return found
