"""A public entrance limits its requests and writes them down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.plan import UNKNOWN, Plan, Resource, Unknown
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged, resource
from policies.shared.api_samples import http_api, rest_api, rest_integration
from policies.shared.callees import callee
from policies.shared.per_plan import per_plan
from policies.shared.settings import is_set, number
from policies.view import View

_REST, _HTTP, _URL = "aws_api_gateway_stage", "aws_apigatewayv2_stage", "aws_lambda_function_url"
_METHODS = "aws_api_gateway_method_settings"
_EVERY_METHOD = "*/*"
_LOGS = "access_log_settings"
_RATES = ("throttling_rate_limit", "throttling_burst_limit")


def judge(view: View) -> Iterator[Verdict]:
    """Each stage by its throttling and its access logs, each function URL by its function's reserved concurrency."""
    for entry in view.plan.of(_REST, _HTTP):
        yield _stage(view, entry)
    for entry in view.plan.of(_URL):
        yield _url(view, entry)


def _stage(view: View, entry: Resource) -> Verdict:
    is_limited, where = _throttling(view, entry)
    checks = {
        f"{where} sets no throttling_rate_limit and throttling_burst_limit, so that one caller can use up the "
        "requests of the whole account": is_limited,
        f"{_LOGS} is not set, so that nobody can tell who called": is_set(view, entry, f"{_LOGS}.destination_arn"),
    }
    missing = [message for message, answer in checks.items() if answer is False]
    if not missing:
        answer = _is_json(view, entry)
        if answer is False:
            missing.append(f"the format of {_LOGS} is not a JSON object, so that its logs cannot be searched by field")
        elif UNKNOWN in (*checks.values(), answer):
            return unknown(entry, "whether it limits requests and logs them as JSON is known only after apply")
    return failed(entry, "; ".join(missing)) if missing else passed(entry)


def _throttling(view: View, entry: Resource) -> tuple[bool | Unknown, str]:
    """Whether requests are limited, and where that is or would be set."""
    if entry.type == _HTTP:
        return _has_rates(view, entry, "default_route_settings"), "default_route_settings"
    where = f"{_METHODS} for {_EVERY_METHOD}"
    found = _method_settings(view.plan)
    answers = [_has_rates(view, settings, "settings") for settings in found.get(entry, ())]
    if True in answers:
        return True, where
    return (UNKNOWN if UNKNOWN in answers or None in found else False), where


def _has_rates(view: View, entry: Resource, block: str) -> bool | Unknown:
    values = [view.setting(entry, f"{block}.{name}", -1) for name in _RATES]
    if any(value is not UNKNOWN and float(value) < (1 if entry.type == _HTTP else 0) for value in values):
        return False
    return UNKNOWN if UNKNOWN in values else True


@per_plan
def _method_settings(plan: Plan) -> Mapping[Resource | None, tuple[Resource, ...]]:
    """Settings for every method, by their stage; by None those of which it is not known."""
    by_name = dict[tuple[object, object], Resource]()
    for stage in plan.of(_REST):
        by_name[_api(plan, stage), stage.get("stage_name")] = stage
    found = dict[Resource | None, list[Resource]]()
    for entry in plan.of(_METHODS):
        if entry.get("method_path") not in (_EVERY_METHOD, UNKNOWN):
            continue
        owner = plan.links(entry, "stage_name", _REST).only
        name = entry.get("stage_name")
        if owner is None and name is not UNKNOWN:
            owner = by_name.get((_api(plan, entry), name))
        if owner is not None or name is UNKNOWN:
            found.setdefault(owner, []).append(entry)
    return {owner: tuple(entries) for owner, entries in found.items()}


def _api(plan: Plan, entry: Resource) -> object:
    return plan.links(entry, "rest_api_id", "aws_api_gateway_rest_api").only or entry.get("rest_api_id")


def _is_json(view: View, entry: Resource) -> bool | Unknown:
    value = view.setting(entry, f"{_LOGS}.format", "")
    if value is not UNKNOWN:
        text = str(value).strip()
        return text.startswith("{") and text.endswith("}")
    texts = [text.strip() for text in view.plan.texts(entry, f"{_LOGS}.format")]
    is_object = [text.startswith("${jsonencode({") or (text[:1] == "{" and text.endswith("}")) for text in texts]
    return True if is_object and all(is_object) else UNKNOWN


def _url(view: View, entry: Resource) -> Verdict:
    called = callee(view.plan, entry, "function_name")
    if called is None or called.function is None:
        return unknown(
            entry, f"the reserved concurrency of {called or 'its function'} stands nowhere in what is judged"
        )
    reserved = number(view, called.function, "reserved_concurrent_executions", -1)
    if reserved is UNKNOWN:
        return unknown(entry, f"reserved_concurrent_executions of {called.function} is known only after apply")
    if reserved >= 0:
        return passed(entry)
    return failed(
        entry,
        f"reserved_concurrent_executions of {called.function} is not set, and nothing else limits the requests of a "
        "function URL: its callers can use up the concurrency of the whole account",
        f"set reserved_concurrent_executions of {called.function}",
    )


