"""What invokes a function with aliases names one of them, or a version."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import Plan, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER_RESOURCE, merged, resource
from policies.shared.asynchronous import PERMISSION
from policies.shared.callees import FUNCTION, Callee, aliases, callee, names
from policies.shared.sources import MAPPING
from policies.shared.trigger_samples import (
    ARN,
    alias,
    mapping,
    permission,
    queue,
    rule,
    subscription,
    target,
    topic,
    worker,
)
from policies.shared.triggers import KINDS, triggers
from policies.view import View

_URL = "aws_lambda_function_url"
_QUALIFIERS = {MAPPING: "", PERMISSION: "qualifier", _URL: "qualifier"}
"""Types that name a function by `function_name`, with the attribute that holds the alias."""


def judge(view: View) -> Iterator[Verdict]:
    """Each trigger, mapping, permission and URL of a function that has an alias."""
    named = aliases(view.plan)
    found = dict[Resource, list[Verdict]]()
    for entry, called in _callees(view.plan):
        if called.function is not None and called.function in named:
            found.setdefault(entry, []).append(_judged(entry, called, names(named[called.function])))
    for verdicts in found.values():
        yield min(verdicts, key=lambda verdict: ("failed", "unknown", "passed").index(verdict.outcome))


def _callees(plan: Plan) -> Iterator[tuple[Resource, Callee]]:
    for trigger in triggers(plan):
        yield trigger.resource, trigger.callee
    for entry in plan.of(*_QUALIFIERS):
        called = callee(plan, entry, "function_name", qualifier=_QUALIFIERS[entry.type])
        if called is not None:
            yield entry, called


def _judged(entry: Resource, called: Callee, known: str) -> Verdict:
    if called.qualifier is None:
        return unknown(entry, f"whether it names an alias of {called.function} is known only after apply")
    if called.qualifier:
        return passed(entry)
    return failed(
        entry,
        f"it names {called.function} itself, which has {known}: every deployment reaches it at once, past the alias, "
        "its provisioned concurrency and its rollback",
        f"name {known}",
    )


POLICY = Policy(
    id="CKV2_LNET_802",
    title="Trigger of a function that has an alias names the alias",
    severity=Severity.MEDIUM,
    types=(*KINDS, *_QUALIFIERS),
    why="What names the function itself runs its newest code the moment it is deployed, without the shift, the "
    "rollback and the provisioned concurrency of the alias.",
    source="Lambda developer guide, using function aliases, and provisioned concurrency",
    fix="Name the alias, in the trigger and in its permission.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            worker("released", publish=True),
            worker("plain"),
            alias("live", "released", function_version="${aws_lambda_function.released.version}"),
            queue("a"),
            queue("b"),
            queue("c"),
            mapping("passes_alias", "a", "${aws_lambda_alias.live.arn}"),
            mapping("passes_version", "b", "${aws_lambda_function.released.qualified_arn}"),
            mapping("fails_name", "c", "${aws_lambda_function.released.function_name}"),
            mapping("of_a_function_without_alias", "a", "${aws_lambda_function.plain.arn}"),
            rule("hourly"),
            target("passes_alias", "hourly", "${aws_lambda_alias.live.arn}"),
            target("passes_name_and_alias", "hourly", f"{ARN.format(FUNCTION, 'released')}:live", target_id="named"),
            target("fails_arn", "hourly", ARN.format(FUNCTION, "released")),
            topic("news"),
            subscription("fails_arn", "news", ARN.format(FUNCTION, "released")),
            permission(
                "fails_unqualified", "released", "sns.amazonaws.com", source_arn=ARN.format("aws_sns_topic", "news")
            ),
            permission(
                "passes_qualified",
                "released",
                "sns.amazonaws.com",
                qualifier="${aws_lambda_alias.live.name}",
                source_arn=ARN.format("aws_sns_topic", "news"),
            ),
            permission(
                "unknown_then_passes_by_qualifier",
                "released",
                "sns.amazonaws.com",
                qualifier='${terraform_data.later.output["true"] ? "live" : "$LATEST"}',
                source_arn=ARN.format("aws_sns_topic", "news"),
                depends_on=["aws_lambda_alias.live"],
            ),
            permission(
                "unknown_then_fails_by_qualifier",
                "released",
                "sns.amazonaws.com",
                qualifier='${terraform_data.later.output["true"] ? null : "live"}',
                source_arn=ARN.format("aws_sns_topic", "news"),
            ),
            resource(
                _URL,
                "fails_url",
                function_name="${aws_lambda_function.released.function_name}",
                authorization_type="AWS_IAM",
            ),
        ),
    ),
)
