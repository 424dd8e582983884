"""An RDS proxy has a target, and its timeouts agree with those of the functions that use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.budget.targets import PROXY
from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged, proxy
from policies.shared.databases import Connections, connections
from policies.shared.databases_samples import database, fronts, host
from policies.view import View

_TARGET = "aws_db_proxy_target"
_BORROW = "connection_pool_config.connection_borrow_timeout"
_BORROW_DEFAULT = 120  # rds API model, ConnectionPoolConfiguration: seconds
_IDLE_DEFAULT = 1_800  # rds API model, CreateDBProxy: seconds
_TIMEOUT_DEFAULT = 3  # lambda API model, CreateFunction: seconds


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy by its target, and by both of its timeouts against those of its functions."""
    found = connections(view)
    is_open = any(not view.plan.links(entry, "db_proxy_name").is_complete for entry in view.plan.of(_TARGET))
    for entry in view.plan.of(PROXY):
        wrong, doubts = list[str](), list[str]()
        if not view.plan.referrers(entry, _TARGET, via="db_proxy_name"):
            if is_open:
                doubts.append("the proxy that each aws_db_proxy_target belongs to")
            else:
                wrong.append("no aws_db_proxy_target names it, so it has no database to connect to")
        _timeouts(view, entry, found, wrong, doubts)
        if wrong:
            yield failed(entry, "; ".join(wrong))
        elif doubts:
            missing = " and ".join(dict.fromkeys(doubts))
            yield unknown(
                entry, f"whether it has a target and its timeouts fit cannot be told without knowing {missing}"
            )
        else:
            yield passed(entry)


def _timeouts(view: View, entry: Resource, found: Connections, wrong: list[str], doubts: list[str]) -> None:
    idle = view.setting(entry, "idle_client_timeout", _IDLE_DEFAULT)
    group = found.targets.group_of(entry)
    borrow = _BORROW_DEFAULT if group is None else view.setting(group, _BORROW, _BORROW_DEFAULT)
    if group is None and found.targets.stray_groups:
        borrow = UNKNOWN  # one of them may be its own
    for caller in found.callers.proxied.get(entry, ()):
        timeout = view.setting(caller, "timeout", _TIMEOUT_DEFAULT)
        for message, doubt in (
            _idle(caller, entry, idle, timeout),
            _borrow(caller, group or entry, borrow, timeout),
        ):
            if message and caller not in found.callers.allowed:
                wrong.append(message)
            elif message:
                doubts.append(f"whether {caller}, which its security groups admit, connects to it")
            elif doubt:
                doubts.append(doubt)


def _idle(caller: Resource, entry: Resource, idle: Any, timeout: Any) -> tuple[str, str]:
    """What is wrong with the time after which an idle client is cut off, and what is not known of it."""
    if idle is UNKNOWN or timeout is UNKNOWN:
        return "", f"idle_client_timeout of {entry}" if idle is UNKNOWN else f"timeout of {caller}"
    if int(idle) > int(timeout):
        return "", ""
    return (
        f"idle_client_timeout is {idle} seconds and the timeout of {caller} {timeout} seconds, so that the proxy may "
        "close a connection while the invocation that opened it still runs"
    ), ""


def _borrow(caller: Resource, group: Resource, borrow: Any, timeout: Any) -> tuple[str, str]:
    """What is wrong with the time that a client waits for a connection, and what is not known of it."""
    if borrow is UNKNOWN or timeout is UNKNOWN:
        return "", f"connection_borrow_timeout of {group}" if borrow is UNKNOWN else f"timeout of {caller}"
    if int(borrow) < int(timeout):
        return "", ""
    return (
        f"connection_borrow_timeout is {borrow} seconds and the timeout of {caller} {timeout} seconds, so that Lambda "
        "stops an invocation that waits for a free connection before the proxy tells it that there is none"
    ), ""


def _orders(name: str, timeout: object, idle: object = None, **pool: Any) -> Sample:
    return merged(
        proxy(name, idle_client_timeout=idle),
        fronts(name, "orders", **pool),
        function(f"of_{name}", environment=host(PROXY, name), timeout=timeout),
    )


POLICY = Policy(
    id="CKV2_LNET_307",
    title="RDS proxy has a target, and its timeouts agree with those of its functions",
    severity=Severity.MEDIUM,
    types=(PROXY,),
    why="A proxy without a target answers nobody. Where a function waits for a connection as long as it may run, it "
    "is stopped without an error that says why; where idle clients are cut off sooner, its statements fail.",
    source="RDS guide, managing RDS Proxy: connection borrow timeout and idle client timeout",
    fix="Register the database by aws_db_proxy_target, set connection_borrow_timeout below the timeout of each "
    "function, and idle_client_timeout above it.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            database("orders"),
            _orders("passes_with_fitting_timeouts", 30, 900, connection_borrow_timeout=20),
            _orders("fails_by_default_borrow_timeout", 30),
            _orders("fails_by_idle_timeout", 30, 30, connection_borrow_timeout=20),
            _orders("unknown_then_fails_by_variable", 30, connection_borrow_timeout=LATER.format("large")),
            _orders("unknown_then_passes_by_variable", 30, connection_borrow_timeout=LATER.format("small")),
            proxy("fails_without_target"),
        ),
    ),
)