def _http_stage(name: str, /, **body: object) -> dict[str, object]:
    return resource(
        _HTTP, name, **{"api_id": "${aws_apigatewayv2_api.http.id}", "name": name.replace("_", "-"), **body}
    )


def _rest_stage(name: str, /, **body: object) -> dict[str, object]:
    settings = {
        "rest_api_id": "${aws_api_gateway_rest_api.rest.id}",
        "deployment_id": "${aws_api_gateway_deployment.rest.id}",
        "stage_name": name,
        **body,
    }
    return resource(_REST, name, **settings)


def _limits(name: str, stage: str, path: str = _EVERY_METHOD, /) -> dict[str, object]:
    return resource(
        _METHODS,
        name,
        rest_api_id="${aws_api_gateway_rest_api.rest.id}",
        stage_name=f"${{aws_api_gateway_stage.{stage}.stage_name}}",
        method_path=path,
        settings=[dict(zip(_RATES, (50, 100), strict=True))],
    )


def _function_url(name: str, reserved: object) -> dict[str, object]:
    return merged(
        function(f"of_{name}", reserved_concurrent_executions=reserved),
        resource(
            _URL,
            name,
            function_name=f"${{aws_lambda_function.of_{name}.function_name}}",
            authorization_type="AWS_IAM",
        ),
    )


_JSON = '{"requestId":"$context.requestId","status":"$context.status"}'
_GROUP = "${aws_cloudwatch_log_group.access.arn}"
_AS_JSON = [{"destination_arn": _GROUP, "format": _JSON}]
_RATED = [dict(zip(_RATES, (50, 100), strict=True))]

POLICY = Policy(
    id="CKV2_LNET_512",
    title="API stage limits requests and logs them as JSON; function URL has reserved concurrency",
    severity=Severity.MEDIUM,
    types=(_REST, _HTTP, _URL),
    why="Without a limit of its own one entrance uses up what the account has for all; without access logs in JSON "
    "nobody finds out which caller did.",
    source="API Gateway developer guide, throttling and access logging; Lambda developer guide, function URLs",
    fix="Set throttling_rate_limit and throttling_burst_limit, and access_log_settings with a format that is a JSON "
    "object; for a function URL set reserved_concurrent_executions.",
    judge=judge,
    replaces={"CKV_AWS_76": "it is content with access logs in any format"},
    samples=(
        merged(
            LATER_RESOURCE,
            resource("aws_cloudwatch_log_group", "access", name="sample-access", retention_in_days=30),
            http_api("http"),
            _http_stage("passes_http", access_log_settings=_AS_JSON, default_route_settings=_RATED),
            _http_stage(
                "passes_jsonencode",
                access_log_settings=[
                    {"destination_arn": _GROUP, "format": '${jsonencode({requestId = "$context.requestId"})}'}
                ],
                default_route_settings=_RATED,
            ),
            _http_stage("fails_bare"),
            _http_stage("fails_unlimited", access_log_settings=_AS_JSON),
            _http_stage(
                "fails_common_log_format",
                access_log_settings=[
                    {"destination_arn": _GROUP, "format": "$context.identity.sourceIp $context.status"}
                ],
                default_route_settings=_RATED,
            ),
            _http_stage(
                "unknown_then_passes_by_rate",
                access_log_settings=_AS_JSON,
                default_route_settings=[{_RATES[0]: LATER.format("small"), _RATES[1]: LATER.format("small")}],
            ),
            _http_stage(
                "unknown_then_fails_by_format",
                access_log_settings=[{"destination_arn": _GROUP, "format": f"$context.status {LATER.format('small')}"}],
                default_route_settings=_RATED,
            ),
        ),
        merged(
            resource("aws_cloudwatch_log_group", "access", name="sample-access", retention_in_days=30),
            function("worker"),
            rest_api("rest", "orders"),
            rest_integration("orders", "rest", "orders", "${aws_lambda_function.worker.invoke_arn}"),
            resource(
                "aws_api_gateway_deployment",
                "rest",
                rest_api_id="${aws_api_gateway_rest_api.rest.id}",
                depends_on=["aws_api_gateway_integration.orders"],
            ),
            _rest_stage("passes_rest", access_log_settings=_AS_JSON),
            _limits("all", "passes_rest"),
            _rest_stage("fails_one_method", access_log_settings=_AS_JSON),
            _limits("one", "fails_one_method", "orders/POST"),
            _rest_stage("fails_without_logs"),
            _limits("other", "fails_without_logs"),
        ),
        merged(
            LATER_RESOURCE,
            _function_url("passes_url", 5),
            _function_url("fails_url", None),
            _function_url("unknown_then_passes_url", LATER.format("small")),
            _function_url("unknown_then_fails_url", f"-{LATER.format('small')}"),
        ),
    ),
)
