"""Somebody hears when connections to a database run short."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import Plan, Resource
from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import merged, proxy, resource
from policies.shared.alarm_samples import LATER_ACTIONS, alarm, later_actions
from policies.shared.alarms import Coverage, Metric, coverage, judged, name_of
from policies.view import View

_RDS = "AWS/RDS"
_OF_PROXY = {
    "which tells how long functions wait for a connection": Metric(_RDS, ("DatabaseConnectionsBorrowLatency",)),
    "which tells of connections that serve one client only": Metric(
        _RDS, ("DatabaseConnectionsCurrentlySessionPinned",)
    ),
    "which tells how many connections are open": Metric(
        _RDS, ("DatabaseConnections", "ClientConnections", "DatabaseConnectionsCurrentlyBorrowed")
    ),
    "which tells whether the database answers": Metric(_RDS, ("AvailabilityPercentage",), falls=True),
}
_CONNECTIONS = Metric(_RDS, ("DatabaseConnections",))
_CLUSTER, _MEMBER = "aws_rds_cluster", "aws_rds_cluster_instance"


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy, database and cluster by the alarms on its connections."""
    for entry in view.plan.of("aws_db_proxy"):
        yield judged(entry, {_clause(metric, what): _found(view, entry, metric) for what, metric in _OF_PROXY.items()})
    for entry in view.plan.of("aws_db_instance"):
        yield judged(entry, {_clause(_CONNECTIONS): _found(view, entry, _CONNECTIONS)})
    for entry in view.plan.of(_CLUSTER):
        yield judged(entry, {_clause(_CONNECTIONS): _of_cluster(view, entry)})


def _clause(metric: Metric, what: str = "") -> str:
    return f"{metric}{f', {what}' if what else ''}"


def _found(view: View, resource: Resource, metric: Metric) -> Coverage:
    return coverage(view, resource, metric, name_of(resource))


def _of_cluster(view: View, cluster: Resource) -> Coverage:
    """An alarm on the cluster, or one on each of its instances."""
    own = _found(view, cluster, _CONNECTIONS)
    members = [_found(view, entry, _CONNECTIONS) for entry in _members(view.plan, cluster)]
    if own.is_certain or not members or not all(entry.is_certain or entry.doubts for entry in members):
        return own
    doubts = tuple(doubt for entry in members if not entry.is_certain for doubt in entry.doubts)
    return Coverage(doubts=doubts) if doubts else members[0]


def _members(plan: Plan, cluster: Resource) -> tuple[Resource, ...]:
    return plan.referrers(cluster, _MEMBER, via="cluster_identifier")


def _alarm(name: str, metric: str, dimension: str, of: str, /, **body: object) -> Sample:
    settings = {"namespace": _RDS, "statistic": "Average", "threshold": 50, **body}
    return alarm(name, metric, {dimension: of}, **settings)


def _alarms_of_proxy(prefix: str, of: str, /, **body: object) -> Sample:
    return merged(
        _alarm(f"{prefix}_latency", "DatabaseConnectionsBorrowLatency", "ProxyName", of),
        _alarm(f"{prefix}_pinned", "DatabaseConnectionsCurrentlySessionPinned", "ProxyName", of),
        _alarm(f"{prefix}_open", "ClientConnections", "ProxyName", of),
        alarm(
            f"{prefix}_there",
            "AvailabilityPercentage",
            {"ProxyName": of, "TargetGroup": "default", "TargetRole": "READ_WRITE"},
            **{
                "namespace": _RDS,
                "statistic": "Average",
                "threshold": 100,
                "comparison_operator": "LessThanThreshold",
                **body,
            },
        ),
    )


def _database(name: str) -> Sample:
    return resource(
        "aws_db_instance",
        name,
        identifier=f"sample-{name.replace('_', '-')}",
        engine="postgres",
        instance_class="db.t4g.micro",
        allocated_storage=20,
        username="orders",
        manage_master_user_password=True,
        skip_final_snapshot=True,
    )


def _cluster(name: str) -> Sample:
    return resource(
        _CLUSTER,
        name,
        cluster_identifier=f"sample-{name.replace('_', '-')}",
        engine="aurora-postgresql",
        master_username="orders",
        manage_master_user_password=True,
        skip_final_snapshot=True,
    )


POLICY = Policy(
    id="CKV2_LNET_605",
    title="Alarms watch the connections of every proxy and database",
    severity=Severity.MEDIUM,
    types=("aws_db_proxy", "aws_db_instance", _CLUSTER),
    why="Functions scale until the database takes no more connections, and then all of them fail at once. A proxy that "
    "waits for connections, or pins them, says so minutes before.",
    source="Amazon RDS guide, monitoring RDS Proxy metrics; CloudWatch guide, recommended alarms for RDS, "
    "DatabaseConnections",
    fix="Add alarms on DatabaseConnections of the database; of a proxy (ProxyName) on "
    "DatabaseConnectionsBorrowLatency, DatabaseConnectionsCurrentlySessionPinned, DatabaseConnections and "
    "AvailabilityPercentage.",
    judge=judge,
    samples=(
        merged(
            LATER_ACTIONS,
            proxy("passes_with_all"),
            _alarms_of_proxy("all", "${aws_db_proxy.passes_with_all.name}"),
            proxy("fails_with_a_rise"),
            _alarms_of_proxy("rise", "sample-fails-with-a-rise", comparison_operator="GreaterThanThreshold"),
            proxy("fails_without"),
            proxy("unknown_then_passes_later"),
            _alarms_of_proxy("later", "sample-unknown-then-passes-later", alarm_actions=later_actions("some")),
            proxy("unknown_then_fails_later"),
            _alarms_of_proxy("never", "sample-unknown-then-fails-later", alarm_actions=later_actions("none")),
        ),
        merged(
            _database("passes_with_alarm"),
            _alarm(
                "database", "DatabaseConnections", "DBInstanceIdentifier",
                "${aws_db_instance.passes_with_alarm.identifier}",
            ),
            _database("fails_without_alarm"),
            _alarm("cpu", "CPUUtilization", "DBInstanceIdentifier", "sample-fails-without-alarm"),
        ),
        merged(
            _cluster("passes_as_cluster"),
            _alarm("cluster", "DatabaseConnections", "DBClusterIdentifier", "sample-passes-as-cluster"),
            _cluster("passes_by_instance"),
            resource(
                _MEMBER, "member", identifier="sample-member", engine="aurora-postgresql",
                instance_class="db.t4g.medium", cluster_identifier="${aws_rds_cluster.passes_by_instance.id}",
            ),
            _alarm("member", "DatabaseConnections", "DBInstanceIdentifier", "sample-member"),
            _cluster("fails_as_cluster"),
        ),
    ),
)  # fmt: skip
