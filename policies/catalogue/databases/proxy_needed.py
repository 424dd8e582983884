"""Functions connect to a database through a proxy."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.budget.targets import DATABASES, PROXY
from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import function, merged, proxy, resource
from policies.shared.databases import Connections, connections, named
from policies.shared.databases_samples import database, fronts, host, known_later, later
from policies.view import View

_ENGINES = ("aurora-mysql", "aurora-postgresql", "mariadb", "mysql", "postgres", "sqlserver")
"""Engines that RDS Proxy takes (RDS guide, Regions and engines of RDS Proxy)."""
_ASYNCHRONOUS = frozenset(
    f"{name}.amazonaws.com"
    for name in ("cloudformation", "codecommit", "config", "events", "iot", "logs", "s3", "ses", "sns")
)
"""Services that invoke asynchronously (Lambda guide, services that invoke Lambda functions)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each database that functions connect to, by how many do, by what invokes them, and by proxies in front of it."""
    found = connections(view)
    busy = frozenset(_invoked_in_numbers(view, found))
    for entry in view.plan.of(*DATABASES):
        callers = [one for one in found.callers.direct.get(entry, ()) if not found.environments.is_rotation(one)]
        engine = view.setting(entry, "engine", "")
        if engine is UNKNOWN or str(engine).startswith(_ENGINES):
            verdict = _verdict(view, entry, callers, found, busy)
            if verdict is not None:
                yield verdict


def _verdict(
    view: View, entry: Resource, callers: list[Resource], found: Connections, busy: frozenset[Resource]
) -> Verdict | None:
    proxies = view.plan.of(PROXY)
    fronting = [proxy for proxy in proxies if entry in found.targets.behind(proxy)[0]]
    if not callers:
        return passed(entry) if any(found.callers.proxied.get(proxy) for proxy in fronting) else None
    sure = [one for one in callers if one not in found.callers.allowed]
    message = _problem(sure, fronting, busy)
    doubt = next((f"what {proxy} stands in front of" for proxy in proxies if found.targets.behind(proxy)[1]), "")
    if message and (fronting or not doubt):
        return failed(entry, message)
    if message or _problem(callers, fronting, busy):
        admitted = named([one for one in callers if one not in sure])
        doubt = doubt or f"whether {admitted}, which its security groups admit, connect to it"
        return unknown(entry, f"whether functions connect past a proxy cannot be told without knowing {doubt}")
    return passed(entry)


def _problem(callers: list[Resource], fronting: list[Resource], busy: frozenset[Resource]) -> str:
    if not callers:
        return ""
    if fronting:
        return f"{named(callers)} connects to it directly, although {fronting[0]} stands in front of it"
    if len(callers) > 1:
        return f"{named(callers)} connect to it directly, and no aws_db_proxy stands in front of it"
    if callers[0] in busy:
        return (
            f"{callers[0]}, which is invoked asynchronously or by an event source, connects to it directly, and no "
            "aws_db_proxy stands in front of it"
        )
    return ""


def _invoked_in_numbers(view: View, found: Connections) -> Iterator[Resource]:
    """Functions that queues, streams and asynchronous events invoke, as often as there are events."""
    for entry in view.plan.of("aws_lambda_event_source_mapping"):
        if entry.get("enabled") is not False:
            yield from _function(found, entry)
    for entry in view.plan.of("aws_lambda_permission"):
        if entry.get("principal") in _ASYNCHRONOUS:
            yield from _function(found, entry)


def _function(found: Connections, entry: Resource) -> Iterator[Resource]:
    function_named = found.side.callables.named(entry, "function_name").function
    if function_named is not None:
        yield function_named


def _caller(name: str, to: str) -> Sample:
    return function(name, environment=host("aws_db_instance", to), reserved_concurrent_executions=2)


POLICY = Policy(
    id="CKV2_LNET_306",
    title="Functions connect to a database through a proxy",
    severity=Severity.MEDIUM,
    types=DATABASES,
    why="Functions open and close connections as they scale, several of them at once, and leave them open when they "
    "are frozen; a proxy keeps a pool that all of them share.",
    source="Lambda guide, using Lambda with Amazon RDS",
    fix="Put an aws_db_proxy in front of the database, and give functions its endpoint.",
    judge=judge,
    samples=(
        merged(
            database("passes_with_one_function"),
            _caller("single", "passes_with_one_function"),
            database("fails_with_two_functions"),
            _caller("first", "fails_with_two_functions"),
            _caller("second", "fails_with_two_functions"),
            database("fails_with_events"),
            _caller("events", "fails_with_events"),
            resource(
                "aws_lambda_permission",
                "events",
                action="lambda:InvokeFunction",
                function_name="${aws_lambda_function.events.function_name}",
                principal="events.amazonaws.com",
            ),
            database("not_called"),
        ),
        merged(
            database("passes_behind_proxy"),
            proxy("orders"),
            fronts("orders", "passes_behind_proxy"),
            function("through_proxy", environment=host("aws_db_proxy", "orders")),
            database("fails_beside_proxy"),
            proxy("beside"),
            fronts("beside", "fails_beside_proxy"),
            _caller("beside", "fails_beside_proxy"),
        ),
        merged(
            database("unknown_then_fails_behind_another"),
            database("another"),
            _caller("first", "unknown_then_fails_behind_another"),
            _caller("second", "unknown_then_fails_behind_another"),
            later(identifier="${aws_db_instance.another.identifier}"),
            proxy("orders"),
            resource(
                "aws_db_proxy_target",
                "orders",
                db_proxy_name="${aws_db_proxy.orders.name}",
                target_group_name="default",
                db_instance_identifier=known_later("identifier"),
            ),
        ),
    ),
)
