"""Storage of RDS instances: what each storage type takes, by size (RDS guide, "Amazon RDS DB instance storage")."""

from __future__ import annotations

from collections.abc import Iterator

from modules.core import limits
from modules.core.errors import Problem
from modules.core.tokens import is_token

GP3, IO2 = "gp3", "io2"
STORAGE_TYPES = (GP3, IO2)

GP3_STRIPED_GB = 400
"""Size from which gp3 is striped over several volumes, and takes IOPS and throughput, in GiB."""

_GP3_THROUGHPUT_PER_IOPS = 0.25
_IO2_IOPS_PER_GB = 1_000
_IO2_SMALLEST_GB = 100


def storage_problems(
    storage_type: str, *, first_gb: int, most_gb: int, iops: int | None, throughput_mibps: int | None
) -> Iterator[Problem]:
    """What RDS would refuse of size, IOPS and throughput together; what is known only later is not judged.

    Args:
        storage_type: `gp3` or `io2`.
        first_gb: storage at first, in GiB.
        most_gb: where autoscaling stops, in GiB.
        iops: provisioned IOPS; None for what the type gives.
        throughput_mibps: provisioned throughput of gp3, in MiB/s; None for what the type gives.
    """
    yield from _autoscaling(first_gb, most_gb)
    if storage_type == IO2 and iops is None:
        yield Problem("", "iops is missing", "io2 is provisioned by its IOPS (rds API model)", "set it")
    if not is_token((iops, throughput_mibps)):
        yield from (_gp3 if storage_type == GP3 else _io2)(first_gb, iops, throughput_mibps)


def _autoscaling(first: int, most: int) -> Iterator[Problem]:
    if is_token(most) or most * 10 >= first * 11:
        return
    needed = -(-first * 11 // 10)
    possible = needed <= limits.RDS_ALLOCATED_STORAGE_GB.maximum
    yield Problem(
        "",
        f"max_allocated_storage_gb is {most}",
        f"it is at least 10 percent above allocated_storage_gb ({first}) (RDS guide)",
        f"set it to at least {needed}" if possible else "allocate less at first",
    )


def _gp3(size: int, iops: int | None, throughput: int | None) -> Iterator[Problem]:
    if size < GP3_STRIPED_GB:
        for field, value, unit in (("iops", iops, "3000 IOPS"), ("storage_throughput_mibps", throughput, "125 MiB/s")):
            if value is not None:
                yield Problem(
                    "",
                    f"{field} is {value}, and allocated_storage_gb is {size}",
                    f"gp3 has {unit} below {GP3_STRIPED_GB} GiB, no more and no less (RDS guide)",
                    f"remove it, or allocate at least {GP3_STRIPED_GB} GiB",
                )
        return
    yield from _outside("iops", iops, limits.RDS_GP3_IOPS)
    yield from _outside("storage_throughput_mibps", throughput, limits.RDS_GP3_THROUGHPUT_MIBPS)
    granted = limits.RDS_GP3_IOPS.minimum if iops is None else iops
    if throughput is not None and throughput > granted * _GP3_THROUGHPUT_PER_IOPS:
        yield Problem(
            "",
            f"storage_throughput_mibps is {throughput}, and there are {granted} IOPS",
            "gp3 has at most 1 MiB/s for 4 IOPS (RDS guide)",
            f"set iops to at least {throughput * 4}",
        )


def _io2(size: int, iops: int | None, throughput: int | None) -> Iterator[Problem]:
    if throughput is not None:
        yield Problem(
            "",
            f"storage_throughput_mibps is {throughput}",
            "the throughput of io2 follows from its IOPS (RDS guide)",
            "remove it, or choose gp3",
        )
    if size < _IO2_SMALLEST_GB:
        yield Problem(
            "",
            f"allocated_storage_gb is {size}",
            f"io2 has at least {_IO2_SMALLEST_GB} GiB (rds API model)",
            f"set it to at least {_IO2_SMALLEST_GB}, or choose gp3",
        )
    yield from _outside("iops", iops, limits.RDS_IO2_IOPS)
    if iops is not None and (iops > size * _IO2_IOPS_PER_GB or iops * 2 < size):
        yield Problem(
            "",
            f"iops is {iops}, and allocated_storage_gb is {size}",
            f"io2 has half an IOPS to {_IO2_IOPS_PER_GB} IOPS for each GiB (RDS guide)",
            f"set iops to {max(-(-size // 2), limits.RDS_IO2_IOPS.minimum)} or more, or allocate more",
        )


def _outside(field: str, value: int | None, bounds: limits.Range) -> Iterator[Problem]:
    if value is not None and not bounds.minimum <= value <= bounds.maximum:
        fix = f"set a value from {bounds.minimum} to {bounds.maximum}"
        yield Problem("", f"{field} is {value}", bounds.sentence, fix)
