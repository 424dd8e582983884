"""Releases read back: the alias that is invoked, what moves it, and what stops a shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rollout.readback.check import NOTHING, Check, Clients, equal
from rollout.readback.expected import Expected
from rollout.readback.keys import key_arn
from rollout.readback.policy_document import role_checks, statement, trust

_PUBLISHED = "a published one"
_ROLLBACK = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST")


def release_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> Iterator[Check]:
    """Each alias names a published version and shares its traffic with none; each group watches alarms and goes back.

    A stack without releases has nothing to check.
    """
    for release in outputs.get("releases", ()):
        yield from _alias_checks(clients, release)
        yield from _group_checks(clients, release, outputs, expected)


def _alias_checks(clients: Clients, release: Mapping[str, str]) -> Iterator[Check]:
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    name, alias = release["function_name"], release["alias"]
    found = client.get_alias(FunctionName=name, Name=alias)
    versions = [each["Version"] for each in client.list_versions_by_function(FunctionName=name)["Versions"]]
    subject, version = f"alias {name}:{alias}", found["FunctionVersion"]
    published = version in versions and version != "$LATEST"
    yield equal(f"{subject}: version", _PUBLISHED, _PUBLISHED if published else version)
    yield equal(f"{subject}: weights", {}, (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _group_checks(
    clients: Clients, release: Mapping[str, str], outputs: Mapping[str, Any], expected: Expected
) -> Iterator[Check]:
    codedeploy: Any = clients("codedeploy")  # Any: as above
    application, name = release["application"], release["deployment_group"]
    found = codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=name)
    group, subject = found["deploymentGroupInfo"], f"deployment group {application}/{name}"
    watching, back = group.get("alarmConfiguration") or {}, group.get("autoRollbackConfiguration") or {}
    alarms = [alarm["name"] for alarm in watching.get("alarms", ())]
    style = group.get("deploymentStyle") or {}
    triggers = [trigger["triggerTargetArn"] for trigger in group.get("triggerConfigurations", ())]
    facts: dict[str, tuple[object, object]] = {
        "computes on": ("Lambda", group.get("computePlatform")),
        "traffic control": ("WITH_TRAFFIC_CONTROL", style.get("deploymentOption")),
        "alarms are watched": (True, bool(alarms) and bool(watching.get("enabled"))),
        "goes on unwatched": (False, bool(watching.get("ignorePollAlarmFailure"))),
        "alarms that are not the stack's": ([], sorted(set(alarms) - set(outputs["alarm_names"]))),
        "goes back on": (_ROLLBACK, tuple(back.get("events", ())) if back.get("enabled") else ()),
        "tells": ([outputs["alarm_topic_arn"]], triggers),
    }
    yield from (equal(f"{subject}: {fact}", want, seen) for fact, (want, seen) in facts.items())
    yield from _role_checks(clients, group["serviceRoleArn"], release, outputs, expected)


def _role_checks(
    clients: Clients, role_arn: str, release: Mapping[str, str], outputs: Mapping[str, Any], expected: Expected
) -> list[Check]:
    """CodeDeploy's role moves this alias and no other, sees alarms, and tells the topic."""
    function = expected.arn("lambda", f"function:{release['function_name']}")
    hooks = [release[hook] for hook in ("before_traffic", "after_traffic") if release[hook]]
    via = ("StringEquals", "kms:ViaService", f"sns.{expected.region}.amazonaws.com")
    allowed = {
        "MoveAlias": statement(["lambda:GetAlias", "lambda:UpdateAlias"], [function, f"{function}:{release['alias']}"]),
        "SeeWhatIsReady": statement(["lambda:GetProvisionedConcurrencyConfig"], [f"{function}:*"]),
        "SeeAlarms": statement(
            ["cloudwatch:DescribeAlarms"], ["*"], condition=("StringEquals", "aws:RequestedRegion", expected.region)
        ),
        "PublishAlarms": statement(["sns:Publish"], [outputs["alarm_topic_arn"]]),
        "EncryptAlarms": statement(
            ["kms:Decrypt", "kms:GenerateDataKey"], [key_arn(clients, expected.prefix)], condition=via
        ),
        **({"InvokeHooks": statement(["lambda:InvokeFunction"], hooks)} if hooks else {}),
    }
    name = role_arn.rpartition("/")[2]
    return role_checks(clients, name, trusted=trust("codedeploy.amazonaws.com"), allowed=allowed)


def dashboard_checks(clients: Clients, outputs: Mapping[str, Any], _expected: Expected) -> Iterator[Check]:
    """The dashboard is there and shows the function; a stack without one has nothing to check."""
    name = outputs.get("dashboard_name")
    if name is None:
        return
    cloudwatch: Any = clients("cloudwatch")  # Any: as above
    body = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]
    function = outputs["function_name"]
    yield equal(f"dashboard {name}: shows", function, function if f'"{function}"' in body else NOTHING)
