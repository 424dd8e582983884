"""A database's administrator has a name of his own, and what is open to the internet a port of its own.

The port of a database that only security groups admit is not judged: who may connect knows it, and who may not cannot
scan for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import merged
from policies.shared.databases_samples import database, known_later, later
from policies.view import View

_PORTS = {
    "aurora-postgresql": 5432,
    "aurora": 3306,
    "db2": 50_000,
    "mariadb": 3306,
    "mysql": 3306,
    "oracle": 1521,
    "postgres": 5432,
    "sqlserver": 1433,
}
"""Default port by engine (rds API model, CreateDBInstance)."""

_NAMES = frozenset({"admin", "administrator", "postgres", "root"})
"""Names that RDS proposes for the administrator, and those that engines are installed with."""

_USER = {"aws_db_instance": "username", "aws_rds_cluster": "master_username"}
_INHERITS = {
    "aws_db_instance": ("replicate_source_db", "snapshot_identifier", "restore_to_point_in_time", "s3_import"),
    "aws_rds_cluster": (
        "replication_source_identifier", "snapshot_identifier", "restore_to_point_in_time", "global_cluster_identifier",
    ),
}  # fmt: skip
"""Arguments by which a database is made from another, whose port and names it takes over."""


def judge(view: View) -> Iterator[Verdict]:
    """Each instance and cluster by its port and the name of its administrator."""
    for entry in view.plan.of(*_USER):
        wrong, doubts = list[str](), list[str]()
        _port(view, entry, wrong, doubts)
        path = _USER[entry.type]
        name = view.setting(entry, path) if view.plan.is_configured(entry, path) else None
        if name is UNKNOWN:
            doubts.append(path)
        elif str(name).lower() in _NAMES:
            wrong.append(f'{path} is "{name}", which everybody tries first')
        if wrong:
            yield failed(entry, "; ".join(wrong))
        elif doubts:
            yield unknown(entry, f"{' and '.join(doubts)} cannot be told before apply")
        else:
            yield passed(entry)


def _port(view: View, entry: Resource, wrong: list[str], doubts: list[str]) -> None:
    public = view.setting(entry, "publicly_accessible", default=False)  # of clusters, each instance tells
    if public is False:
        return
    engine = view.setting(entry, "engine", "")
    port = view.setting(entry, "port")
    usual = _usual(engine)
    if port is None:
        inherits = any(view.setting(entry, name) not in (None, "", []) for name in _INHERITS[entry.type])
        if inherits:
            doubts.append("port, which it takes over from another,")
        else:
            default = usual or "the default port of its engine"
            _open(public, f"port is not set, and so {default}", wrong, doubts)
    elif port is UNKNOWN:
        doubts.append("port")
    elif usual is None and int(port) in _PORTS.values():
        doubts.append("engine")
    elif int(port) == usual:
        _open(public, f"port is {port}, the default of {engine}", wrong, doubts)


def _open(public: object, said: str, wrong: list[str], doubts: list[str]) -> None:
    if public is UNKNOWN:
        doubts.append("publicly_accessible")
    else:
        wrong.append(f"{said}, and publicly_accessible is true")


def _usual(engine: Any) -> int | None:
    """The default port of an engine; None where it cannot be told."""
    if not isinstance(engine, str):
        return None
    return next((port for name, port in _PORTS.items() if engine.startswith(name)), None)


POLICY = Policy(
    id="CKV2_LNET_310",
    title="Database has no default administrator, and on the internet no default port",
    severity=Severity.LOW,
    types=tuple(_USER),
    why="Port and name are the first that scans and guesses of passwords try.",
    source="Security Hub controls for Amazon RDS, RDS.23, RDS.24 and RDS.25",
    fix="Choose another port, and another name than admin or postgres for the administrator.",
    judge=judge,
    samples=(
        merged(
            later(usual=5432, own=6543),
            database("passes_within_its_groups", port=5432),
            database("passes_with_own_port", publicly_accessible=True),
            database("fails_on_default_port", port=5432, publicly_accessible=True),
            database("fails_without_port", port=None, publicly_accessible=True),
            database("fails_with_default_name", username="postgres"),
            database("unknown_then_fails_by_variable", port=known_later("usual"), publicly_accessible=True),
            database("unknown_then_passes_by_variable", port=known_later("own"), publicly_accessible=True),
        ),
    ),
)
