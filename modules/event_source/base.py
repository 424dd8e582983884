"""What all event sources have in common: the mapping, which polls as the function's role and invokes its alias."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingFilterCriteria,
    LambdaEventSourceMappingFilterCriteriaFilter,
    LambdaEventSourceMappingMetricsConfig,
)
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.event_sources import SourceBound
from modules.core.statements import Condition, Principal, Statement
from modules.core.tokens import region_of
from modules.event_source.alarms import event_alarms
from modules.event_source.config import EventSourceConfig
from modules.event_source.filters import pattern_text
from modules.function import Function
from modules.key import KeyBase
from modules.observability import AlarmsConfig, AlarmSpec, AlarmTopic, create_alarms


class EventSource(Construct):
    """Something that Lambda polls, and invokes the function's alias with, or the function where it has none.

    Attributes:
        uuid: UUID of the event source mapping, as a token.
        arn: its ARN, as a token.
        maximum: invocations at once at most; None where nothing but the function bounds them.
        alarm_names: its alarms.
    """

    uuid: str
    arn: str
    maximum: int | None = None
    alarm_names: tuple[str, ...] = ()

    def __init__(
        self, scope: Construct, construct_id: str, *, function: Function, config: EventSourceConfig, key: KeyBase | None
    ) -> None:
        super().__init__(scope, construct_id)
        self._function, self._settings, self._key = function, config, key
        self._target = target_of(self)

    def _count(self, reads: Construct, *, is_queue: bool = False, takes_rest: bool = False) -> None:
        """Count the source in with the function's others; one that does not poll takes nothing."""
        sources, path = self._function.event_sources, self.node.path
        sources.read(reads.node.path, by=path)
        if self._settings.enabled:
            sources.add(SourceBound(path, reads.node.path, self.maximum, is_queue=is_queue, takes_rest=takes_rest))

    def _poll(self, source_arn: str, *, waits: Iterable[Any] = (), **arguments: Any) -> None:
        """Make the mapping once the role may do what polling takes, as Lambda tries that.

        Args:
            source_arn: what is polled.
            waits: Terraform resources to wait for besides the role's permissions and the alias.
            arguments: further ones of the mapping.
        """
        config, invoked = self._settings, self._function.invocation
        mapping = LambdaEventSourceMapping(
            self,
            "mapping",
            event_source_arn=source_arn,
            function_name=invoked.arn if invoked.qualifier else invoked.function_name,
            enabled=config.enabled,
            maximum_batching_window_in_seconds=config.batching_window_seconds or None,
            function_response_types=["ReportBatchItemFailures"] if config.reports_batch_item_failures else None,
            filter_criteria=_criteria(config),
            kms_key_arn=self._filter_key(),
            metrics_config=LambdaEventSourceMappingMetricsConfig(metrics=["EventCount"])
            if config.event_metrics
            else None,
            **arguments,
        )
        needed = (*self._function.role.dependencies, *invoked.dependencies, *waits)
        mapping.depends_on = sorted({f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in needed})
        self.uuid, self.arn, self._mapping = mapping.uuid, mapping.arn, mapping

    def _watch(self, specs: Iterable[AlarmSpec], config: AlarmsConfig, topic: AlarmTopic | None) -> None:
        found = tuple(specs)
        if found:
            self.alarm_names = create_alarms(self, found, thing=self.node.id, config=config, topic=topic)

    def _event_alarms(self, config: Any) -> tuple[AlarmSpec, ...]:
        return event_alarms(self.uuid, config) if self._settings.event_metrics else ()

    def _filter_key(self) -> str | None:
        """The key, which Lambda must be let decrypt filters with; naming the mapping would make each wait for both."""
        if self._key is None:
            return None
        mappings = (self._target.arn("lambda", "event-source-mapping:*"),)
        self._key.allow(
            Statement(
                sid="LambdaDecryptsFilters",
                actions=("kms:Decrypt",),
                resources=("*",),
                principals=(Principal("Service", (f"lambda.{self._target.region}.amazonaws.com",)),),
                conditions=(Condition("ArnLike", "aws:SourceArn", mappings),),
            )
        )
        return self._key.arn

    def _shared_problems(self, source_arn: str, what: str) -> Iterator[Problem]:
        """What no event source may have.

        Args:
            source_arn: what is polled.
            what: what it is, such as `queue`.
        """
        yield from self._settings.target_checks(self._target)
        if self._function.config.tenancy is not None:
            yield Problem(
                "",
                f"tenancy of {self._function.node.path} is set",
                "an invocation without a tenant's identifier fails, and Lambda polls for no tenant (Lambda guide, "
                "tenant isolation)",
                "remove tenancy, or poll for a function without it that invokes this one",
            )
        if self._key is not None and not self._settings.filters:
            yield Problem(
                "", "key is given and filters is empty", "the key encrypts the filters and nothing else", "remove it"
            )
        region = region_of(source_arn) if source_arn else ""
        if region not in ("", self._target.region):
            yield Problem(
                "",
                f"the {what} is in {region} and the function in {self._target.region}",
                "Lambda polls in its own region (Lambda guide)",
                f"use a {what} of {self._target.region}",
            )

    def _require(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        if found:
            raise ConfigError(found).within(self.node.path)


def _criteria(config: EventSourceConfig) -> LambdaEventSourceMappingFilterCriteria | None:
    if not config.filters:
        return None
    return LambdaEventSourceMappingFilterCriteria(
        filter=[
            LambdaEventSourceMappingFilterCriteriaFilter(pattern=pattern_text(pattern)) for pattern in config.filters
        ]
    )
