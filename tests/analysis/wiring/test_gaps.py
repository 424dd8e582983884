"""What a synthesized stack shows of a connection, and what of it is missing."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from analysis.wiring import Gap, wiring_gaps

FUNCTION, QUEUE, DATABASE = "aws_lambda_function.api", "aws_sqs_queue.jobs", "aws_db_instance.orders"


def statement(action: str, resource: str, via: str = "") -> dict[str, Any]:
    condition = {"Condition": {"StringEquals": {"kms:ViaService": [f"{via}.eu-west-1.amazonaws.com"]}}} if via else {}
    return {"Effect": "Allow", "Action": [action], "Resource": [resource], **condition}


def rule(from_group: str, to_group: str, port: int) -> dict[str, dict[str, Any]]:
    ports = {"from_port": port, "to_port": port, "ip_protocol": "tcp"}
    source, other = f"${{aws_security_group.{from_group}.id}}", f"${{aws_security_group.{to_group}.id}}"
    return {
        "aws_vpc_security_group_egress_rule": {
            **ports, "security_group_id": source, "referenced_security_group_id": other,
        },
        "aws_vpc_security_group_ingress_rule": {
            **ports, "security_group_id": other, "referenced_security_group_id": source,
        },
    }  # fmt: skip


VALUES = {"JOBS": "${aws_sqs_queue.jobs.url}", "DB_HOST": "${aws_db_instance.orders.address}"}
# as the engine writes it: the quotes of an expression are not escaped
OF_USER = 'arn:aws:rds-db:eu-west-1:1:dbuser:${join(":", [aws_db_instance.orders.resource_id])}/orders'


def policy(*, without: str = "", effect: str = "Allow") -> str:
    """The role's policy, without one action, or with another effect for the first statement."""
    statements = [
        {**statement("sqs:SendMessage", "${aws_sqs_queue.jobs.arn}"), "Effect": effect},
        statement("kms:GenerateDataKey", "${aws_kms_key.key.arn}", via="sqs"),
        statement("rds-db:connect", "OF_USER"),
    ]
    kept = [each for each in statements if each["Action"] != [without]]
    return json.dumps({"Statement": kept}).replace("OF_USER", OF_USER)


def stack(*, without: str = "", effect: str = "Allow") -> dict[str, Any]:
    """A function with a queue behind an endpoint, and a database."""
    to_endpoint, to_database = rule("api", "endpoints", 443), rule("api", "orders", 5432)
    return {
        "resource": {
            "aws_lambda_function": {
                "api": {
                    "role": "${aws_iam_role.api.arn}",
                    "vpc_config": {"security_group_ids": ["${aws_security_group.api.id}"]},
                    "environment": {
                        "variables": {
                            "JOBS": "${aws_sqs_queue.jobs.url}",
                            "DB_HOST": "${aws_db_instance.orders.address}",
                        }
                    },
                }
            },
            "aws_iam_role": {"api": {}},
            "aws_iam_role_policy": {
                "api": {
                    "role": "${aws_iam_role.api.id}",
                    "policy": policy(without=without, effect=effect),
                }
            },
            "aws_kms_key": {"key": {}},
            "aws_sqs_queue": {"jobs": {"kms_master_key_id": "${aws_kms_key.key.arn}"}, "other": {}},
            "aws_db_instance": {"orders": {"vpc_security_group_ids": ["${aws_security_group.orders.id}"]}},
            "aws_security_group": {"api": {}, "endpoints": {}, "orders": {}},
            "aws_vpc_endpoint": {
                "sqs": {
                    "service_name": "com.amazonaws.eu-west-1.sqs",
                    "security_group_ids": ["${aws_security_group.endpoints.id}"],
                }
            },
            **{kind: {"to-sqs": body, "to-orders": to_database[kind]} for kind, body in to_endpoint.items()},
        }
    }


def lost(document: dict[str, Any], *path: str) -> dict[str, Any]:
    """The document without what a path leads to."""
    changed = copy.deepcopy(document)
    place = changed["resource"]
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return changed


EGRESS, INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"
VARIABLES = ("aws_lambda_function", "api", "environment", "variables")


def test_a_stack_that_is_wired_has_no_gap() -> None:
    assert wiring_gaps(stack()) == ()


@pytest.mark.parametrize(
    ("path", "store", "part"),
    [
        ((EGRESS, "to-sqs"), QUEUE, "rule"),
        ((INGRESS, "to-sqs"), QUEUE, "rule"),
        (("aws_vpc_endpoint", "sqs"), QUEUE, "rule"),
        ((EGRESS, "to-orders"), DATABASE, "rule"),
        ((INGRESS, "to-orders"), DATABASE, "rule"),
        ((*VARIABLES, "JOBS"), QUEUE, "variable"),
        ((*VARIABLES, "DB_HOST"), DATABASE, "variable"),
    ],
)
def test_each_part_that_is_lost_is_seen(path: tuple[str, ...], store: str, part: Any) -> None:
    assert wiring_gaps(lost(stack(), *path)) == (Gap(FUNCTION, store, part),)


@pytest.mark.parametrize(
    ("action", "store", "part"),
    [
        ("sqs:SendMessage", QUEUE, "action"),
        ("kms:GenerateDataKey", QUEUE, "key"),
        ("rds-db:connect", DATABASE, "action"),
    ],
)
def test_each_permission_that_is_lost_is_seen(action: str, store: str, part: Any) -> None:
    assert wiring_gaps(stack(without=action)) == (Gap(FUNCTION, store, part),)


