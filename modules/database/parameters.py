"""Parameters of a database, by engine: what is always set, what a configuration may add, and what it may not.

Sources: PostgreSQL manual, MySQL and MariaDB reference manuals, RDS guide ("Using SSL/TLS" and "Parameters" of each
engine).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.tokens import is_token
from modules.database.engines import POSTGRESQL, Engine

ParameterName = Annotated[
    str,
    Matching(
        r"[a-z][a-z0-9_.]*",
        "a parameter's name has 1 to 255 lowercase letters, digits, dots and underscores, a letter first",
        "write it as the parameter group's family has it",
        255,
        literal=True,
    ),
]
ParameterValue = Annotated[
    str, Matching(r"[^\0]+", "a parameter's value is text", "write it in quotes", 65_535, literal=True)
]
"""A value as RDS takes it; it is judged where it could weaken TLS, so it cannot be known only later."""

_SLOW_LOG = ("long_query_time", "log_output", "slow_query_log")
_OWNED_BY_FIELDS = {
    "log_min_duration_statement": "slow_query_milliseconds",
    **dict.fromkeys(_SLOW_LOG, "slow_query_milliseconds"),
    "max_connections": "max_connections",
}
"""Parameter → the field that sets it, so that nothing is said twice."""

_RECENT = frozenset({"TLSv1.2", "TLSv1.3"})
_WEAKENING = frozenset({"have_ssl", "skip_ssl", "ssl"})
_VERSIONS = ("ssl_min_protocol_version", "ssl_max_protocol_version", "tls_version")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a group.

    Attributes:
        name: as the family has it.
        value: as RDS takes it.
        waits_for_reboot: whether it takes effect with the next restart only (apply method `pending-reboot`).
    """

    name: str
    value: str
    waits_for_reboot: bool = False


def parameters_of(
    engine: Engine,
    *,
    slow_query_milliseconds: int,
    max_connections: int | None = None,
    added: Mapping[str, str] | None = None,
    added_pending_reboot: Mapping[str, str] | None = None,
) -> tuple[Parameter, ...]:
    """Parameters of an instance or a cluster, sorted by name: TLS required, slow statements logged.

    Args:
        engine: whose names and values are taken.
        slow_query_milliseconds: statements that take longer are logged, in milliseconds.
        max_connections: most connections at once; None leaves it to AWS.
        added: further ones that take effect at once.
        added_pending_reboot: further ones that take effect with the next restart.
    """
    found = {name: Parameter(name, value) for name, value in _always(engine, slow_query_milliseconds).items()}
    if max_connections is not None:
        is_static = engine.family == POSTGRESQL  # MySQL and MariaDB change it while they run
        found["max_connections"] = Parameter("max_connections", str(max_connections), is_static)
    found |= {name: Parameter(name, value) for name, value in (added or {}).items()}
    static = added_pending_reboot or {}
    found |= {name: Parameter(name, value, waits_for_reboot=True) for name, value in static.items()}
    return tuple(found[name] for name in sorted(found))


def _always(engine: Engine, slow_query_milliseconds: int) -> dict[str, str]:
    if engine.family == POSTGRESQL:
        logs = {
            "log_connections": "1",
            "log_min_duration_statement": str(slow_query_milliseconds),
            "log_statement": "ddl",
        }
    else:
        seconds = f"{slow_query_milliseconds / 1_000:.3f}".rstrip("0").rstrip(".")
        logs = {"log_output": "FILE", "long_query_time": seconds, "slow_query_log": "1"}
    return {**logs, **engine.tls_parameters}


def parameter_problems(
    engine: Engine, added: Mapping[str, str], added_pending_reboot: Mapping[str, str]
) -> Iterator[Problem]:
    """Parameters that would switch TLS off or weaken it, that a field sets, or that are given twice."""
    for field, given in (("parameters", added), ("pending_reboot_parameters", added_pending_reboot)):
        for name, value in sorted(given.items()):
            where = f'{field}["{name}"] is "{value}"'
            yield from _tls_problems(engine, name, value, where)
            if name in _OWNED_BY_FIELDS and name not in engine.tls_parameters:
                yield Problem("", where, f"the field {_OWNED_BY_FIELDS[name]} sets it", "set that field instead")
    for name in sorted(added.keys() & added_pending_reboot.keys()):
        yield Problem(
            "",
            f"{name} stands in parameters and in pending_reboot_parameters",
            "a parameter has one value",
            "remove one of the two",
        )


def _tls_problems(engine: Engine, name: str, value: str, where: str) -> Iterator[Problem]:
    wanted = engine.tls_parameters.get(name)
    if wanted is not None or name in _WEAKENING:
        setting = f", set to {wanted}" if wanted is not None else ""
        yield Problem("", where, f"connections take TLS always{setting}", "remove it")
    elif name in _VERSIONS and not is_token(value) and not set(re.split(r"[,\s]+", value)) <= _RECENT:
        yield Problem("", where, "TLS is 1.2 or 1.3", "write TLSv1.2, TLSv1.3 or both, as the engine takes them")
