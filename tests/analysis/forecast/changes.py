"""Plan documents of changes, as `terraform show -json` writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.finding import Finding, Level
from analysis.forecast import Forecast, forecast
from analysis.plan import Plan

Values = Mapping[str, Any]
DELETE, REPLACE, REPLACE_LATE = ["delete"], ["delete", "create"], ["create", "delete"]
UPDATE, CREATE, NO_OP, FORGET = ["update"], ["create"], ["no-op"], ["forget"]


class Changes:
    """A plan that grows by one change at a time."""

    def __init__(self) -> None:
        self._changes: list[dict[str, Any]] = []
        self._state: list[dict[str, Any]] = []
        self._planned: list[dict[str, Any]] = []
        self._configured: dict[str, dict[str, Any]] = {}
        self.has_state = True

    def add(
        self,
        address: str,
        actions: Sequence[str],
        before: Values | None = None,
        after: Values | None = None,
        *,
        unknown: Values | None = None,
        replace: Sequence[Sequence[str]] = (),
        depends_on: Sequence[str] = (),
        expressions: Values | None = None,
    ) -> Changes:
        """Add a resource of the root module; `after` is `before` where nothing else is given."""
        kind, rest = address.split(".", 1)
        name, key = re.fullmatch(r"([\w-]+)(?:\[(.+)\])?", rest).groups()  # type: ignore[union-attr]  # always matches
        entry: dict[str, Any] = {"address": address, "mode": "managed", "type": kind, "name": name}
        if key is not None:
            entry["index"] = key.strip('"') if key.startswith('"') else int(key)
        gone = list(actions) in (DELETE, FORGET)
        last = None if gone else {**(before or {}), **(after or {})}
        if before is not None:
            self._state.append({**entry, "values": dict(before), "depends_on": list(depends_on)})
        if last is not None:
            self._planned.append({**entry, "values": last})
            self._configured[f"{kind}.{name}"] = {
                "address": f"{kind}.{name}",
                "mode": "managed",
                "type": kind,
                "name": name,
                "expressions": dict(expressions or {}),
            }
        change = {
            "actions": list(actions),
            "before": before,
            "after": last,
            "after_unknown": dict(unknown or {}),
            "replace_paths": [list(path) for path in replace],
        }
        self._changes.append({**entry, "change": change})
        return self

    @property
    def document(self) -> dict[str, Any]:
        """The document."""
        found: dict[str, Any] = {
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": self._planned}},
            "resource_changes": self._changes,
            "configuration": {"root_module": {"resources": list(self._configured.values())}},
        }
        if self.has_state:
            found["prior_state"] = {"format_version": "1.0", "values": {"root_module": {"resources": self._state}}}
        return found

    @property
    def forecast(self) -> Forecast:
        """What is forecast."""
        return forecast(Plan(self.document))

    def only(self, rule: str) -> Finding:
        """The one finding by this rule."""
        found = [finding for finding in self.forecast.findings if finding.rule == rule]
        assert len(found) == 1, self.forecast.findings
        return found[0]

    def rules(self) -> dict[str, Level]:
        """Rules that found something, with their level."""
        return {finding.rule: finding.level for finding in self.forecast.findings}


def function(
    *,
    groups: Sequence[str] = ("sg-0123456789abcdef0",),
    subnets: Sequence[str] = ("subnet-0123456789abcdef0",),
    **more: Any,
) -> dict[str, Any]:
    """Values of a function in a VPC."""
    return {
        "id": "api",
        "function_name": "api",
        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:api",
        "role": "arn:aws:iam::123456789012:role/api",
        "version": "$LATEST",
        "vpc_config": [{"subnet_ids": list(subnets), "security_group_ids": list(groups)}] if subnets else [],
        **more,
    }


GROUP = {"id": "sg-0123456789abcdef0", "name": "api"}
SUBNET = {"id": "subnet-0123456789abcdef0", "cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-1a"}
