"""What else reads the state of an alarm: deployments that it rolls back, alarms that it suppresses."""

from __future__ import annotations

from analysis.plan import Plan, Resource
from analysis.plan.values import known_strings
from policies.shared.alarm_actions import COMPOSITE
from policies.shared.alarm_watches import ALARM
from policies.shared.per_plan import per_plan

_PATHS = {
    "aws_appconfig_environment": "monitor",
    "aws_autoscaling_group": "instance_refresh",
    COMPOSITE: "actions_suppressor",
    "aws_codedeploy_deployment_group": "alarm_configuration",
    "aws_ecs_service": "alarms",
    "aws_route53_health_check": "cloudwatch_alarm_name",
}
"""Resource type → the argument that names alarms it acts upon."""


def is_read(plan: Plan, alarm: Resource) -> bool:
    """Whether something other than an action acts upon the alarm."""
    return alarm in _read(plan)


@per_plan
def _read(plan: Plan) -> frozenset[Resource]:
    by_name = {str(entry.get("alarm_name")): entry for entry in plan.of(ALARM, COMPOSITE)}
    found = set[Resource]()
    for kind, path in _PATHS.items():
        for entry in plan.of(kind):
            found.update(plan.links(entry, path, ALARM, COMPOSITE).resources)
            found.update(by_name[text] for text in known_strings(entry.get(path)) if text in by_name)
    return frozenset(found)
