"""Whether the policy of a VPC endpoint lets through what a function asks of a service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from analysis.iam import Statement, covers, overlaps
from analysis.iam.documents import policy_at
from analysis.network import Answer, Check, Network
from analysis.network.answer import both, either, no, unknown, yes
from analysis.network.endpoints import Endpoint
from analysis.plan import Plan, Resource
from analysis.reach.model import Destination

_NAMES = ("arn", "id", "name", "function_name")
_OF_ACCOUNT = frozenset({"aws:principalaccount", "aws:resourceaccount", "aws:sourceaccount"})
_EQUALS, _DIFFERS = frozenset({"stringequals", "stringlike"}), frozenset({"stringnotequals", "stringnotlike"})
_EVERYONE = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_EVERYTHING, _BUCKET = "*", "aws_s3_bucket"


def admits(network: Network, endpoint: Endpoint, function: Resource, destination: Destination) -> Check:
    """Whether an endpoint's policy allows the actions of a destination on its objects."""
    holders = network.endpoints.policies(endpoint)
    if not holders:
        return yes("full access", endpoint.address)
    statements, doubts = list[Statement](), list[str]()
    for holder in holders:
        policy = policy_at(network.plan, holder, "policy")
        statements.extend(policy.statements)
        doubts.extend(policy.unknown)
    address, fix = holders[0].address, "allow it in the endpoint's policy"
    if doubts or not statements or not all(_is_for_everyone(network.plan, holder) for holder in holders):
        return unknown(f"the policy of {endpoint.address}", "check that it allows the calls", address)
    denied, unsure, accounts = list[str](), list[str](), _accounts(network.plan, function)
    for action in destination.actions or (_EVERYTHING,):
        answer = _allowed(statements, action, destination.objects, accounts)
        if answer is Answer.NO:
            denied.append(action)
        elif answer is Answer.UNKNOWN:
            unsure.append(action)
    if denied:
        missing = f"{', '.join(denied)} in the policy of {endpoint.address}"
        return no(missing, fix, address)
    if unsure:
        return unknown(f"whether the policy of {endpoint.address} allows {', '.join(unsure)}", fix, address)
    return yes("endpoint policy", address)


def _allowed(
    statements: Sequence[Statement], action: str, objects: Sequence[Resource], accounts: frozenset[str]
) -> Answer:
    allows, denies = Answer.NO, Answer.NO
    for statement in statements:
        applies = both(_acts(statement, action), both(_on(statement, objects), _when(statement, accounts)))
        if statement.effect == "Deny":
            denies = either(denies, applies)
        else:
            allows = either(allows, applies)
    if denies is Answer.YES or allows is Answer.NO:
        return Answer.NO
    return Answer.YES if allows is Answer.YES and denies is Answer.NO else Answer.UNKNOWN


def _acts(statement: Statement, action: str) -> Answer:
    if {"Action", "NotAction", "Effect", "actions", "not_actions", "effect"} & set(statement.unknown):
        return Answer.UNKNOWN
    if statement.not_actions:
        if any(covers(pattern, action) for pattern in statement.not_actions):
            return Answer.NO
        return Answer.UNKNOWN if any(overlaps(pattern, action) for pattern in statement.not_actions) else Answer.YES
    if any(covers(pattern, action) for pattern in statement.actions):
        return Answer.YES
    return Answer.UNKNOWN if any(overlaps(pattern, action) for pattern in statement.actions) else Answer.NO


def _on(statement: Statement, objects: Sequence[Resource]) -> Answer:
    if statement.is_for_everything:
        return Answer.YES
    links = statement.resources
    if statement.not_resources or not links.is_complete or not objects:
        return Answer.UNKNOWN
    answers = {_names(statement, entry) for entry in objects}
    return answers.pop() if len(answers) == 1 else Answer.UNKNOWN


