"""A function behind an API answers before the API gives up."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource, Unknown
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged
from policies.shared.api_samples import http_api, http_integration, rest_api, rest_integration
from policies.shared.callees import FUNCTION
from policies.shared.settings import number
from policies.shared.trigger_samples import ARN, alias, worker
from policies.shared.triggers import HTTP, REST, Trigger, triggers
from policies.view import View

_TIMEOUT_SECONDS = 3
"""Timeout of a function that sets none (Lambda API, CreateFunction)."""

_REST_MILLISECONDS, _HTTP_MILLISECONDS = 29_000, 30_000
"""Timeouts of integrations that set none (API Gateway quotas); that of a WebSocket API is that of a REST API."""

_INVOCATION_TYPE = "integration.request.header.X-Amz-Invocation-Type"


def judge(view: View) -> Iterator[Verdict]:
    """Each integration that waits for a function's answer."""
    for trigger in triggers(view.plan):
        if trigger.resource.type in (REST, HTTP) and not _waits_for_nothing(trigger.resource):
            yield _judged(view, trigger)


def _judged(view: View, trigger: Trigger) -> Verdict:
    entry, function = trigger.resource, trigger.callee.function
    if function is None:
        return unknown(entry, f"the timeout of {trigger.callee} stands nowhere in what is judged")
    timeout, waits = number(view, function, "timeout", _TIMEOUT_SECONDS), _waits(view, entry)
    if timeout is UNKNOWN:
        return unknown(entry, f"timeout of {function} is known only after apply")
    if waits is UNKNOWN:
        return unknown(entry, "how long it waits is known only after apply")
    if timeout * 1000 <= waits:
        return passed(entry)
    return failed(
        entry,
        f"it waits {waits} milliseconds and the timeout of {function} is {timeout} seconds: the caller gets an error "
        "while the function works on, and tries again",
        f"set timeout of {function} to at most {waits // 1000} seconds, or answer before the work is done",
    )


def _waits(view: View, entry: Resource) -> int | Unknown:
    """How many milliseconds an integration waits, its own default where it does not say."""
    default = _REST_MILLISECONDS
    if entry.type == HTTP and view.setting(entry, "timeout_milliseconds") is None:
        api = view.plan.links(entry, "api_id", "aws_apigatewayv2_api").only
        protocol = UNKNOWN if api is None else api.get("protocol_type")
        if protocol is UNKNOWN:
            return UNKNOWN
        default = _HTTP_MILLISECONDS if protocol == "HTTP" else _REST_MILLISECONDS
    return number(view, entry, "timeout_milliseconds", default)


def _waits_for_nothing(entry: Resource) -> bool:
    """Whether it sends an event, or streams the answer as it comes."""
    if entry.get("response_transfer_mode") == "STREAM":
        return True
    parameters = entry.get("request_parameters")
    return isinstance(parameters, dict) and parameters.get(_INVOCATION_TYPE) == "'Event'"


POLICY = Policy(
    id="CKV2_LNET_507",
    title="Function behind an API times out no later than the integration",
    severity=Severity.HIGH,
    types=(REST, HTTP),
    why="An API answers 504 after its integration's timeout, whatever the function does; the work goes on, is paid "
    "for, and is done again when the caller retries.",
    source="API Gateway developer guide, quotas of REST APIs and HTTP APIs",
    fix="Set the function's timeout to the integration's or less: by default 29 seconds of a REST API, 30 of an HTTP "
    "API.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            worker("quick", timeout=29),
            worker("slow", timeout=31),
            worker("later_quick", timeout=LATER.format("small")),
            worker("later_slow", timeout=f"{LATER.format('small')}00"),
            alias("live", "slow"),
            rest_api("rest", "a", "b", "c", "d", "e"),
            rest_integration("passes_rest", "rest", "a", ARN.format(FUNCTION, "quick").replace(".arn", ".invoke_arn")),
            rest_integration("fails_rest_by_alias", "rest", "b", "${aws_lambda_alias.live.invoke_arn}"),
            rest_integration(
                "passes_rest_by_quota", "rest", "c", "${aws_lambda_alias.live.invoke_arn}", timeout_milliseconds=60_000
            ),
            rest_integration("unknown_then_passes_rest", "rest", "d", "${aws_lambda_function.later_quick.invoke_arn}"),
            rest_integration(
                "events_wait_for_nothing",
                "rest",
                "e",
                "${aws_lambda_alias.live.invoke_arn}",
                type="AWS",
                request_parameters={_INVOCATION_TYPE: "'Event'"},
            ),
            http_api("http"),
            http_integration("passes_http", "http", ARN.format(FUNCTION, "quick")),
            http_integration("fails_http", "http", ARN.format(FUNCTION, "slow")),
            http_integration(
                "fails_http_by_own_timeout", "http", ARN.format(FUNCTION, "quick"), timeout_milliseconds=10_000
            ),
            http_integration("unknown_then_fails_http", "http", ARN.format(FUNCTION, "later_slow")),
        ),
    ),
)
