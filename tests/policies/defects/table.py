"""Each defect of the catalogue, and the policy that must tell of it on a synthesized stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.policies.defects import changes
from tests.policies.defects.changes import FUNCTION, Document


@dataclass(frozen=True)
class Defect:
    """One defect.

    Attributes:
        policy: id of the policy that finds it.
        part: part of the address that it is found on.
        change: brings it into a document.
    """

    policy: str
    part: str
    change: Callable[[Document], None]


_MAPPING, _QUEUE, _LOGS = "aws_lambda_event_source_mapping", "aws_sqs_queue", "aws_cloudwatch_log_group"
_ALARM = "aws_cloudwatch_metric_alarm"
_TABLES = "aws_vpc_endpoint_route_table_association"
_OTHER_TABLES = ("private-b", "public-a", "public-b", "isolated-a", "isolated-b")
_WORKER = "aws_lambda_function.worker"

DEFECTS: Mapping[str, Defect] = {
    "function in public subnets": Defect("CKV2_LNET_101", _WORKER, changes.subnets("public", "ab")),
    "function in one zone": Defect("CKV2_LNET_102", _WORKER, changes.subnets("private", "a")),
    "database admits the address range of the VPC": Defect(
        "CKV2_LNET_202", "aws_db_instance.database", changes.opens_database("10.20.0.0/16")
    ),
    "database admits the world": Defect("CKV2_LNET_201", "into-database", changes.opens_database("0.0.0.0/0")),
    "function reaches the database directly although there is a proxy": Defect(
        "CKV2_LNET_203", "database", changes.goes_beside_the_proxy
    ),
    "proxy without required TLS": Defect("CKV2_LNET_301", "proxy", changes.sets("aws_db_proxy", "", require_tls=False)),
    "proxy without IAM authentication": Defect("CKV2_LNET_302", "proxy", changes.signs_in_with_passwords),
    "proxy in one zone": Defect("CKV2_LNET_303", "proxy", changes.proxy_in_one_zone),
    "database in public subnets": Defect("CKV2_LNET_304", "database", changes.database_in_public_subnets),
    "visibility timeout no longer than the function's": Defect(
        "CKV2_LNET_501", "jobs", changes.sets(_QUEUE, "jobs_queue", visibility_timeout_seconds=30)
    ),
    "queue without dead-letter queue": Defect("CKV2_LNET_502", "jobs_queue", changes.without_dead_letters),
    "one receive before the dead-letter queue": Defect("CKV2_LNET_502", "jobs_queue", changes.one_receive),
    "event source with more concurrency than the function": Defect(
        "CKV2_LNET_403", "jobs", changes.sets(_MAPPING, "", scaling_config={"maximum_concurrency": 50})
    ),
    "no report of failed items of a batch": Defect(
        "CKV2_LNET_503", "jobs", changes.sets(_MAPPING, "", function_response_types=[])
    ),
    "reserved concurrency of zero": Defect(
        "CKV2_LNET_402", _WORKER, changes.sets(FUNCTION, "", reserved_concurrent_executions=0)
    ),
    "no alarms": Defect("CKV2_LNET_601", _WORKER, changes.without_alarms),
    "alarm without action": Defect(
        "CKV2_LNET_608", "worker_alarm-errors", changes.sets(_ALARM, "worker_alarm-errors", alarm_actions=[])
    ),
    "alarm on the name of another function": Defect("CKV2_LNET_608", "worker_alarm-errors", changes.other_function),
    "no gateway endpoint of S3": Defect("CKV2_LNET_105", _WORKER, changes.without_gateway_endpoint),
    "gateway endpoint on one of two route tables": Defect(
        "CKV2_LNET_105",
        _WORKER,
        changes.drops(_TABLES, *_OTHER_TABLES),
    ),
    "one NAT gateway for two zones": Defect("CKV2_LNET_104", "gateway-a", changes.one_nat_gateway),
    "function lets everything out": Defect("CKV2_LNET_204", "application_to-internet", changes.lets_everything_out),
    "function admits the world": Defect("CKV2_LNET_201", "world", changes.admits_the_world),
    "password in the environment": Defect("CKV2_LNET_704", _WORKER, changes.password_in_environment),
    "no log group": Defect("CKV2_LNET_609", _WORKER, changes.without_log_group),
    "subnets of 16 addresses": Defect("CKV2_LNET_110", "private_subnet-a", changes.small_subnets),
    "runtime that is no longer supported": Defect(
        "CKV2_LNET_803", _WORKER, changes.sets(FUNCTION, "", runtime="python3.8")
    ),
    "SnapStart beside provisioned concurrency": Defect("CKV2_LNET_406", _WORKER, changes.snap_start_and_provisioned),
    "weighted alias without an alarm that rolls it back": Defect(
        "CKV2_LNET_801", "release_group", changes.weighted_without_alarm
    ),
    "no reserved concurrency": Defect(
        "CKV2_LNET_402", _WORKER, changes.sets(FUNCTION, "", reserved_concurrent_executions=None)
    ),
    "role that may do everything": Defect("CKV2_LNET_701", "worker_role", changes.administrator),
    "log group that never expires": Defect(
        "CKV2_LNET_609", _WORKER, changes.sets(_LOGS, "worker_logs", retention_in_days=0)
    ),
    "permission without a source": Defect("CKV2_LNET_508", "bucket", changes.permission_without_source),
    "function URL for everybody": Defect("CKV2_LNET_511", "open", changes.url_for_everybody),
    "neither endpoint nor NAT gateway": Defect("CKV2_LNET_106", _WORKER, changes.neither_endpoint_nor_nat),
}
