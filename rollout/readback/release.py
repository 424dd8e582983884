"""Releases read back: the alias that is invoked, what moves it, and what stops a shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, pages
from rollout.readback.expected import Expected
from rollout.readback.expected_release import ReleaseExpected
from rollout.readback.keys import key_arn
from rollout.readback.policy_document import Plain, role_checks, statement, trust

_PUBLISHED = "a published one"


def release_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> Iterator[Check]:
    """Each alias names a published version and shares its traffic with none; each group watches alarms and goes back.

    A stack whose function CodeDeploy does not shift has no releases, and nothing else to check.
    """
    releases, settings = outputs.get("releases", ()), expected.release
    if settings is None and not releases:
        return
    wanted = [] if settings is None else [outputs["function_name"]]
    yield equal("releases: functions", wanted, [release["function_name"] for release in releases])
    if settings is None:
        return
    for release in releases:
        yield from _alias_checks(clients, release)
        yield from _group_checks(clients, release, outputs, expected, settings)


def _alias_checks(clients: Clients, release: Mapping[str, str]) -> Iterator[Check]:
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    name, alias = release["function_name"], release["alias"]
    found = client.get_alias(FunctionName=name, Name=alias)
    versions = [each["Version"] for each in pages(client, "list_versions_by_function", "Versions", FunctionName=name)]
    subject, version = f"alias {name}:{alias}", found["FunctionVersion"]
    published = version in versions and version != "$LATEST"
    yield equal(f"{subject}: version", _PUBLISHED, _PUBLISHED if published else version)
    yield equal(f"{subject}: weights", {}, (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _group_checks(
    clients: Clients,
    release: Mapping[str, str],
    outputs: Mapping[str, Any],
    expected: Expected,
    settings: ReleaseExpected,
) -> Iterator[Check]:
    codedeploy: Any = clients("codedeploy")  # Any: as above
    application, name = release["application"], release["deployment_group"]
    found = codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=name)
    group, subject = found["deploymentGroupInfo"], f"deployment group {application}/{name}"
    config = codedeploy.get_deployment_config(deploymentConfigName=group["deploymentConfigName"])
    watching, back = group.get("alarmConfiguration") or {}, group.get("autoRollbackConfiguration") or {}
    alarms, own = {alarm["name"] for alarm in watching.get("alarms", ())}, set(outputs["alarm_names"])
    style, triggers = group.get("deploymentStyle") or {}, group.get("triggerConfigurations", ())
    told = [{outputs["alarm_topic_arn"]: settings.notify_on}] if settings.notify_on else []
    facts: dict[str, tuple[object, object]] = {
        "computes on": ("Lambda", group.get("computePlatform")),
        "traffic control": ("WITH_TRAFFIC_CONTROL", style.get("deploymentOption")),
        "traffic": (settings.traffic, config["deploymentConfigInfo"].get("trafficRoutingConfig")),
        "alarms are watched": (True, bool(watching.get("enabled"))),
        "watches an alarm of the stack": (True, bool(alarms & own)),
        "alarms of other stacks": (set(settings.existing_alarms) - own, alarms - own),
        "goes on unwatched": (settings.ignore_alarm_polling_failure, bool(watching.get("ignorePollAlarmFailure"))),
        "goes back on": (settings.rollback_on, back.get("events", ()) if back.get("enabled") else ()),
        "tells": (told, [{trigger["triggerTargetArn"]: trigger["triggerEvents"]} for trigger in triggers]),
    }
    yield from (equal(f"{subject}: {fact}", want, seen) for fact, (want, seen) in facts.items())
    allowed = _allowed(clients, release, outputs, expected, settings)
    role = group["serviceRoleArn"].rpartition("/")[2]
    yield from role_checks(clients, role, trusted=trust("codedeploy.amazonaws.com"), allowed=allowed)


def _allowed(
    clients: Clients,
    release: Mapping[str, str],
    outputs: Mapping[str, Any],
    expected: Expected,
    settings: ReleaseExpected,
) -> dict[str, Plain]:
    """CodeDeploy's role moves this alias and no other, sees alarms, invokes the hooks, and tells the topic."""
    function = expected.arn("lambda", f"function:{release['function_name']}")
    hooks = {release[hook] for hook in ("before_traffic", "after_traffic") if release[hook]}
    in_region = ("StringEquals", "aws:RequestedRegion", expected.region)
    allowed = {
        "MoveAlias": statement(["lambda:GetAlias", "lambda:UpdateAlias"], [function, f"{function}:{release['alias']}"]),
        "SeeWhatIsReady": statement(["lambda:GetProvisionedConcurrencyConfig"], [f"{function}:*"]),
        "SeeAlarms": statement(["cloudwatch:DescribeAlarms"], ["*"], condition=in_region),
    }
    if hooks:
        allowed["InvokeHooks"] = statement(["lambda:InvokeFunction"], hooks)
    if settings.notify_on:
        through_sns = ("StringEquals", "kms:ViaService", f"sns.{expected.region}.amazonaws.com")
        encrypt = ["kms:Decrypt", "kms:GenerateDataKey"]
        allowed["PublishAlarms"] = statement(["sns:Publish"], [outputs["alarm_topic_arn"]])
        allowed["EncryptAlarms"] = statement(encrypt, [key_arn(clients, expected.prefix)], condition=through_sns)
    return allowed


def dashboard_checks(clients: Clients, outputs: Mapping[str, Any], _expected: Expected) -> Iterator[Check]:
    """The dashboard is there and shows the function; a stack without one has nothing to check."""
    name = outputs.get("dashboard_name")
    if name is None:
        return
    cloudwatch: Any = clients("cloudwatch")  # Any: as above
    body = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]
    function = outputs["function_name"]
    yield equal(f"dashboard {name}: shows", function, function if f'"{function}"' in body else None)
