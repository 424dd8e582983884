"""Whether CloudWatch may publish to a topic: by the topic's policy, and by that of the key that encrypts it."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.iam import Statement, covers
from analysis.iam.documents import Policy, policy_at
from analysis.plan import UNKNOWN, Links, Plan, Resource
from policies.shared.alarm_actions import COMPOSITE
from policies.shared.alarm_watches import ALARM
from policies.shared.per_plan import per_plan
from policies.view import View

TOPIC, KEY = "aws_sns_topic", "aws_kms_key"
_SERVICE = "cloudwatch.amazonaws.com"
_MANAGED_KEY = "alias/aws/sns"
_NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")
_ACTIONS = ("alarm_actions", "ok_actions", "insufficient_data_actions")


@per_plan
def topics_of_alarms(plan: Plan) -> tuple[Resource, ...]:
    """The topics of the plan that its alarms tell, by address."""
    found = {
        topic
        for alarm in plan.of(ALARM, COMPOSITE)
        for path in _ACTIONS
        for topic in plan.links(alarm, path, TOPIC).resources
        if topic.mode == "managed"
    }
    return tuple(sorted(found, key=str))


def refusals(view: View, topic: Resource) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why CloudWatch cannot publish to a topic, and why that is not known; keys outside the plan are not judged."""
    found, unknown = list[str](), list[str]()
    for part in (_by_policy(view.plan, topic), _by_key(view, topic)):
        if part is not None:
            (unknown if part[1] else found).append(part[0])
    return tuple(found), tuple(unknown)


def _by_policy(plan: Plan, topic: Resource) -> tuple[str, bool] | None:
    policy = _policy_of(plan, topic, "policy", "aws_sns_topic_policy")
    if policy is None:  # SNS then lets what acts for the account publish
        return None
    if any(_is_for_cloudwatch(entry, "sns:Publish") for entry in policy.statements):
        return None
    if policy.unknown or any(entry.unknown or entry.not_principals for entry in policy.statements):
        return f"{(*policy.unknown, f'the policy of {topic} is known only after apply')[0]}", True
    return f"no statement of its policy lets {_SERVICE} call sns:Publish", False


def _by_key(view: View, topic: Resource) -> tuple[str, bool] | None:
    value = view.setting(topic, "kms_master_key_id")
    if value in (None, ""):
        return None
    if value is not UNKNOWN and str(value).endswith(_MANAGED_KEY):
        return f"it is encrypted with {_MANAGED_KEY}, whose policy does not let {_SERVICE} use it", False
    links = view.plan.links(topic, "kms_master_key_id", KEY, "aws_kms_alias")
    if links.unresolved:
        return "kms_master_key_id is known only after apply", True
    keys = _keys(view.plan, links)
    return _by_policy_of_key(view.plan, keys[0]) if len(keys) == 1 else None


def _keys(plan: Plan, links: Links) -> tuple[Resource, ...]:
    """The keys of the plan that are named, or that an alias which is named stands for."""
    found = dict[Resource, None]()
    for entry in links.resources:
        inner = plan.links(entry, "target_key_id", KEY).resources if entry.type == "aws_kms_alias" else (entry,)
        found.update(dict.fromkeys(key for key in inner if key.mode == "managed"))
    return tuple(found)


def _by_policy_of_key(plan: Plan, key: Resource) -> tuple[str, bool] | None:
    policy = _policy_of(plan, key, "policy", "aws_kms_key_policy") or Policy()
    missing = [name for name in _NEEDED if not any(_is_for_cloudwatch(entry, name) for entry in policy.statements)]
    if not missing:
        return None
    if policy.unknown or any(entry.unknown or entry.not_principals for entry in policy.statements):
        return f"{(*policy.unknown, f'the policy of {key} is known only after apply')[0]}", True
    return (
        f"no statement of the policy of {key}, which encrypts it, lets {_SERVICE} call {' and '.join(missing)}",
        False,
    )


def _is_for_cloudwatch(statement: Statement, action: str) -> bool:
    """Whether a statement allows it; conditions, which name account or alarm, are taken to be met."""
    if statement.effect != "Allow" or statement.not_principals:
        return False
    named = [name for names in statement.principals.values() for name in names]
    allowed = any(covers(pattern, action) for pattern in statement.actions)
    return allowed and any(name in {_SERVICE, "*"} for name in named)


def _policy_of(plan: Plan, resource: Resource, path: str, kind: str) -> Policy | None:
    """The policy of a topic or key, written on it or beside it; None where it has the default one."""
    result = policy_at(plan, resource, path) if plan.is_configured(resource, path) else None
    for entry in _beside(plan).get((kind, resource), ()):
        found = policy_at(plan, entry, "policy")
        result = found if result is None else result | found
    stray = _beside(plan).get((kind, None), ())
    if stray:
        result = (result or Policy()) | Policy(
            unknown=(f"which resource {stray[0]} belongs to is known only after apply",)
        )
    return result


_OF = {"aws_sns_topic_policy": ("arn", TOPIC), "aws_kms_key_policy": ("key_id", KEY)}


@per_plan
def _beside(plan: Plan) -> Mapping[tuple[str, Resource | None], tuple[Resource, ...]]:
    """Policies that are resources of their own, by what they belong to; by None where that is not known."""
    found = dict[tuple[str, Resource | None], list[Resource]]()
    for entry in plan.of(*_OF):
        path, kind = _OF[entry.type]
        links = plan.links(entry, path, kind)
        for owner in links.resources or ((None,) if links.unresolved else ()):
            found.setdefault((entry.type, owner), []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}
