"""EC2 flow logs: delivery to a log group given by ARN, destination options, and prefixes in a bucket.

moto 5.2.5 finds the log group by name only, so a flow log to an ARN (the form that AWS recommends) reports
`DeliverLogsStatus: FAILED`; it drops `DestinationOptions`; and it takes the prefix after a bucket's ARN for a part
of the bucket's name.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.models.flow_logs import FlowLogsBackend
from moto.ec2.responses.flow_logs import FlowLogs
from moto.logs.models import logs_backends

from local.extensions.patching import wrap

_CREATE = (
    "self resource_type resource_ids traffic_type deliver_logs_permission_arn log_destination_type "
    "log_destination log_group_name log_format max_aggregation_interval"
)


def install() -> None:
    """Extend moto."""
    wrap(FlowLogsBackend, "create_flow_logs", _CREATE, _create)
    wrap(FlowLogs, "create_flow_logs", "self", _create_with_options)


def _create(original: Any, backend: Any, **request: Any) -> Any:
    destination = request["log_destination"] or ""
    kind = request["log_destination_type"] or "cloud-watch-logs"
    if kind == "s3":
        bucket = destination.partition("/")[0]
        created, errors = original(backend, **{**request, "log_destination": bucket})
        for flow_log in created:
            flow_log.log_destination = destination
    else:
        created, errors = original(backend, **request)
    if kind == "cloud-watch-logs" and destination:
        name = destination.partition(":log-group:")[2].removesuffix(":*")
        found = name in logs_backends[backend.account_id][backend.region_name].groups
        for flow_log in created:
            flow_log.log_group_name = name
            flow_log.deliver_logs_status = "SUCCESS" if found else "FAILED"
            flow_log.deliver_logs_error_message = None if found else "Access error"
    return created, errors


def _create_with_options(original: Any, response: Any) -> Any:
    answer = original(response)
    options = response._get_param("DestinationOptions")  # noqa: SLF001 - moto gives parameters no public name
    if options:
        for flow_log_id in answer.result["FlowLogIds"]:
            response.ec2_backend.flow_logs[flow_log_id].destination_options = options
    return answer
