"""Alarms of targets, read from CloudWatch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from rollout.adapters.roles import Purpose, Roles
from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.ports import AlarmState

_AT_ONCE = 100
"""Names that one request takes (CloudWatch API reference, DescribeAlarms)."""


class CloudWatchAlarms:
    """Reads metric and composite alarms in the targets' accounts and regions, with the role that plans.

    Args:
        roles: credentials.
    """

    def __init__(self, roles: Roles) -> None:
        self._roles = roles

    def states(self, target: RunTarget, names: Iterable[str]) -> Mapping[str, AlarmState]:
        """State of each alarm, `MISSING` where there is none of that name.

        Raises:
            RolloutError: the account cannot be asked.
        """
        wanted = sorted(set(names))
        if not wanted:
            return {}
        found = dict.fromkeys(wanted, AlarmState.MISSING)
        try:
            client = self._roles.client(target, "cloudwatch", Purpose.PLAN)
            for chunk in _chunks(wanted):
                found.update(_read(client, chunk))
        except ClientError as error:
            told = error.response.get("Error", {})
            message = str(told.get("Message", "")).rstrip(".")
            raise RolloutError(
                f"{target.name}: its alarms cannot be read; AWS refused {error.operation_name} "
                f"({told.get('Code', '')}{': ' if message else ''}{message}); allow cloudwatch:DescribeAlarms to the "
                "role that plans"
            ) from None
        except BotoCoreError as error:
            detail = " ".join(str(error).split()).rstrip(".")
            raise RolloutError(
                f"{target.name}: its alarms cannot be read; AWS could not be asked ({detail}); check network and "
                "endpoint"
            ) from None
        return found


def _chunks(names: list[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk


def _read(client: Any, names: list[str]) -> Iterator[tuple[str, AlarmState]]:
    pages = client.get_paginator("describe_alarms").paginate(
        AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    for page in pages:
        for alarm in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ())):
            yield alarm["AlarmName"], AlarmState(alarm["StateValue"])
