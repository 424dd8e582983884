"""What brings a defect into a synthesized stack."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


FUNCTION, GROUP = "aws_lambda_function", "aws_security_group"
INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"


def named(document: Document, kind: str, part: str = "") -> str:
    """Name of the only resource of a type whose name holds `part`."""
    [name] = [name for name in document["resource"][kind] if part in name]
    return str(name)


def body(document: Document, kind: str, part: str = "") -> Document:
    """That resource."""
    found: Document = document["resource"][kind][named(document, kind, part)]
    return found


def ref(document: Document, kind: str, part: str, attribute: str = "id") -> str:
    """A reference to that resource."""
    return f"${{{kind}.{named(document, kind, part)}.{attribute}}}"


def sets(kind: str, part: str, **fields: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        body(document, kind, part).update(fields)

    return change


def drops(kind: str, *parts: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for part in parts:
            for name in [name for name in document["resource"][kind] if part in name]:
                del document["resource"][kind][name]

    return change


def adds(document: Document, kind: str, name: str, **fields: Any) -> None:
    document["resource"].setdefault(kind, {})[name] = fields


def subnets(tier: str, zones: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        function = body(document, FUNCTION)
        function["vpc_config"]["subnet_ids"] = [ref(document, "aws_subnet", f"{tier}_subnet-{zone}") for zone in zones]

    return change


def opens_database(cidr: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        rule = body(document, INGRESS, "proxy_security-group_into-database")
        del rule["referenced_security_group_id"]
        rule["cidr_ipv4"] = cidr

    return change


def goes_beside_the_proxy(document: Document) -> None:
    application = ref(document, GROUP, "application")
    database = ref(document, GROUP, "database_security-group")
    port = {"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432}
    adds(document, INGRESS, "beside", security_group_id=database, referenced_security_group_id=application, **port)


def signs_in_with_passwords(document: Document) -> None:
    for entry in body(document, "aws_db_proxy")["auth"]:
        entry["iam_auth"] = "DISABLED"


def proxy_in_one_zone(document: Document) -> None:
    proxy = body(document, "aws_db_proxy")
    proxy["vpc_subnet_ids"] = proxy["vpc_subnet_ids"][:1]


def database_in_public_subnets(document: Document) -> None:
    group = body(document, "aws_db_subnet_group")
    group["subnet_ids"] = [ref(document, "aws_subnet", f"public_subnet-{zone}") for zone in "ab"]


def without_dead_letters(document: Document) -> None:
    del body(document, "aws_sqs_queue", "jobs_queue")["redrive_policy"]


def one_receive(document: Document) -> None:
    queue = body(document, "aws_sqs_queue", "jobs_queue")
    queue["redrive_policy"] = json.dumps({**json.loads(queue["redrive_policy"]), "maxReceiveCount": 1})


def without_alarms(document: Document) -> None:
    del document["resource"]["aws_cloudwatch_metric_alarm"]


def other_function(document: Document) -> None:
    alarm = body(document, "aws_cloudwatch_metric_alarm", "worker_alarm-errors")
    alarm["dimensions"] = {"FunctionName": "acme-dev-orders-wroker"}


def without_gateway_endpoint(document: Document) -> None:
    del document["resource"]["aws_vpc_endpoint_route_table_association"]
    drops("aws_vpc_endpoint", "endpoint-s3")(document)
    drops(EGRESS, "application_to-s3")(document)


def one_nat_gateway(document: Document) -> None:
    route = body(document, "aws_route", "private_default-b")
    route["nat_gateway_id"] = ref(document, "aws_nat_gateway", "gateway-a")
    drops("aws_nat_gateway", "gateway-b")(document)


def lets_everything_out(document: Document) -> None:
    rule = body(document, EGRESS, "application_to-internet")
    rule["ip_protocol"] = "-1"
    del rule["from_port"], rule["to_port"]


def admits_the_world(document: Document) -> None:
    application = ref(document, GROUP, "application")
    adds(document, INGRESS, "world", security_group_id=application, cidr_ipv4="0.0.0.0/0", ip_protocol="-1")


def password_in_environment(document: Document) -> None:
    body(document, FUNCTION)["environment"]["variables"]["DB_PASSWORD"] = "correct horse battery"


def without_log_group(document: Document) -> None:
    del body(document, FUNCTION)["logging_config"]
    drops("aws_cloudwatch_log_group", "worker_logs")(document)


def small_subnets(document: Document) -> None:
    for zone, cidr in (("a", "10.20.0.0/28"), ("b", "10.20.0.16/28")):
        body(document, "aws_subnet", f"private_subnet-{zone}")["cidr_block"] = cidr


def snap_start_and_provisioned(document: Document) -> None:
    body(document, FUNCTION)["snap_start"] = {"apply_on": "PublishedVersions"}
    adds(
        document,
        "aws_lambda_provisioned_concurrency_config",
        "live",
        function_name=ref(document, FUNCTION, "worker", "function_name"),
        qualifier=ref(document, "aws_lambda_alias", "worker", "name"),
        provisioned_concurrent_executions=2,
    )


def weighted_without_alarm(document: Document) -> None:
    body(document, "aws_lambda_alias")["routing_config"] = {"additional_version_weights": {"2": 0.1}}
    del body(document, "aws_codedeploy_deployment_group")["alarm_configuration"]


def administrator(document: Document) -> None:
    policy = body(document, "aws_iam_role_policy", "worker")
    statement = '{"Effect":"Allow","Action":"*","Resource":"*"},'
    policy["policy"] = policy["policy"].replace('"Statement":[', f'"Statement":[{statement}', 1)


def permission_without_source(document: Document) -> None:
    function = ref(document, FUNCTION, "worker", "function_name")
    fields = {"action": "lambda:InvokeFunction", "principal": "s3.amazonaws.com"}
    adds(document, "aws_lambda_permission", "bucket", function_name=function, **fields)


def url_for_everybody(document: Document) -> None:
    function = ref(document, FUNCTION, "worker", "function_name")
    adds(document, "aws_lambda_function_url", "open", function_name=function, authorization_type="NONE")


def neither_endpoint_nor_nat(document: Document) -> None:
    drops("aws_route", "private_default")(document)
    del document["resource"]["aws_vpc_endpoint_subnet_association"]
    drops("aws_vpc_endpoint", "endpoint-secretsmanager")(document)
