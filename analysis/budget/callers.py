"""Which functions connect to which database, directly or through a proxy.

A function's environment says it; where it names neither database nor proxy, rules of security groups do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.budget.functions import FUNCTION
from analysis.budget.states import After
from analysis.budget.targets import DATABASES, PROXY, Targets
from analysis.budget.view import GROUPS
from analysis.plan import UNKNOWN, Resource
from analysis.plan.values import known_strings

_VARIABLES = "environment.variables"
_PARTS = {
    "aws_rds_cluster_instance": ("cluster_identifier", "aws_rds_cluster"),
    "aws_rds_cluster_endpoint": ("cluster_identifier", "aws_rds_cluster"),
    "aws_db_proxy_endpoint": ("db_proxy_name", PROXY),
}
"""What has a host of its own, and what it belongs to."""
_TYPES = (*DATABASES, PROXY, *_PARTS)
_HOST = re.compile(r"[\w.-]+\.rds\.[\w.-]*amazonaws\.com(?:\.cn)?", re.ASCII)
_HOSTS = frozenset({"address", "endpoint", "reader_endpoint"})
_ALL_PORTS = (0, 65_535)


@dataclass(frozen=True)
class Callers:
    """Who connects to what.

    Attributes:
        direct: functions by database that they connect to directly.
        proxied: functions by proxy.
        allowed: functions of which only rules of security groups tell, which allow connections and open none.
    """

    direct: dict[Resource, list[Resource]] = field(default_factory=dict)
    proxied: dict[Resource, list[Resource]] = field(default_factory=dict)
    allowed: set[Resource] = field(default_factory=set)


def callers(state: After, targets: Targets) -> Callers:
    """Functions that connect to databases and proxies of a plan."""
    found, sources = Callers(), _Sources(state)
    listening = [(entry, sources.of(entry)) for entry in state.of(*DATABASES, PROXY)]
    by_group: dict[str, list[Resource]] = {}
    for entry, groups in listening:
        for group in groups:
            by_group.setdefault(group, []).append(entry)
    for function in state.of(FUNCTION):
        named = dict.fromkeys(_named(state, function))
        if not named:
            own = state.groups(function, "vpc_config.security_group_ids").keys
            named = dict.fromkeys(entry for group in own for entry in by_group.get(group, ()))
            behind = {entry for proxy in named if proxy.type == PROXY for entry in targets.behind(proxy)[0]}
            named = {entry: None for entry in named if entry not in behind}
            found.allowed.add(function)
        for entry in named:
            side = found.proxied if entry.type == PROXY else found.direct
            side.setdefault(entry, []).append(function)
    return found


def _named(state: After, function: Resource) -> Iterator[Resource]:
    """Databases and proxies that the environment names by their hosts."""
    plan = state.view.plan
    links = plan.links(function, _VARIABLES, *_TYPES)
    hosts = [entry for entry, attribute in links.sources if entry.type in _TYPES and attribute in _HOSTS]
    for text in known_strings(function.get(_VARIABLES)):
        owner = plan.owner(text, *_TYPES)
        if owner is not None and text != owner.get("arn") and text in _own_hosts(owner):
            hosts.append(owner)
        hosts.extend(owner for host in _HOST.findall(text) if (owner := plan.owner(host, *_TYPES)) is not None)
    for entry in hosts:
        if entry.type in _PARTS:
            yield from state.follow(entry, *_PARTS[entry.type])[0]
        else:
            yield entry


def _own_hosts(entry: Resource) -> Iterator[str]:
    for attribute in sorted(_HOSTS):
        value = entry.get(attribute)
        if isinstance(value, str):
            yield value


class _Sources:
    """Security groups that rules let in, by the group that the rule is of."""

    def __init__(self, state: After) -> None:
        self._state = state
        self._rules: dict[str, list[tuple[str, tuple[int, int]]]] = {}
        for group in state.of(*GROUPS):
            ingress = group.get("ingress")
            blocks = range(len(ingress)) if isinstance(ingress, list) else ()
            for index in blocks:
                self._add(group, f"ingress.{index}.", state.key(group), f"ingress.{index}.security_groups")
        for entry in state.of("aws_security_group_rule"):
            if entry.get("type") == "ingress":
                for key in state.groups(entry, "security_group_id").keys:
                    self._add(entry, "", key, "source_security_group_id")
        for entry in state.of("aws_vpc_security_group_ingress_rule"):
            for key in state.groups(entry, "security_group_id").keys:
                self._add(entry, "", key, "referenced_security_group_id")

    def of(self, resource: Resource) -> tuple[str, ...]:
        """Groups that may connect to a database or proxy."""
        port = resource.get("port")
        groups = self._state.groups(resource, "vpc_security_group_ids").keys
        return tuple(
            dict.fromkeys(
                source
                for group in groups
                for source, (first, last) in self._rules.get(group, ())
                if not isinstance(port, int) or first <= port <= last
            )
        )

    def _add(self, entry: Resource, prefix: str, key: str, path: str) -> None:
        named = list(self._state.groups(entry, path).keys) if entry.get(path) is not None else []
        if entry.get(f"{prefix}self") is True:
            named.append(key)
        ports = tuple(entry.get(f"{prefix}{end}_port") for end in ("from", "to"))
        protocol = entry.get(f"{prefix}protocol", entry.get(f"{prefix}ip_protocol"))
        is_known = protocol is not UNKNOWN and str(protocol) != "-1" and all(isinstance(port, int) for port in ports)
        first, last = ports if is_known else _ALL_PORTS
        self._rules.setdefault(key, []).extend((source, (int(first), int(last))) for source in named)
