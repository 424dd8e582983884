"""Known ids and ARNs, and the resource each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.plan.resource import Resource
from analysis.plan.values import known_strings

_UNIQUE_ID = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z]+)*-[0-9a-f]{8,17}$")
_ADDRESSES = (
    "arn", "invoke_arn", "qualified_arn", "stream_arn", "url", "endpoint", "reader_endpoint", "address", "dns_name",
    "api_endpoint", "cluster_address", "cluster_endpoint", "configuration_endpoint", "configuration_endpoint_address",
    "function_url", "invoke_url", "primary_endpoint_address", "reader_endpoint_address",
)  # fmt: skip
_OF_OTHERS = frozenset({"aws_sns_topic_subscription"})
"""Types whose `endpoint` is the ARN or address of something else."""

_NAMES = ("id", "name", "function_name", "bucket", "identifier", "cluster_identifier", "replication_group_id")
_LEAST = 8


class Identities:
    """Which resource a known text belongs to.

    ARNs, ids such as `vpc-0123456789abcdef0`, and endpoints are unique; a name says whose it is only with a type.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._unique: dict[str, list[Resource]] = {}
        self._named: dict[tuple[str, str], list[Resource]] = {}
        for resource in resources:
            for attribute in _ADDRESSES if resource.type not in _OF_OTHERS else ("arn",):
                value = resource.values.get(attribute)
                for text in [value] if isinstance(value, str) else known_strings(value):
                    self._add(resource, text)
            identity = resource.values.get("id")
            if isinstance(identity, str) and _UNIQUE_ID.match(identity):
                self._add(resource, identity)
            for attribute in _NAMES:
                name = resource.values.get(attribute)
                if isinstance(name, str) and name:
                    self._named.setdefault((resource.type, name), []).append(resource)

    def owner(self, text: str, types: frozenset[str]) -> Resource | None:
        """The resource that `text` identifies, of one of these types where there are any; None when there is none."""
        found = [entry for entry in self._unique.get(text, ()) if not types or entry.type in types]
        if found:
            return found[0]
        named = (self._only(kind, text) for kind in sorted(types))
        return next((entry for entry in named if entry is not None), None)

    def _only(self, kind: str, name: str) -> Resource | None:
        """The resource of this type and name; None where several have it, such as one in each region."""
        entries = dict.fromkeys(self._named.get((kind, name), ()))
        managed = [entry for entry in entries if entry.mode == "managed"] or list(entries)
        return managed[0] if len(managed) == 1 else None

    def _add(self, resource: Resource, value: str) -> None:
        if len(value) >= _LEAST:
            entries = self._unique.setdefault(value, [])
            if resource.mode == "managed":
                entries.insert(sum(entry.mode == "managed" for entry in entries), resource)
            else:
                entries.append(resource)
