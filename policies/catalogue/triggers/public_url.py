"""A function URL is open to everybody only where somebody said why."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER_RESOURCE, function, merged, resource
from policies.shared.callees import callee
from policies.view import View

_URL = "aws_lambda_function_url"
_TAG = "public-url-reason"


def judge(view: View) -> Iterator[Verdict]:
    """Each function URL by its authorization, and the function's tag."""
    for entry in view.plan.of(_URL):
        kind = view.setting(entry, "authorization_type")
        if kind is UNKNOWN:
            yield unknown(entry, "authorization_type is known only after apply")
        elif kind != "NONE":
            yield passed(entry)
        else:
            yield _open(view, entry)


def _open(view: View, entry: Resource) -> Verdict:
    called = callee(view.plan, entry, "function_name")
    if called is None or called.function is None:
        return unknown(entry, f"whether {called or 'its function'} has the tag {_TAG} stands nowhere in what is judged")
    tags = view.setting(called.function, "tags", default={})
    reason = UNKNOWN if tags is UNKNOWN else tags.get(_TAG, "")
    if reason is UNKNOWN:
        return unknown(entry, f"whether {called.function} has the tag {_TAG} is known only after apply")
    if reason:
        return passed(entry)
    return failed(
        entry,
        f"authorization_type is NONE, and {called.function} has no tag {_TAG}: everybody in the internet may invoke it",
    )


def _url(name: str, function_name: str, /, **body: object) -> dict[str, object]:
    reference = f"${{aws_lambda_function.{function_name}.function_name}}"
    return resource(_URL, name, **{"function_name": reference, "authorization_type": "NONE", **body})


POLICY = Policy(
    id="CKV2_LNET_511",
    title="Function URL takes signed requests only, or its function says why not",
    severity=Severity.CRITICAL,
    types=(_URL,),
    why="With authorization NONE whoever learns the URL runs the function, and spends its concurrency.",
    source="Lambda developer guide, access to function URLs",
    fix=f'Set authorization_type = "AWS_IAM"; or, where everybody is meant, give the function the tag {_TAG} with the '
    "reason.",
    judge=judge,
    replaces={"CKV_AWS_258": "it knows no URL that is meant to be public"},
    samples=(
        merged(
            LATER_RESOURCE,
            function("signed"),
            _url("passes_signed", "signed", authorization_type="AWS_IAM"),
            function("meant", tags={_TAG: "The landing page posts its form here"}),
            _url("passes_with_reason", "meant"),
            function("open"),
            _url("fails_open", "open"),
            function("empty", tags={_TAG: ""}),
            _url("fails_without_words", "empty"),
            function("late"),
            _url(
                "unknown_then_passes_by_type",
                "late",
                authorization_type='${terraform_data.later.output["true"] ? "AWS_IAM" : "NONE"}',
            ),
            function("late_too"),
            _url(
                "unknown_then_fails_by_type",
                "late_too",
                authorization_type='${terraform_data.later.output["true"] ? "NONE" : "AWS_IAM"}',
            ),
        ),
    ),
)