def _names(statement: Statement, entry: Resource) -> Answer:
    """Whether a statement names a resource; a pattern is compared with the names that are known."""
    if entry in statement.resources.resources:
        return Answer.YES
    patterns = statement.resources.literals
    if entry.type == _BUCKET:
        answer = Answer.NO
        for pattern in patterns:
            answer = either(answer, _names_bucket(pattern, entry.get("bucket")))
        return answer
    names = [value for name in _NAMES if isinstance(value := entry.get(name), str) and value]
    for pattern in patterns:
        last = pattern.split(":")[-1].split("/")[-1]
        if any(covers(pattern if name.startswith("arn:") else last, name) for name in names):
            return Answer.YES
    return Answer.UNKNOWN if patterns else Answer.NO


def _names_bucket(pattern: str, bucket: object) -> Answer:
    """Whether a pattern such as `arn:aws:s3:::files/*` names a bucket, or all of its objects."""
    name, _, path = pattern.rsplit(":::", maxsplit=1)[-1].partition("/")
    if not isinstance(bucket, str):
        return Answer.UNKNOWN
    if not covers(name, bucket):
        return Answer.NO
    return Answer.YES if path in {"", "*"} else Answer.UNKNOWN


def _when(statement: Statement, accounts: frozenset[str]) -> Answer:
    """Whether a statement's conditions hold for a function of one of these accounts."""
    if not statement.conditions and not statement.operators:
        return Answer.YES
    operators = {operator.lower().removesuffix("ifexists") for operator in statement.operators}
    if not set(statement.conditions) <= _OF_ACCOUNT or not accounts or len(operators) != 1:
        return Answer.UNKNOWN
    operator = operators.pop()
    held = [bool(set(values) & accounts) for values in statement.conditions.values()]
    if operator in _EQUALS and (all(held) or not any(held)):
        return Answer.YES if all(held) else Answer.NO
    if operator in _DIFFERS and (all(held) or not any(held)):
        return Answer.NO if all(held) else Answer.YES
    return Answer.UNKNOWN


def _accounts(plan: Plan, function: Resource) -> frozenset[str]:
    """The account that the plan is for, as far as it tells: the provider's, the caller's, or the function's."""
    provider = (plan.document.get("configuration") or {}).get("provider_config", {}).get(function.provider) or {}
    allowed = ((provider.get("expressions") or {}).get("allowed_account_ids") or {}).get("constant_value") or ()
    callers = [entry.get("account_id") for entry in plan.of("aws_caller_identity", mode="data")]
    arn = function.get("arn")
    own = arn.split(":")[4:5] if isinstance(arn, str) else []
    found = {value for value in (*(allowed if len(allowed) == 1 else ()), *callers, *own) if isinstance(value, str)}
    return frozenset(found) if len(found) == 1 else frozenset()


def _is_for_everyone(plan: Plan, holder: Resource) -> bool:
    """Whether all statements of a policy are for every principal, for certain."""
    value = holder.get("policy")
    texts = [value] if isinstance(value, str) else list(plan.texts(holder, "policy"))
    documents = [entry for entry, _ in plan.links(holder, "policy").sources if entry.type == "aws_iam_policy_document"]
    if isinstance(value, str) or not documents:
        return bool(texts) and all(
            _names_everyone(text) for text in texts if "${data.aws_iam_policy_document" not in text
        )
    blocks = [block for entry in documents for block in entry.blocks("statement")]
    principals = [entry for block in blocks for entry in block.get("principals", ()) if isinstance(entry, Mapping)]
    return len(principals) >= len(blocks) and all(entry.get("identifiers") == ["*"] for entry in principals)


def _names_everyone(text: str) -> bool:
    try:
        body = json.loads(text)
    except ValueError:
        return False
    listed = body.get("Statement") if isinstance(body, Mapping) else None
    statements = listed if isinstance(listed, list) else [listed]
    return all(isinstance(entry, Mapping) and entry.get("Principal") in _EVERYONE for entry in statements)
