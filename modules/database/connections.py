"""How many connections a database takes: `max_connections` by engine and instance class, or by Aurora capacity units.

Nothing here knows Terraform. Sources: the "RDS guide" (quotas and constraints, `max_connections`; DB instance classes)
and the "Aurora guide" (managing performance; Aurora Serverless v2), read in November 2026.

Where a formula divides the instance's memory, the result is an upper bound: `DBInstanceClassMemory` is what the
operating system and RDS leave of the nominal memory that the classes below have (RDS guide). A db.t4g.medium, for
instance, has 450 by its nominal memory, and about 410 in service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_GIB = 2**30
_CLASS = re.compile(r"db\.([a-z]\d+[a-z]*)\.(micro|small|medium|large|(\d*)xlarge)", re.ASCII)
_BURSTABLE_MEMORY_GIB = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}
_BURSTABLE_VCPUS = {"xlarge": 4, "2xlarge": 8}
_LARGE_VCPUS = 2
_GIB_PER_VCPU = {
    **dict.fromkeys(("t3", "t4g"), 0),  # by size, in the tables above
    **dict.fromkeys(("m5", "m5d", "m6g", "m6gd", "m6i", "m6id", "m7g", "m7i", "m8g"), 4),
    **dict.fromkeys(("r5", "r5b", "r5d", "r6g", "r6gd", "r6i", "r6id", "r7g", "r7i", "r8g"), 8),
    "x2g": 16,
    "x2iedn": 32,
}
"""Families of instance classes and their memory (RDS guide, DB instance classes)."""

_DIVISORS = {
    "postgres": (9_531_392, 5_000),
    "aurora-postgresql": (9_531_392, 5_000),
    "mysql": (12_582_880, 100_000),
    "mariadb": (25_165_760, 12_000),
}
"""Engine → bytes of memory for each connection, and the most there are (RDS guide; MariaDB 10.5 and newer)."""

_AURORA_MYSQL = {
    "large": 1_000, "xlarge": 2_000, "2xlarge": 3_000, "4xlarge": 4_000, "8xlarge": 5_000, "12xlarge": 6_000,
    "16xlarge": 6_000, "24xlarge": 7_000, "48xlarge": 8_000,
}  # fmt: skip
_AURORA_MYSQL_BURSTABLE = {"medium": 90, "large": 135}
"""Size of an instance class → `max_connections` of Aurora MySQL, memory-optimized and burstable (Aurora guide)."""

_SERVERLESS_MYSQL = ((1, 90), (4, 135), (8, 1_000), (16, 2_000), (32, 3_000), (64, 4_000), (128, 5_000), (192, 6_000))
_SERVERLESS_POSTGRESQL = ((1, 189), (4, 823), (8, 1_669), (16, 3_360), (32, 5_000))
_SERVERLESS = {"aurora-mysql": _SERVERLESS_MYSQL, "aurora-postgresql": _SERVERLESS_POSTGRESQL}
"""Engine → most capacity units, and `max_connections` from there up (Aurora guide, Aurora Serverless v2)."""

_IDLE_ACU = 0.5
_IDLE_POSTGRESQL = 2_000


@dataclass(frozen=True)
class InstanceClass:
    """What an instance class has, nominally.

    Attributes:
        family: such as `t4g`.
        size: such as `medium`.
        memory_gib: memory, in GiB.
        vcpus: virtual processors.
    """

    family: str
    size: str
    memory_gib: int
    vcpus: int

    @property
    def memory_bytes(self) -> int:
        """Memory, in bytes."""
        return self.memory_gib * _GIB


def instance_class_of(name: str) -> InstanceClass | None:
    """The class of that name, such as `db.t4g.medium`; None where the table has none, or it is known only later."""
    found = _CLASS.fullmatch(name)
    if found is None or found[1] not in _GIB_PER_VCPU:
        return None
    family, size, factor = found.groups()
    if family in ("t3", "t4g"):
        if size not in _BURSTABLE_MEMORY_GIB:
            return None
        return InstanceClass(family, size, _BURSTABLE_MEMORY_GIB[size], _BURSTABLE_VCPUS.get(size, _LARGE_VCPUS))
    if factor is None and size != "large":
        return None
    vcpus = _LARGE_VCPUS if size == "large" else 4 * int(factor or 1)
    return InstanceClass(family, size, vcpus * _GIB_PER_VCPU[family], vcpus)


def max_connections(engine: str, *, instance_class: str = "", max_acu: float = 0, min_acu: float = 0) -> int | None:
    """`max_connections` as AWS sets it, unless a parameter group says otherwise.

    By instance class it is an upper bound (exact for Aurora MySQL); by capacity units it is the row of AWS's table at
    or below `max_acu`, as AWS publishes no others.

    Args:
        engine: `postgres`, `mysql`, `mariadb`, `aurora-postgresql` or `aurora-mysql`.
        instance_class: such as `db.t4g.medium`.
        max_acu: for Aurora Serverless v2, instead of the class: most capacity units, 1 to 256.
        min_acu: least capacity units, 0 to 256; at 0 and 0.5 Aurora PostgreSQL takes 2,000 at most (Aurora guide).

    Returns:
        The number; None where the table has no such engine or class.
    """
    if max_acu > 0:
        rows = [most for acu, most in _SERVERLESS.get(engine, ()) if acu <= max_acu]
        if not rows:
            return None
        is_capped = engine == "aurora-postgresql" and min_acu <= _IDLE_ACU
        return min(rows[-1], _IDLE_POSTGRESQL) if is_capped else rows[-1]
    found = instance_class_of(instance_class)
    if found is None:
        return None
    if engine == "aurora-mysql":
        is_burstable = found.family in ("t3", "t4g")
        by_size = _AURORA_MYSQL_BURSTABLE if is_burstable else _AURORA_MYSQL
        return by_size.get(found.size) if found.family[0] in "rt" else None
    if engine not in _DIVISORS:
        return None
    divisor, most = _DIVISORS[engine]
    return min(found.memory_bytes // divisor, most)


def pool_size(connections: int, percent: int) -> int:
    """Connections that a proxy's pool may open: a percentage of `max_connections`, in whole connections."""
    return connections * percent // 100


def percent_for(connections: int, *, pool: int) -> int:
    """The least `max_connections_percent` with which a pool holds `pool` connections; above 100 where none does."""
    return -(-pool * 100 // connections)
