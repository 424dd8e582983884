"""A new version that fails is taken back: alarms watch it while it gets a part of the traffic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.plan import UNKNOWN, Plan, Resource, Unknown
from analysis.plan.values import EMPTY
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, cloud, function, merged, resource, role
from policies.shared.alarms import alarms_of
from policies.shared.callees import ALIAS, callee
from policies.shared.per_plan import per_plan
from policies.shared.trigger_samples import alias
from policies.view import View

_GROUP, _APP = "aws_codedeploy_deployment_group", "aws_codedeploy_app"
_ALARMS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
_WEIGHTS = "routing_config.additional_version_weights"
_EVENT = "DEPLOYMENT_STOP_ON_ALARM"
_OF_OTHERS = ("ecs_service", "ec2_tag_filter", "ec2_tag_set", "autoscaling_groups", "load_balancer_info")
"""What only deployment groups of servers and of ECS have."""


def judge(view: View) -> Iterator[Verdict]:
    """Each alias with weights, and each deployment group of functions."""
    for entry in view.plan.of(ALIAS):
        weighted = _is_weighted(view, entry)
        if weighted is UNKNOWN:
            yield unknown(entry, f"{_WEIGHTS} is known only after apply")
        elif weighted:
            yield _alias(view, entry)
    for entry in view.plan.of(_GROUP):
        platform = _platform(view.plan, entry)
        if platform is UNKNOWN:
            yield unknown(entry, "compute_platform of its application is known only after apply")
        elif platform == "Lambda":
            yield _group(view, entry)


def _is_weighted(view: View, entry: Resource) -> bool | Unknown:
    weights: object = view.setting(entry, _WEIGHTS, default={})
    if weights is UNKNOWN:
        written = [value for value in view.plan.constants(entry, _WEIGHTS) if isinstance(value, Mapping)]
        weights = written[0] if len(written) == 1 else UNKNOWN
    if not isinstance(weights, Mapping):
        return UNKNOWN
    shares = [UNKNOWN if isinstance(share, str) and "${" in share else share for share in weights.values()]
    if any(share is not UNKNOWN and float(share or 0) > 0 for share in shares):
        return True
    return UNKNOWN if UNKNOWN in shares else False


def _alias(view: View, entry: Resource) -> Verdict:
    called = callee(view.plan, entry, "function_name")
    if called is None or called.function is None:
        return unknown(entry, f"whether an alarm watches the errors of {called} stands nowhere in what is judged")
    watching = {plan: _watched(plan) for plan in (view.plan, *view.beside)}
    if any(called.function in found for found, _ in watching.values()):
        return passed(entry)
    doubts = sorted(doubt for _, found in watching.values() for doubt in found)
    if doubts:
        return unknown(entry, f"whether {doubts[0]} watches {called.function} is known only after apply")
    return failed(
        entry,
        f"it gives a part of its traffic to another version, and no alarm watches Errors of {called.function}: nobody "
        "takes a version back that fails",
        f"add an aws_cloudwatch_metric_alarm on Errors of {called.function} with the dimension Resource of the alias",
    )


@per_plan
def _watched(plan: Plan) -> tuple[frozenset[Resource], tuple[str, ...]]:
    """Functions whose errors an alarm watches, and alarms of which it is not known whose they do."""
    found, doubts = set[Resource](), list[str]()
    for watch, targets in alarms_of(plan).targets.items():
        if watch.namespace in ("AWS/Lambda", "") and watch.metric in ("Errors", ""):
            found.update(targets.resources)
            doubts += [str(watch.alarm)] if targets.doubt or watch.unknown else []
    return frozenset(found), tuple(doubts)


def _platform(plan: Plan, entry: Resource) -> object:
    """The compute platform of a deployment group; that of functions where the application is not in the plan."""
    app = plan.links(entry, "app_name", _APP).only
    if app is not None and app.mode == "managed":
        return app.get("compute_platform", "Server")
    return "Lambda" if all(entry.get(name) in EMPTY for name in _OF_OTHERS) else "Server"


def _group(view: View, entry: Resource) -> Verdict:
    alarms = view.setting(entry, "alarm_configuration.alarms", default=[])
    events = view.setting(entry, "auto_rollback_configuration.events", default=[])
    switches = {
        name: view.setting(entry, name, default=False)
        for name in ("alarm_configuration.enabled", "auto_rollback_configuration.enabled")
    }
    missing = [f"{name} is not true" for name, value in switches.items() if value is not UNKNOWN and value is not True]
    missing += ["alarm_configuration names no alarm"] if alarms in EMPTY and alarms is not UNKNOWN else []
    if events is not UNKNOWN and UNKNOWN not in events and _EVENT not in events:
        missing.append(f"auto_rollback_configuration.events does not hold {_EVENT}")
    if missing:
        return failed(entry, f"{'; '.join(missing)}: a version that fails keeps its traffic until somebody notices")
    unclear = [name for name, value in switches.items() if value is UNKNOWN]
    unclear += ["auto_rollback_configuration.events"] if events is UNKNOWN or _EVENT not in events else []
    if unclear:
        return unknown(entry, f"{', '.join(unclear)} is known only after apply")
    return _existing(view, entry)


def _existing(view: View, entry: Resource) -> Verdict:
    path = "alarm_configuration.alarms"
    links = view.plan.links(entry, path, *_ALARMS)
    known = {name for plan in (view.plan, *view.beside) for name in _names(plan)}
    strangers = [*(name for name in links.literals if name not in known), *links.unresolved]
    if strangers:
        return unknown(
            entry, f"whether the alarm {', '.join(sorted(strangers))} exists stands nowhere in what is judged"
        )
    return passed(entry)


@per_plan
def _names(plan: Plan) -> frozenset[str]:
    names = (entry.get("alarm_name") for entry in plan.of(*_ALARMS))
    return frozenset(name for name in names if isinstance(name, str))


def _released(name: str, /, weights: object, **body: object) -> dict[str, object]:
    return merged(
        function(f"of_{name}", publish=True, **body),
        alias(
            name,
            f"of_{name}",
            function_version=f"${{aws_lambda_function.of_{name}.version}}",
            routing_config=[{"additional_version_weights": weights}],
        ),
    )


def _alarm(name: str, function_name: str, /, **dimensions: str) -> dict[str, object]:
    return resource(
        "aws_cloudwatch_metric_alarm",
        name,
        alarm_name=cloud(name),
        namespace="AWS/Lambda",
        metric_name="Errors",
        dimensions={"FunctionName": f"${{aws_lambda_function.{function_name}.function_name}}", **dimensions},
        statistic="Sum",
        period=60,
        evaluation_periods=1,
        threshold=0,
        comparison_operator="GreaterThanThreshold",
        treat_missing_data="notBreaching",
    )


def _deployments(name: str, /, alarms: list[str] | None, app: str = "functions", **body: object) -> dict[str, object]:
    watched = [] if alarms is None else [{"enabled": True, "alarms": alarms}]
    settings = {
        "app_name": f"${{aws_codedeploy_app.{app}.name}}",
        "deployment_group_name": cloud(name),
        "service_role_arn": "${aws_iam_role.deploys.arn}",
        "alarm_configuration": watched,
        "auto_rollback_configuration": [{"enabled": True, "events": ["DEPLOYMENT_FAILURE", _EVENT]}],
        **body,
    }
    if app == "functions":
        settings["deployment_config_name"] = "CodeDeployDefault.LambdaAllAtOnce"
        settings["deployment_style"] = [{"deployment_type": "BLUE_GREEN", "deployment_option": "WITH_TRAFFIC_CONTROL"}]
    return resource(_GROUP, name, **settings)


POLICY = Policy(
    id="CKV2_LNET_801",
    title="Version that gets a part of the traffic is watched by alarms that take it back",
    severity=Severity.HIGH,
    types=(ALIAS, _GROUP),
    why="Moving traffic step by step protects only if something stops it: without an alarm a bad version gets all of "
    "it in the end, on schedule.",
    source="CodeDeploy user guide, monitoring deployments with alarms and automatic rollbacks",
    fix=f"Give the deployment group alarm_configuration with alarms of the stack, and auto_rollback_configuration with "
    f"{_EVENT}; watch Errors of an alias with weights.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            role("deploys", "codedeploy.amazonaws.com"),
            resource("aws_codedeploy_app", "functions", name="sample-functions", compute_platform="Lambda"),
            resource("aws_codedeploy_app", "servers", name="sample-servers", compute_platform="Server"),
            function("other"),
            _alarm("errors", "other"),
            _deployments("passes_by_name", ["sample-errors"], depends_on=["aws_cloudwatch_metric_alarm.errors"]),
            _deployments("passes_by_reference", ["${aws_cloudwatch_metric_alarm.errors.alarm_name}"]),
            _deployments("fails_without_alarms", None),
            _deployments(
                "fails_without_rollback",
                ["sample-errors"],
                auto_rollback_configuration=[{"enabled": False, "events": []}],
            ),
            _deployments(
                "fails_by_events",
                ["sample-errors"],
                auto_rollback_configuration=[{"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}],
            ),
            _deployments("of_servers", None, app="servers"),
            _deployments(
                "unknown_then_passes_by_switch",
                None,
                alarm_configuration=[{"enabled": LATER.format("true"), "alarms": ["sample-errors"]}],
            ),
            _deployments(
                "unknown_then_fails_by_switch",
                None,
                alarm_configuration=[{"enabled": LATER.format("false"), "alarms": ["sample-errors"]}],
            ),
        ),
        merged(
            LATER_RESOURCE,
            function("plain"),
            alias("without_weights", "plain"),
            _released("passes_watched", {"2": 0.1}),
            _alarm("watched", "of_passes_watched", Resource="sample-of-passes-watched:passes_watched"),
            _released("passes_version_watched", {"2": 0.1}),
            _alarm(
                "version",
                "of_passes_version_watched",
                Resource="sample-of-passes-version-watched:passes_version_watched",
                ExecutedVersion="2",
            ),
            _released("fails_unwatched", {"2": 0.1}),
            _released("unknown_then_fails_by_share", {"2": f"0.{LATER.format('small')}"}),
        ),
    ),
)