def test_a_rule_alone_is_a_connection_that_lacks_the_rest() -> None:
    document = lost(stack(without="rds-db:connect"), *VARIABLES, "DB_HOST")

    assert wiring_gaps(document) == (Gap(FUNCTION, DATABASE, "action"), Gap(FUNCTION, DATABASE, "variable"))


def test_functions_that_share_a_group_share_its_rules() -> None:
    document = stack()
    other = copy.deepcopy(document["resource"]["aws_lambda_function"]["api"])
    del other["environment"]
    document["resource"]["aws_lambda_function"]["other"] = {**other, "role": "${aws_iam_role.other.arn}"}

    assert wiring_gaps(document) == ()


def test_rules_of_different_ports_are_no_way() -> None:
    document = stack()
    document["resource"][INGRESS]["to-orders"]["from_port"] = 3306

    assert wiring_gaps(document) == (Gap(FUNCTION, DATABASE, "rule"),)


def test_another_services_key_grant_does_not_count() -> None:
    document = stack()
    inline = document["resource"]["aws_iam_role_policy"]["api"]
    inline["policy"] = inline["policy"].replace("sqs.eu-west-1", "sns.eu-west-1")

    assert wiring_gaps(document) == (Gap(FUNCTION, QUEUE, "key"),)


def test_a_denial_grants_nothing() -> None:
    assert wiring_gaps(stack(effect="Deny")) == (Gap(FUNCTION, QUEUE, "action"),)


def test_lambda_writes_dead_letters_itself_so_no_way_in_the_network_is_needed() -> None:
    document = lost(lost(stack(), *VARIABLES, "JOBS"), EGRESS, "to-sqs")
    document["resource"]["aws_lambda_function"]["api"]["dead_letter_config"] = {
        "target_arn": "${aws_sqs_queue.jobs.arn}"
    }

    assert wiring_gaps(document) == ()


@pytest.mark.parametrize("name", ["${aws_lambda_function.api.arn}", "${aws_lambda_alias.live.arn}"])
@pytest.mark.parametrize("source", ["${aws_sqs_queue.jobs.arn}", "${aws_kinesis_stream_consumer.fast.arn}"])
def test_lambda_polls_itself_for_a_function_or_its_alias(name: str, source: str) -> None:
    document = lost(lost(stack(), *VARIABLES, "JOBS"), EGRESS, "to-sqs")
    resources = document["resource"]
    resources["aws_lambda_alias"] = {"live": {"function_name": "${aws_lambda_function.api.function_name}"}}
    resources["aws_kinesis_stream_consumer"] = {"fast": {"stream_arn": "${aws_sqs_queue.jobs.arn}"}}
    assert {gap.part for gap in wiring_gaps(document)} == {"variable", "rule"}
    mapping = {"event_source_arn": source, "function_name": name, "kms_key_arn": "${aws_kms_key.filters.arn}"}
    resources["aws_kms_key"]["filters"] = {}
    resources["aws_lambda_event_source_mapping"] = {"jobs": mapping}

    assert wiring_gaps(document) == ()
    mapping["function_name"] = "${aws_lambda_alias.other.arn}"
    assert {gap.part for gap in wiring_gaps(document)} == {"variable", "rule"}


def test_a_function_outside_a_network_needs_no_rule() -> None:
    document = lost(stack(without="rds-db:connect"), "aws_lambda_function", "api", "vpc_config")
    document = lost(lost(document, EGRESS, "to-sqs"), *VARIABLES, "DB_HOST")

    assert wiring_gaps(document) == ()


def test_the_internet_leads_to_every_service() -> None:
    document = lost(stack(), "aws_vpc_endpoint", "sqs")
    group = "${aws_security_group.api.id}"
    document["resource"][EGRESS]["to-sqs"] = {"security_group_id": group, "cidr_ipv4": "0.0.0.0/0"}

    assert wiring_gaps(document) == ()


def test_a_managed_policy_counts() -> None:
    document = stack()
    del document["resource"]["aws_iam_role_policy"]
    document["resource"]["aws_iam_policy"] = {"api": {"policy": policy()}}
    document["resource"]["aws_iam_role_policy_attachment"] = {
        "api": {"role": "${aws_iam_role.api.name}", "policy_arn": "${aws_iam_policy.api.arn}"}
    }

    assert wiring_gaps(document) == ()


def test_a_gap_is_a_sentence() -> None:
    (gap,) = wiring_gaps(lost(stack(), *VARIABLES, "JOBS"))

    assert str(gap) == (
        "aws_lambda_function.api uses aws_sqs_queue.jobs; its code is not told of it; set the variable or mount it, or "
        "remove what is left of the connection"
    )


def test_an_endpoint_tells_of_the_proxy_that_it_leads_to() -> None:
    text = json.dumps(stack()).replace("aws_db_instance", "aws_db_proxy")
    document = json.loads(text.replace("aws_db_proxy.orders.address", "aws_db_proxy_endpoint.reader.endpoint"))
    assert {gap.part for gap in wiring_gaps(document)} == {"variable"}
    document["resource"]["aws_db_proxy_endpoint"] = {"reader": {"db_proxy_name": "${aws_db_proxy.orders.name}"}}
    assert wiring_gaps(document) == ()
