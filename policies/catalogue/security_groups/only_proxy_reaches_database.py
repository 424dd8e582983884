"""Behind a proxy, no function connects to the database itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.network.answer import Answer, Check, unknown
from analysis.network.peer import Port
from analysis.network.rules import INGRESS
from analysis.network.strays import Part
from analysis.network.targets import Target, targets_of
from analysis.plan import Resource
from analysis.reach.model import Destination, Kind, Need, Origin
from analysis.reach.needs_hosts import ports_of
from analysis.reach.start import Start, starts_of
from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import merged, proxy, resource
from policies.shared.network import functions_in_vpc, judged
from policies.shared.network_samples import LATER_NAMED, inline_rule, later, ref, rule
from policies.shared.security_group_samples import SUBNETS, VPC, caller, cluster, group_ids, inside, named
from policies.view import View

_TARGET = "aws_db_proxy_target"
_WORST_FIRST = (Answer.YES, Answer.UNKNOWN, Answer.NO)
_DATABASES = {"db_instance_identifier": "aws_db_instance", "db_cluster_identifier": "aws_rds_cluster"}


def judge(view: View) -> Iterator[Verdict]:
    """Each database that a proxy fronts, by the functions that its security groups admit on its port."""
    fronted, strays = _fronted(view)
    callers = _callers(view)
    for database in view.plan.of(*_DATABASES.values()):
        proxies = fronted.get(database, ())
        if not proxies and not strays:
            continue
        faults, doubts = list[str](), list[str]()
        for target in targets_of(view.network, database):
            for function, starts in callers.items():
                check = _admits(target, starts)
                way = f"its security groups admit {function} itself"
                if check.passes and proxies:
                    faults.append(f"{way}, although {proxies[0]} fronts it")
                elif check.passes:
                    doubts.append(f"{way}, and whether {strays[0]} puts a proxy in front of it is not known")
                elif check.answer is Answer.UNKNOWN:
                    doubts.append(f"whether {way} is not known: {check.note}")
        yield judged(database, faults, doubts)


def _fronted(view: View) -> tuple[Mapping[Resource, tuple[Resource | str, ...]], tuple[Resource, ...]]:
    """Databases with the proxies that front them, and targets of which the database is not known."""
    found, strays = dict[Resource, list[Resource | str]](), list[Resource]()
    for entry in view.plan.of(_TARGET):
        proxy_ = view.plan.links(entry, "db_proxy_name", "aws_db_proxy").only
        for path, kind in _DATABASES.items():
            if view.setting(entry, path) in (None, ""):
                continue
            links = view.plan.links(entry, path, kind)
            if links.only is not None:
                found.setdefault(links.only, []).append(proxy_ or f"the proxy of {entry}")
            elif links.unresolved:
                strays.append(entry)
    return {database: tuple(proxies) for database, proxies in found.items()}, tuple(strays)


def _callers(view: View) -> Mapping[Resource, tuple[Start, ...]]:
    """Where connections of functions begin; one function for each set of security groups and subnets."""
    seen, found = set[tuple[tuple[Part, ...], tuple[Part, ...]]](), dict[Resource, tuple[Start, ...]]()
    for function in functions_in_vpc(view):
        need = Need(function, Origin(function), Destination(Kind.INTERNET, ""), ())
        starts, doubts = starts_of(view.network, need)
        key = (starts[0].groups if starts else (), tuple(start.subnet.part for start in starts))
        if key in seen and not doubts and not (starts and starts[0].doubts):
            continue
        seen.add(key)
        found[function] = starts
    return found


def _admits(target: Target, starts: tuple[Start, ...]) -> Check:
    """Whether a database's groups admit connections from any of a function's subnets."""
    if not starts:
        return unknown("the subnets of the function")
    network, checks = starts[0].network, list[Check]()
    for start in starts:
        for port in ports_of(network.plan, target.resource) or (None,):
            check = network.groups.admits(target.groups, INGRESS, start.peer, Port(port, target.resource))
            is_open = not check.passes and bool(target.group_doubts)
            checks.append(unknown(f"its security groups ({target.group_doubts[0]})") if is_open else check)
    return min(checks, key=lambda check: _WORST_FIRST.index(check.answer))


def _in_front(name: str, database: str) -> Sample:
    """A proxy in front of a database."""
    body = {"vpc_subnet_ids": SUBNETS, "vpc_security_group_ids": group_ids("proxy")}
    return merged(
        proxy(f"of_{name}", **body),
        resource(
            _TARGET,
            f"of_{name}",
            db_proxy_name=ref(f"aws_db_proxy.of_{name}", "name"),
            target_group_name="default",
            db_cluster_identifier=database,
        ),
    )


def _behind(name: str, *groups: str) -> Sample:
    """A database with a proxy in front of it."""
    return merged(cluster(name, *groups), _in_front(name, ref(f"aws_rds_cluster.{name}", "cluster_identifier")))


POLICY = Policy(
    id="CKV2_LNET_203",
    title="Database behind a proxy admits no function itself",
    severity=Severity.HIGH,
    types=("aws_db_instance", "aws_rds_cluster"),
    why="Connections that functions open beside the proxy are in nobody's pool: they take the ones that the proxy "
    "counts on, and with every further execution environment another one.",
    source="RDS guide, RDS Proxy; Lambda developer guide, using Lambda with Amazon RDS",
    fix="Remove the rule that admits the function, let it connect to the proxy, and admit only the proxy's security "
    "group.",
    judge=judge,
    samples=(
        merged(
            VPC,
            named("caller", "other", "proxy", "open"),
            inside("closed", inline_rule(5432, security_groups=group_ids("proxy"))),
            inside("admits_admins", inline_rule(5432, security_groups=group_ids("proxy", "other"))),
            inside("on_another_port", inline_rule(22, security_groups=group_ids("caller"))),
            inside("by_range", inline_rule(5432, cidr_blocks=["10.0.0.0/16"])),
            rule("ingress", "caller", "open", 5432, referenced_security_group_id=ref("aws_security_group.caller")),
            later("closed", ref("aws_security_group.closed")),
            later("open", ref("aws_security_group.open")),
            caller("orders", "caller"),
            cluster("without_a_proxy", "open"),
            _behind("passes_with_its_proxy_only", "closed"),
            _behind("passes_with_a_group_of_no_function", "admits_admins"),
            _behind("passes_with_a_function_on_another_port", "on_another_port"),
            _behind("fails_with_the_group_of_a_function", "closed", "open"),
            _behind("fails_with_the_range_of_its_subnets", "by_range"),
            _behind("unknown_then_passes_by_group", LATER_NAMED.format("closed")),
            _behind("unknown_then_fails_by_group", LATER_NAMED.format("open")),
        ),
        merged(
            VPC,
            named("caller", "proxy"),
            inside("open", inline_rule(5432, security_groups=group_ids("caller"))),
            later("database", ref("aws_rds_cluster.unknown_then_fails_by_target", "cluster_identifier")),
            caller("orders", "caller"),
            cluster("unknown_then_fails_by_target", "open"),
            _in_front("unknown_then_fails_by_target", LATER_NAMED.format("database")),
        ),
    ),
)
