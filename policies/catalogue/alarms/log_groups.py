"""Logs are kept for as long as it was decided, encrypted with a key of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.plan import UNKNOWN, Plan, Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import ACCOUNT_ID, LATER, LATER_RESOURCE, REGION, cloud, function, merged, policy, resource
from policies.shared.per_plan import per_plan
from policies.shared.settings import is_set
from policies.view import View

FUNCTION, GROUP = "aws_lambda_function", "aws_cloudwatch_log_group"
_DEFAULT = "/aws/lambda/{}"
"""The log group that Lambda makes for a function that names none (Lambda guide, CloudWatch Logs)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the log group it writes to, and each other log group."""
    written = set[Resource]()
    for entry in view.functions:
        found = _group_of(view, entry)
        if isinstance(found, Verdict):
            yield found
        else:
            written.add(found)
            yield _judged(view, entry, found)
    for entry in view.plan.of(GROUP):
        if entry not in written:
            yield _judged(view, entry, entry)


def _group_of(view: View, function: Resource) -> Resource | Verdict:
    """The log group of a function, or the verdict where the plan does not hold it."""
    path = "logging_config.log_group"
    given = view.setting(function, path)
    linked = view.plan.links(function, path, GROUP).only
    if given not in (None, "") and linked is not None:
        return linked
    if given is UNKNOWN:
        return unknown(function, f"{path} is known only after apply")
    name = str(given) if given else _default_name(function)
    if name is None:
        made = _by_function(view.plan).get(function)
        return made or unknown(function, "its function_name is known only after apply, and so is its log group")
    found = [group for plan in (view.plan, *view.beside) for group in _by_name(plan).get(name, ())]
    return found[0] if found else _missing(view.plan, function, name)


def _missing(plan: Plan, function: Resource, name: str) -> Verdict:
    hidden = [entry for entry in plan.of(GROUP) if entry.get("name") is UNKNOWN and plan.is_configured(entry, "name")]
    if hidden:
        return unknown(function, f"the name of {hidden[0]} is known only after apply, and may be {name}")
    message = f"no aws_cloudwatch_log_group is called {name}, so that Lambda makes one that keeps logs for ever"
    return failed(function, message, f"add an aws_cloudwatch_log_group with the name {name}")


def _judged(view: View, resource: Resource, group: Resource) -> Verdict:
    days = view.setting(group, "retention_in_days", default=0)
    has_key = is_set(view, group, "kms_key_id")
    of = "" if group is resource else f" of {group}"
    problems = []
    if days is not UNKNOWN and not int(days or 0):
        problems.append(f"retention_in_days{of} is not set, so that logs are kept for ever")
    if has_key is False:
        problems.append(f"kms_key_id{of} is not set, so that a key of CloudWatch Logs encrypts them")
    if problems:
        return failed(resource, "; ".join(problems))
    doubts = [name for name, value in (("retention_in_days", days), ("kms_key_id", has_key)) if value is UNKNOWN]
    return unknown(resource, f"{' and '.join(doubts)}{of} is known only after apply") if doubts else passed(resource)


def _default_name(function: Resource) -> str | None:
    name = function.get("function_name")
    return _DEFAULT.format(name) if isinstance(name, str) else None


@per_plan
def _by_name(plan: Plan) -> Mapping[str, tuple[Resource, ...]]:
    """Log groups by their names."""
    found = dict[str, list[Resource]]()
    for entry in (*plan.of(GROUP), *plan.of(GROUP, mode="data")):
        name = entry.get("name")
        if isinstance(name, str):
            found.setdefault(name, []).append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


@per_plan
def _by_function(plan: Plan) -> Mapping[Resource, Resource]:
    """Log groups by the function whose name, not known yet, theirs is made of."""
    written = {
        (function.module, _DEFAULT.format(text)): function
        for function in plan.of(FUNCTION)
        if function.get("function_name") is UNKNOWN
        for text in plan.texts(function, "function_name")
    }
    found = dict[Resource, Resource]()
    for group in plan.of(GROUP):
        if group.get("name") is UNKNOWN:
            named = plan.links(group, "name", FUNCTION).resources
            same = [
                written[group.module, text] for text in plan.texts(group, "name") if (group.module, text) in written
            ]
            for function in (*named, *same):
                found.setdefault(function, group)
    return found


def _key() -> Sample:
    own = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}, "Action": "kms:*", "Resource": "*"}
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    logs = {"Principal": {"Service": f"logs.{REGION}.amazonaws.com"}, "Action": actions, "Resource": "*"}
    return resource("aws_kms_key", "logs", policy=policy(own, logs), deletion_window_in_days=7)


def _group(name: str, of: str, /, **body: object) -> Sample:
    settings = {"retention_in_days": 365, "kms_key_id": "${aws_kms_key.logs.arn}", **body}
    given = {key: value for key, value in settings.items() if value is not None}
    return resource(GROUP, name, name=of, **given)


def _named(name: str) -> str:
    return _DEFAULT.format(cloud(name))


POLICY = Policy(
    id="CKV2_LNET_609",
    title="Log groups of functions, and all others, have a retention and a key",
    severity=Severity.MEDIUM,
    types=(FUNCTION, GROUP),
    why="Lambda makes the log group that is missing, keeps it for ever and encrypts it with a key that nobody can take "
    "away; it stays when the function is destroyed.",
    source="Security Hub controls for CloudWatch, CloudWatch.16; CloudWatch Logs guide, encrypt log data with AWS KMS",
    fix="Add an aws_cloudwatch_log_group for the function with retention_in_days and kms_key_id, and name it in "
    "logging_config.",
    judge=judge,
    samples=(
        merged(
            _key(),
            LATER_RESOURCE,
            function("passes_by_name"),
            _group("by_name", _named("passes_by_name")),
            function("passes_by_reference"),
            _group("by_reference", "/aws/lambda/${aws_lambda_function.passes_by_reference.function_name}"),
            function("passes_by_config", logging_config={"log_format": "JSON", "log_group": "sample-logs"}),
            _group("by_config", "sample-logs"),
            function("fails_without_group"),
            function("fails_by_config", logging_config={"log_format": "JSON", "log_group": "sample-other"}),
            _group("fails_unread", _named("fails_by_config"), retention_in_days=None),
            function("fails_kept_for_ever"),
            _group("kept", _named("fails_kept_for_ever"), retention_in_days=0),
            function("fails_without_key"),
            _group("plain", _named("fails_without_key"), kms_key_id=None),
            _group("passes_alone", "sample-alone"),
            _group("fails_alone", "sample-alone-for-ever", retention_in_days=None),
            function("unknown_then_passes_by_retention"),
            _group("later", _named("unknown_then_passes_by_retention"), retention_in_days=LATER.format("small")),
            function("unknown_then_fails_by_retention"),
            _group(
                "never",
                _named("unknown_then_fails_by_retention"),
                retention_in_days="${terraform_data.later.output.small - 1}",
            ),
        ),
    ),
    replaces={
        "CKV_AWS_66": "In plans it passes a log group that never expires, as its retention is 0 there.",
        "CKV_AWS_158": "It asks for a key of log groups that are written down, and is told by the same finding here.",
    },
)
