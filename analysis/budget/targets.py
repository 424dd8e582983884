"""Databases and the proxies in front of them: which stands for which, and how large they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.budget.states import State
from analysis.plan import UNKNOWN, Resource
from modules.database.proxy_addresses import addresses_needed

DATABASES = ("aws_db_instance", "aws_rds_cluster")
PROXY = "aws_db_proxy"
_INSTANCE = "aws_rds_cluster_instance"
_UNKNOWN_CLASS = "instance_class of {}"


@dataclass(frozen=True)
class Size:
    """How large a database is.

    Attributes:
        classes: classes of its instances; empty where there are none, or they follow the load.
        max_acu: most Aurora capacity units; 0 for none.
        min_acu: least Aurora capacity units.
        unknown: what the plan does not tell; empty when it tells all.
    """

    classes: tuple[str, ...] = ()
    max_acu: float = 0
    min_acu: float = 0
    unknown: str = ""


class Targets:
    """Databases and proxies of a plan, after or before it.

    Args:
        state: the plan.

    Attributes:
        stray_groups: target groups of which the proxy is not known.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._members: dict[Resource, list[Resource]] = {}
        self._behind: dict[Resource, list[Resource]] = {}
        self._unknown: dict[Resource, str] = {}
        self._percents: dict[Resource, Resource] = {}
        self.stray_groups: tuple[Resource, ...] = ()
        for instance in state.of(_INSTANCE):
            for cluster in state.follow(instance, "cluster_identifier", "aws_rds_cluster")[0]:
                self._members.setdefault(cluster, []).append(instance)
        for target in state.of("aws_db_proxy_target"):
            self._join(target)
        for group in state.of("aws_db_proxy_default_target_group"):
            proxies, missing = state.follow(group, "db_proxy_name", PROXY)
            self._percents.update(dict.fromkeys(proxies, group))
            if missing and not proxies:
                self.stray_groups = (*self.stray_groups, group)

    def behind(self, proxy: Resource) -> tuple[tuple[Resource, ...], str]:
        """Databases behind a proxy, and why they may not be all."""
        return tuple(self._behind.get(proxy, ())), self._unknown.get(proxy, "")

    def group_of(self, proxy: Resource) -> Resource | None:
        """What sets a proxy's share of the connections; None where AWS's own share holds."""
        return self._percents.get(proxy)

    def members(self, cluster: Resource) -> tuple[Resource, ...]:
        """Instances of a cluster."""
        return tuple(self._members.get(cluster, ()))

    def size(self, database: Resource) -> Size:
        """How large a database is."""
        unknown = ""
        classes, capacity = list[str](), database.get("serverlessv2_scaling_configuration")
        if database.type == "aws_db_instance":
            named = [(database, "instance_class")]
        elif self._is_told(database, "db_cluster_instance_class"):
            named = [(database, "db_cluster_instance_class")]
        else:
            named = [(member, "instance_class") for member in self.members(database)]
        for resource, path in named:
            value = resource.get(path)
            if isinstance(value, str):
                classes.append(value)
            else:
                unknown = _UNKNOWN_CLASS.format(self._state.view.address(resource))
        if not named:
            unknown = f"the instances of {self._state.view.address(database)}"
        if capacity is UNKNOWN or not capacity or "db.serverless" not in classes:
            fixed = tuple(name for name in classes if name != "db.serverless")
            return Size(fixed, unknown=unknown or ("" if fixed else _UNKNOWN_CLASS.format(database.address)))
        most, least = (database.get(f"serverlessv2_scaling_configuration.{name}_capacity") for name in ("max", "min"))
        fixed = tuple(name for name in classes if name != "db.serverless")
        if not isinstance(most, int | float) or not isinstance(least, int | float):
            return Size(fixed, unknown=f"serverlessv2_scaling_configuration of {self._state.view.address(database)}")
        return Size(fixed, float(most), float(least), unknown)

    def _is_told(self, resource: Resource, path: str) -> bool:
        """Whether an attribute has a value, or gets one by what the configuration says."""
        value = resource.get(path, "")
        return self._state.view.plan.is_configured(resource, path) if value is UNKNOWN else value != ""

    def addresses(self, proxy: Resource, endpoints: int) -> int:
        """Addresses that a proxy needs of its subnets together, as far as what is behind it is known."""
        databases, _ = self.behind(proxy)
        needs = [needed for database in databases for needed in self._needs(self.size(database), endpoints)]
        return max(needs, default=addresses_needed(endpoints=endpoints))

    def _needs(self, size: Size, endpoints: int) -> Iterator[int]:
        for name in size.classes:
            yield addresses_needed(instance_class=name, endpoints=endpoints)
        if size.max_acu:
            yield addresses_needed(max_acu=size.max_acu, endpoints=endpoints)

    def _join(self, target: Resource) -> None:
        proxies, _ = self._state.follow(target, "db_proxy_name", PROXY)
        for proxy in proxies:
            for path, kind in (
                ("db_instance_identifier", "aws_db_instance"),
                ("db_cluster_identifier", "aws_rds_cluster"),
            ):
                found, unknown = self._state.follow(target, path, kind)
                self._behind.setdefault(proxy, []).extend(found)
                outside = () if found else self._state.keys(target, path, kind).keys
                if unknown or outside:
                    self._unknown[proxy] = unknown or f"{outside[0]}, a database outside the plan"
