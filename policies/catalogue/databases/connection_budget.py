"""Functions open no more connections than a proxy's pool or a database holds."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.budget import Row
from analysis.budget import Verdict as Fit
from analysis.budget.connections import DATABASE, POOL, UNBOUNDED
from analysis.budget.targets import DATABASES, PROXY
from analysis.finding import Finding, Level
from analysis.plan import Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged, proxy
from policies.shared.databases_samples import database, fronts, host, known_later, later
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy and database that functions connect to, by what they may open at once."""
    rows = {row.scope: row for row in view.own_budget.rows if row.rule in _RULES}
    findings = dict[str, list[Finding]]()
    for finding in view.own_budget.findings:
        if finding.rule in _RULES and finding.level is not Level.UNDECIDABLE:
            findings.setdefault(finding.address, []).append(finding)
    for entry in view.plan.of(PROXY, *DATABASES):
        if entry.address in rows:
            yield _verdict(entry, rows[entry.address], findings.get(entry.address, []))


def _verdict(entry: Resource, row: Row, findings: list[Finding]) -> Verdict:
    is_unbounded = row.limit.value is not None and any(text.endswith(UNBOUNDED) for text in row.unknown)
    if row.verdict is Fit.OVER or is_unbounded:
        messages, fixes = (
            dict.fromkeys(texts) for texts in zip(*((one.message, one.fix) for one in findings), strict=True)
        )
        return failed(entry, "; ".join(messages), "; ".join(fixes))
    if row.verdict is Fit.FITS:
        return passed(entry)
    missing = " and ".join(row.unknown)
    return unknown(
        entry, f"whether functions open more connections than it holds cannot be told without knowing {missing}"
    )


_RULES = frozenset({POOL, DATABASE})


def _caller(name: str, kind: str, to: str, reserved: object) -> dict[str, object]:
    return function(name, environment=host(kind, to), reserved_concurrent_executions=reserved)


POLICY = Policy(
    id="CKV2_LNET_305",
    title="Functions open no more connections than the proxy or database holds",
    severity=Severity.HIGH,
    types=(PROXY, *DATABASES),
    why="Each environment of a function keeps a connection of its own. What exceeds the pool of a proxy waits and "
    "fails; what exceeds max_connections of a database is refused, for everybody else too.",
    source="Lambda guide, using Lambda with Amazon RDS; RDS guide, quotas and constraints: maximum connections",
    fix="Set reserved_concurrent_executions so that all functions together stay below the connections, or choose a "
    "larger instance class.",
    judge=judge,
    samples=(
        merged(
            database("passes_behind_proxy"),
            proxy("passes_within_pool"),
            fronts("passes_within_pool", "passes_behind_proxy", max_connections_percent=90),
            _caller("bounded", PROXY, "passes_within_pool", 20),
            database("passes_behind_small_pool"),
            proxy("fails_beyond_pool"),
            fronts("fails_beyond_pool", "passes_behind_small_pool", max_connections_percent=10),
            _caller("large", PROXY, "fails_beyond_pool", 60),
        ),
        merged(
            database("passes_with_few", instance_class="db.t4g.micro"),
            _caller("few", "aws_db_instance", "passes_with_few", 20),
            database("fails_with_many", instance_class="db.t4g.micro"),
            _caller("many", "aws_db_instance", "fails_with_many", 200),
            database("fails_without_bound"),
            _caller("unbounded", "aws_db_instance", "fails_without_bound", None),
            database("not_called"),
        ),
        merged(
            LATER_RESOURCE,
            database("unknown_then_passes_by_variable", instance_class="db.t4g.micro"),
            _caller("small", "aws_db_instance", "unknown_then_passes_by_variable", LATER.format("small")),
            later(small="db.t4g.micro"),
            database("unknown_then_fails_by_class", instance_class=known_later("small")),
            _caller("many", "aws_db_instance", "unknown_then_fails_by_class", 200),
        ),
    ),
)
