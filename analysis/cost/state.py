"""The resources of a plan at one moment: as it leaves them, or as they were before."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from analysis.plan import UNKNOWN, Links, Plan, Resource
from analysis.plan.identity import Identities
from analysis.plan.values import known_strings

PROVISIONED_DIMENSION = "lambda:function:ProvisionedConcurrency"
"""What Application Auto Scaling scales (Application Auto Scaling API)."""


class State:
    """Resources as a plan leaves them.

    Args:
        plan: the plan.
        region: region of what the plan does not tell the region of; empty where that is not known either.
    """

    def __init__(self, plan: Plan, region: str = "") -> None:
        self._plan, self._region = plan, region

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Managed resources, by address."""
        return self._plan.of()

    def of(self, *types: str) -> tuple[Resource, ...]:
        """Managed resources of these types, by address."""
        return tuple(entry for kind in types for entry in self._by_type.get(kind, ()))

    def links(self, resource: Resource, path: str, *types: str) -> Links:
        """See `Plan.links`."""
        return self._plan.links(resource, path, *types)

    def setting(self, resource: Resource, path: str, default: Any = None) -> Any:
        """The value at a dotted path; AWS's own default where nothing sets it and AWS has given no value yet."""
        value = resource.get(path, default)
        is_left = value is UNKNOWN and not self._plan.is_configured(resource, path.partition(".")[0])
        return default if is_left and resource.mode == "managed" else value

    def is_configured(self, resource: Resource, *names: str) -> bool:
        """Whether the configuration sets one of these attributes."""
        return any(self._plan.is_configured(resource, name) for name in names)

    def region(self, resource: Resource) -> str:
        """The region of a resource; empty where it is not known."""
        return self._plan.region(resource) or self._region

    @cached_property
    def provisioned(self) -> dict[Resource, tuple[Resource, ...]]:
        """Configurations of provisioned concurrency, by function."""
        return self._referring("aws_lambda_provisioned_concurrency_config", "function_name", "aws_lambda_function")

    @cached_property
    def scaled(self) -> dict[str, Resource]:
        """Targets of Application Auto Scaling for provisioned concurrency, by `function:NAME:QUALIFIER`."""
        targets = self.of("aws_appautoscaling_target")
        wanted = [entry for entry in targets if entry.get("scalable_dimension") == PROVISIONED_DIMENSION]
        return {str(entry.get("resource_id")): entry for entry in wanted}

    @cached_property
    def proxy_targets(self) -> dict[Resource, tuple[Resource, ...]]:
        """Targets, by RDS Proxy."""
        return self._referring("aws_db_proxy_target", "db_proxy_name", "aws_db_proxy")

    @cached_property
    def cluster_instances(self) -> dict[Resource, tuple[Resource, ...]]:
        """Instances, by Aurora cluster."""
        return self._referring("aws_rds_cluster_instance", "cluster_identifier", "aws_rds_cluster")

    @cached_property
    def endpoint_subnets(self) -> dict[Resource, tuple[Resource, ...]]:
        """Subnet associations that are resources of their own, by endpoint."""
        return self._referring("aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", "aws_vpc_endpoint")

    @cached_property
    def lambda_log_groups(self) -> frozenset[Resource]:
        """Log groups that functions name."""
        found = (
            self.links(function, "logging_config.log_group", "aws_cloudwatch_log_group")
            for function in self.of("aws_lambda_function")
        )
        return frozenset(group for links in found for group in links.resources)

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return {kind: tuple(entries) for kind, entries in found.items()}

    def _referring(self, source: str, path: str, target: str) -> dict[Resource, tuple[Resource, ...]]:
        found: dict[Resource, tuple[Resource, ...]] = {}
        for entry in self.of(source):
            for named in self.links(entry, path, target).resources:
                found[named] = (*found.get(named, ()), entry)
        return found


class StateBefore(State):
    """Resources as they were before the plan: every value is known, and what one leads to is told by ids and names."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Managed resources, by address."""
        return self._plan.before

    def region(self, resource: Resource) -> str:
        """The region of a resource; where its provider is no longer configured, the one of everything else."""
        return super().region(resource) or self._only_region

    def links(self, resource: Resource, path: str, *types: str) -> Links:
        """Resources that the attribute's texts identify; the other texts are literals."""
        found, literals = dict[Resource, None](), dict[str, None]()
        for text in known_strings(resource.get(path)):
            owner = self._identities.owner(text, frozenset(types))
            if owner is None:
                literals[text] = None
            else:
                found[owner] = None
        return Links(tuple(sorted(found, key=lambda entry: entry.address)), tuple(literals))

    @cached_property
    def _only_region(self) -> str:
        found = {self._plan.region(entry) for entry in (*self._plan.resources, *self.resources)} - {None}
        return str(found.pop()) if len(found) == 1 else ""

    @cached_property
    def _identities(self) -> Identities:
        return Identities((*self.resources, *(entry for entry in self._plan.resources if entry.mode == "data")))
