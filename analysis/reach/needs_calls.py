"""Services that a function calls itself, as its role's policies say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.iam import Policies, RolePolicies, Statement
from analysis.plan import Links, Plan, Resource
from analysis.reach.model import Destination, Kind
from analysis.reach.needs_by_lambda import INTERFACES, POLLING, SENDING, Used, encrypting_keys, things, used_by_lambda
from analysis.reach.needs_evidence import Evidence
from analysis.reach.needs_services import TYPES, endpoints_of, is_by_data_api, is_in, is_no_call, touches
from analysis.reach.needs_sign_in import sign_in_evidence

ANY_SERVICE = "*"
"""Name of the destination when which service is called cannot be told."""

_ROLE = "aws_iam_role"
_LOG_CALLS = (
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
)
_TRACES = (
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
_PULLING = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
)
_READING_SECRETS = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
_THROUGH_SERVICES = ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*")
_BY_SERVICES = ("kms:viaservice", "aws:calledvia", "aws:viaawsservice", "kms:grantisforawsresource")
_CONTEXT = "kms:encryptioncontext:"
_MINE, _LAMBDA = (True, ""), (False, "")


@dataclass(frozen=True)
class _Caller:
    """A function, what Lambda does for it, and what its environment names."""

    function: Resource
    used: Used
    told: frozenset[Resource]
    policies: RolePolicies | None
    """None where its role is not in the plan."""

    @property
    def sends_to_others(self) -> bool:
        return bool(self.used.targets or self.used.unresolved)


class Calls:
    """The API calls of a plan's functions.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._policies = Policies(plan)
        self._used = used_by_lambda(plan)

    @cached_property
    def _keys(self) -> frozenset[Resource]:
        return encrypting_keys(self._plan)

    def used(self, function: Resource) -> Used:
        """What Lambda uses on behalf of a function."""
        return self._used[function]

    def policies(self, function: Resource) -> RolePolicies | None:
        """What a function's role may do; None where its role is not in the plan."""
        role = self._plan.links(function, "role", _ROLE).only
        return None if role is None else self._policies.of(role)

    def evidence(self, function: Resource, policies: RolePolicies | None) -> Iterator[Evidence]:
        """What a function's role says of the services that it calls."""
        told = frozenset(self._plan.links(function, "environment.variables").resources)
        caller = _Caller(function, self._used[function], told, policies)
        if policies is None:
            yield _any(function, f"{function.address} has a role", f"the policies of its role ({self._role(function)})")
            return
        for action, statement in policies.allows():
            yield from self._of_action(caller, action, statement)
        for reason in policies.unknown:
            yield _any(function, f"{policies.role.address} has policies that the plan does not tell", reason)
        yield from self._named(caller, policies)

    def _role(self, function: Resource) -> str:
        links = self._plan.links(function, "role", _ROLE)
        names = (*(entry.address for entry in links.resources), *links.literals, *links.unresolved)
        return ", ".join(names) or "which is not known"

    def _of_action(self, caller: _Caller, action: str, statement: Statement) -> Iterator[Evidence]:
        found = list(sign_in_evidence(self._plan, caller.function, caller.used, action, statement))
        yield from found
        if found or is_no_call(action) or _is_by_service(statement):
            return
        if statement.not_resources:  # everything but something
            statement = replace(statement, resources=Links(literals=("*",)), not_resources=False)
        reason = f"{statement.source} allows {action}"
        prefix = action.partition(":")[0]
        if "*" in prefix or "?" in prefix:
            yield _any(caller.function, reason, f"which services are called with {action}")
            return
        is_mine, unknown = self._judged(caller, action, statement)
        if not is_mine:
            return
        suffixes = endpoints_of(action)
        if not suffixes:
            unknown = unknown or f"which endpoint the actions of {prefix} call"
        for suffix in suffixes or (prefix,):
            for region in self._regions(caller.function, statement):
                objects = statement.resources.resources
                target = Destination(Kind.SERVICE, suffix, region, actions=(action,), objects=objects)
                yield Evidence(caller.function, target, reason, unknown)

    def _judged(self, caller: _Caller, action: str, statement: Statement) -> tuple[bool, str]:
        """Whether the function itself calls the action, and why that is not certain."""
        prefix = action.lower().partition(":")[0]
        if prefix == "logs":
            return (is_in(action, _LOG_CALLS), "")
        if prefix == "xray":
            return self._traces(caller, action)
        if prefix == "kms":
            return self._key(caller, action, statement)
        if is_in(action, _READING_SECRETS) and is_by_data_api(caller.policies):
            return _unsure(action, "RDS reads the database's secret with it where the Data API is called")
        for pattern, why in _setting_up(caller.function, prefix):
            if touches(action, pattern):
                return _LAMBDA if is_in(action, pattern) else _unsure(action, why)
        return self._polling(caller, action, statement)

    def _traces(self, caller: _Caller, action: str) -> tuple[bool, str]:
        if not touches(action, _TRACES):
            return _MINE
        if caller.function.get("tracing_config.mode") == "Active":
            return _LAMBDA if is_in(action, _TRACES) or action.lower() == "xray:*" else _MINE
        return _unsure(action, "Lambda writes traces with it where tracing is active")

    def _key(self, caller: _Caller, action: str, statement: Statement) -> tuple[bool, str]:
        keys = [entry for entry in statement.resources.resources if entry.type.startswith("aws_kms_")]
        if not touches(action, _THROUGH_SERVICES) or set(keys) & caller.told:
            return _MINE
        through = f"whether {action} is called by the function or through a service that encrypts with the key"
        if len(keys) == len(statement.resources.resources) and keys and not statement.resources.literals:
            if all(key in self._keys for key in keys):
                return _LAMBDA if is_in(action, _THROUGH_SERVICES) else (True, through)
            if not statement.resources.unresolved and not any(key in self._keys for key in keys):
                return _MINE
        return True, through

    def _polling(self, caller: _Caller, action: str, statement: Statement) -> tuple[bool, str]:
        if not touches(action, POLLING):
            return self._sending(caller, action, statement)
        why = "an event source mapping polls with it"
        used, resources, is_only_polling = caller.used, statement.resources, is_in(action, POLLING)
        if set(resources.resources) & caller.told:
            return _MINE
        is_open = bool(resources.unresolved or used.unresolved)
        if statement.is_for_everything:
            is_polled = used.polls(action.lower().partition(":")[0])
        else:
            is_polled = not is_open and all(thing in used.polled for thing in things(resources))
        if is_polled:
            return _LAMBDA if is_only_polling else _unsure(action, why)
        if is_open or statement.is_for_everything or (is_only_polling and resources.literals):
            return _unsure(action, why)
        return _MINE if is_only_polling else self._sending(caller, action, statement)

    def _sending(self, caller: _Caller, action: str, statement: Statement) -> tuple[bool, str]:
        why = "Lambda sends dead letters, records of invocations or sign-ins with it"
        targets, unresolved = caller.used.targets, caller.used.unresolved
        is_told = set(statement.resources.resources) & caller.told
        if not touches(action, SENDING) or not caller.sends_to_others or is_told:
            return _MINE
        named = tuple(things(statement.resources))
        if statement.is_for_everything or statement.resources.unresolved or unresolved:
            services = endpoints_of(action)
            is_one = any(isinstance(thing, str) or TYPES.get(thing.type) in services for thing in targets)
            return _unsure(action, why) if is_one or unresolved else _MINE
        if all(thing in targets for thing in named):
            return _LAMBDA if is_in(action, SENDING) else _unsure(action, why)
        return _MINE

    def _regions(self, function: Resource, statement: Statement) -> tuple[str, ...]:
        """Regions that a call goes to, each but the function's own by its name."""
        own = self._plan.region(function)
        texts = (text.split(":")[3:4] for text in statement.resources.literals if text.startswith("arn:"))
        regions = {region[0] for region in texts if region and region[0] and "*" not in region[0]}
        regions |= {region for entry in statement.resources.resources if (region := self._plan.region(entry))}
        others = {region for region in regions if own is not None and region != own}
        if not regions or others != regions or statement.is_for_everything:
            return ("", *sorted(others))
        return tuple(sorted(others))

    def _named(self, caller: _Caller, policies: RolePolicies) -> Iterator[Evidence]:
        """Resources in the unknown parts of policies: something of them is allowed, or denied."""
        for entry in policies.named:
            service = TYPES.get(entry.type)
            if service is None or service == "kms" or entry in caller.used.polled or entry in caller.used.targets:
                continue
            target = Destination(Kind.SERVICE, service, objects=(entry,))
            reason = f"a policy of {policies.role.address} names {entry.address}"
            yield Evidence(caller.function, target, reason, "which actions of it are allowed is known only after apply")


def _setting_up(function: Resource, prefix: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if prefix == "ec2":
        yield INTERFACES, "Lambda makes network interfaces with it"
    if prefix == "ecr" and function.get("package_type") == "Image":
        yield _PULLING, "Lambda pulls the function's image with it"


def _any(function: Resource, reason: str, unknown: str) -> Evidence:
    return Evidence(function, Destination(Kind.SERVICE, ANY_SERVICE), reason, unknown)


def _unsure(action: str, why: str) -> tuple[bool, str]:
    return True, f"whether the function calls {action} itself; {why}"


def _is_by_service(statement: Statement) -> bool:
    return any(key in _BY_SERVICES or key.startswith(_CONTEXT) for key in statement.conditions)
