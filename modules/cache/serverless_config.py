"""Configuration of a serverless cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.cache.config_checks import snapshot_problems
from modules.cache.engines import ENGINES
from modules.cache.users_config import CacheUser, UserName, user_problems
from modules.cache.windows import DailyTime
from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.observability import AlarmsConfig

_Storage = Annotated[int, Within(limits.CACHE_SERVERLESS_STORAGE_GB, literal=True)]
_Ecpu = Annotated[int, Within(limits.CACHE_SERVERLESS_ECPU, literal=True)]
_Zone = Annotated[
    str,
    Matching(rf"{limits.REGION}[a-z]", "an availability zone reads like eu-west-1a", "correct it", literal=True),
]
_MAJORS = tuple(dict.fromkeys(version for engine in ENGINES.values() for version in engine.serverless_versions))


class ServerlessCacheConfig(ConfigModel):
    """A serverless cache, which grows with its use up to the limits stated here.

    TLS, users and encryption with the stack's key are always on.

    Raises:
        ConfigError: with every refused field.
    """

    users: dict[UserName, CacheUser] = Field(description="Name to user. Functions sign in as one of them.")
    engine: Annotated[str, OneOf(tuple(ENGINES), "an engine", literal=True)] = Field(
        default="valkey", description="Engine: valkey, or redis for Redis OSS. Another one replaces the cache."
    )
    major_engine_version: Annotated[str, OneOf(_MAJORS, "a major version", literal=True)] | None = Field(
        default=None,
        description="Major version; 8 of Valkey, 7 of Redis OSS where absent. Another one replaces the cache.",
    )
    max_storage_gb: _Storage = Field(
        default=10, description="Data that the cache holds at most, in GB; beyond it keys are evicted."
    )
    min_storage_gb: _Storage | None = Field(
        default=None, description="Data that is paid for at least, in GB, so that it fits at once; null for none."
    )
    max_ecpu_per_second: _Ecpu = Field(
        default=10_000, description="Processing units a second at most; beyond them commands are throttled."
    )
    min_ecpu_per_second: _Ecpu | None = Field(
        default=None, description="Processing units a second that are paid for at least, ready at once; null for none."
    )
    availability_zones: tuple[_Zone, ...] = Field(
        default=(),
        description="Two or three zones of the network; its first three where empty. Others replace the cache.",
    )
    snapshot_retention_days: Annotated[int, Within(limits.CACHE_SNAPSHOT_RETENTION_DAYS, literal=True)] = Field(
        default=7, description="Days that daily snapshots are kept. 0 to 35, 0 for none (elasticache API model)."
    )
    snapshots_off_reason: Reason = Field(
        default="", description="Why there are no snapshots; required with snapshot_retention_days 0."
    )
    daily_snapshot_time: DailyTime = Field(default="03:00", description="When the snapshot is made, in UTC.")
    removal: Removal = Field(
        default="keep", description="keep: Terraform refuses to destroy. destroy: the cache goes with the stack."
    )
    removal_reason: Reason = Field(default="", description="Why the data may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the cache.")

    @property
    def version(self) -> str:
        """The engine's major version: the chosen one, or the engine's default."""
        return self.major_engine_version or ENGINES[self.engine].default_serverless_version

    def cross_checks(self) -> Iterator[Problem]:
        """Limits that exclude each other, versions of another engine, and reasons for what is less safe."""
        yield from user_problems(self.users)
        offered = ENGINES[self.engine].serverless_versions
        if self.version not in offered:
            yield Problem(
                "",
                f'major_engine_version is "{self.version}"',
                f"{self.engine} has {', '.join(offered)} (ElastiCache guide)",
                "choose one of them",
            )
        for what, least, most in (
            ("storage_gb", self.min_storage_gb, self.max_storage_gb),
            ("ecpu_per_second", self.min_ecpu_per_second, self.max_ecpu_per_second),
        ):
            if least is not None and least > most:
                yield Problem("", f"min_{what} is {least}", f"it is at most max_{what}, {most}", "lower it")
        yield from snapshot_problems(self.snapshot_retention_days, self.snapshots_off_reason)
        yield from self._zone_problems()
        yield from removal_problems(self.removal, self.removal_reason)

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zones lie in the target's region."""
        for zone in self.availability_zones:
            if zone[:-1] != target.region:
                given = f'availability_zones holds "{zone}"'
                yield Problem("", given, f"the target's region is {target.region}", "name a zone of that region")

    def _zone_problems(self) -> Iterator[Problem]:
        zones = self.availability_zones
        if not zones:
            return
        for zone in sorted({zone for zone in zones if zones.count(zone) > 1}):
            yield Problem("", f'availability_zones holds "{zone}" twice', "each zone once", "remove one")
        if len(zones) not in limits.CACHE_SERVERLESS_ZONES:
            yield Problem(
                "",
                f"availability_zones holds {len(zones)}",
                "a serverless cache stands in two or three zones (ElastiCache guide)",
                "name two or three",
            )
