"""A permission lets one source of one service invoke a function, and do nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import ACCOUNT_ID, LATER_RESOURCE, merged, resource
from policies.shared.asynchronous import PERMISSION
from policies.shared.settings import is_set
from policies.shared.trigger_samples import ARN, permission, rule, topic, worker
from policies.view import View

_INVOKE, _INVOKE_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"
_S3 = "s3.amazonaws.com"
_BY_ACCOUNT = frozenset({"config.amazonaws.com", "secretsmanager.amazonaws.com", "ses.amazonaws.com"})
"""Services whose guides limit the permission by the account."""


def judge(view: View) -> Iterator[Verdict]:
    """Each permission by its action, its principal, and what it is limited to."""
    for entry in view.plan.of(PERMISSION):
        action, principal = view.setting(entry, "action"), view.setting(entry, "principal")
        if action is not UNKNOWN and action not in (_INVOKE, _INVOKE_URL):
            yield failed(entry, f"its action is {action}, more than {_INVOKE}", f'set action = "{_INVOKE}"')
        elif principal is UNKNOWN or action is UNKNOWN:
            yield unknown(entry, f"{'principal' if principal is UNKNOWN else 'action'} is known only after apply")
        elif principal == "*":
            yield _everybody(view, entry)
        elif str(principal).endswith((".amazonaws.com", ".amazonaws.com.cn")):
            yield _service(view, entry, str(principal))
        else:
            yield passed(entry)


def _everybody(view: View, entry: Resource) -> Verdict:
    """The whole world, which only a function URL or an organization makes smaller; the URL has a policy of its own."""
    kind, by_url = view.setting(entry, "function_url_auth_type"), view.setting(entry, "invoked_via_function_url")
    organization = is_set(view, entry, "principal_org_id")
    if organization is True or kind == "NONE" or by_url is True:
        return passed(entry)
    if UNKNOWN in (kind, by_url, organization):
        return unknown(entry, "what principal * is limited to is known only after apply")
    return failed(
        entry,
        "its principal is *: every account of AWS may invoke the function",
        "name the service or account as principal, or set principal_org_id",
    )


def _service(view: View, entry: Resource, principal: str) -> Verdict:
    arn, account = _is_limited(view, entry, "source_arn"), is_set(view, entry, "source_account")
    name = principal.partition(".")[0]
    if arn is False and (principal not in _BY_ACCOUNT or account is False):
        return failed(
            entry,
            f"source_arn is not set: whoever makes {name} send to the function, in any account, may invoke it",
            f"set source_arn to what {name} sends from",
        )
    if principal == _S3 and account is False:
        return failed(
            entry,
            "source_account is not set, and the ARN of a bucket holds no account: whoever makes a bucket of that name "
            "once this one is deleted may invoke the function",
            "set source_account to the account of the bucket",
        )
    path = "source_arn" if arn is UNKNOWN else "source_account"
    if UNKNOWN in (arn, account) and (arn is UNKNOWN or principal == _S3):
        return unknown(entry, f"{path} is known only after apply")
    return passed(entry)


def _is_limited(view: View, entry: Resource, path: str) -> object:
    """Whether it is set, and not to everything."""
    return False if view.setting(entry, path) == "*" else is_set(view, entry, path)


_RULE = ARN.format("aws_cloudwatch_event_rule", "hourly")
_BUCKET = "${aws_s3_bucket.files.arn}"
_EVENTS, _SNS = "events.amazonaws.com", "sns.amazonaws.com"

POLICY = Policy(
    id="CKV2_LNET_508",
    title="Permission of a function names its source, and allows nothing but invoking",
    severity=Severity.HIGH,
    types=(PERMISSION,),
    why="A service acts for whoever configures it: without a source, anybody's topic, rule or bucket can invoke the "
    "function.",
    source="Lambda developer guide, resource-based policies",
    fix="Set source_arn, for S3 source_account as well, and action to lambda:InvokeFunction.",
    judge=judge,
    replaces={
        "CKV_AWS_364": "in plans it takes a source_arn that is null for set, and passes every permission",
        "CKV_AWS_301": "it takes the permission of a public function URL for one to everybody, and does not look at "
        "actions",
    },
    samples=(
        merged(
            LATER_RESOURCE,
            worker("worker"),
            rule("hourly"),
            topic("news"),
            resource("aws_s3_bucket", "files", bucket="sample-files"),
            permission("passes_with_source", "worker", _EVENTS, source_arn=_RULE),
            permission(
                "passes_api",
                "worker",
                "apigateway.amazonaws.com",
                source_arn=f"arn:aws:execute-api:eu-west-1:{ACCOUNT_ID}:abcdef/*/*",
            ),
            permission("passes_bucket_with_account", "worker", _S3, source_arn=_BUCKET, source_account=ACCOUNT_ID),
            permission("passes_account", "worker", "210987654321"),
            permission("passes_secrets", "worker", "secretsmanager.amazonaws.com", source_account=ACCOUNT_ID),
            permission("passes_organization", "worker", "*", principal_org_id="o-abcdefghij"),
            permission("fails_without_source", "worker", _EVENTS),
            resource(
                PERMISSION,
                "fails_with_null",
                function_name="sample-worker",
                action=_INVOKE,
                principal=_SNS,
                source_arn=None,
                depends_on=["aws_lambda_function.worker"],
            ),
            permission("fails_by_account_only", "worker", _SNS, source_account=ACCOUNT_ID),
            permission("fails_bucket_without_account", "worker", _S3, source_arn=_BUCKET),
            permission("fails_everybody", "worker", "*"),
            permission(
                "fails_by_action", "worker", _SNS, action="lambda:*", source_arn=ARN.format("aws_sns_topic", "news")
            ),
            permission(
                "unknown_then_passes_by_source",
                "worker",
                _EVENTS,
                source_arn=f'${{terraform_data.later.output["true"] ? {_RULE[2:-1]} : null}}',
            ),
            permission(
                "unknown_then_fails_by_source",
                "worker",
                _EVENTS,
                source_arn=f'${{terraform_data.later.output["false"] ? {_RULE[2:-1]} : null}}',
            ),
        ),
    ),
)
