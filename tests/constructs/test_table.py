"""What only the constructs of tables can refuse, and what they synthesize."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.statements import Condition, Statement
from modules.observability import AlarmTopic
from modules.table import Table, TableBase, TableConfig
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
ID: dict[str, Any] = {"partition_key": {"name": "id"}, "alarms": OFF}
PROVISIONED: dict[str, Any] = {
    "kind": "provisioned",
    "read": {"minimum_units": 5, "maximum_units": 50},
    "write": {"minimum_units": 2, "maximum_units": 2},
}
BY_STATUS: dict[str, Any] = {"by-status": {"partition_key": {"name": "status"}}}
WHERE = "dev-main-eu-west-1-orders/orders: "
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/acme-orders"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"


@pytest.fixture
def made(source: Any) -> Made:
    return Made(source)


class Role:
    """What is granted."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def grant(self, *statements: Statement) -> None:
        self.statements += statements


def table(made: Made, name: str = "orders", *, topic: AlarmTopic | None = None, **fields: Any) -> Table:
    return Table(made.stack, name, config=TableConfig.parse({**ID, **fields}), key=made.key, alarm_topic=topic)


def test_a_table_is_kept_by_terraform_and_by_dynamodb(made: Made) -> None:
    table(made)
    found = made.only("aws_dynamodb_table")
    assert (found["lifecycle"], found["deletion_protection_enabled"]) == ({"prevent_destroy": True}, True)
    assert found["name"] == "acme-dev-orders-orders"
    assert found["server_side_encryption"]["enabled"] is True
    assert found["point_in_time_recovery"] == {"enabled": True, "recovery_period_in_days": 35}


def test_a_table_that_goes(made: Made) -> None:
    table(made, removal="destroy", removal_reason="a trial")
    found = made.only("aws_dynamodb_table")
    assert (found.get("lifecycle"), found["deletion_protection_enabled"]) == (None, False)


def test_terraform_leaves_alone_only_what_scales(made: Made) -> None:
    table(made, capacity=PROVISIONED, global_indexes=BY_STATUS)
    found = made.only("aws_dynamodb_table")
    assert found["lifecycle"] == {"ignore_changes": ["read_capacity"], "prevent_destroy": True}
    assert (found["read_capacity"], found["write_capacity"]) == (5, 2)
    (index,) = found["global_secondary_index"]
    assert (index["read_capacity"], index["write_capacity"]) == (50, 2)
    assert made.only("aws_appautoscaling_target")["scalable_dimension"] == "dynamodb:table:ReadCapacityUnits"


def test_an_index_takes_the_capacity_that_it_is_given(made: Made) -> None:
    indexes = {"by-status": {**BY_STATUS["by-status"], "capacity": {"read_units": 3, "write_units": 4}}}
    table(made, capacity=PROVISIONED, global_indexes=indexes)
    (index,) = made.only("aws_dynamodb_table")["global_secondary_index"]
    assert (index["read_capacity"], index["write_capacity"]) == (3, 4)


def test_a_further_index_changes_none_that_is_there(made: Made) -> None:
    more = {**BY_STATUS, "a-first": {"partition_key": {"name": "owner"}}}
    table(made, global_indexes=BY_STATUS)
    table(made, "reports", global_indexes=more)
    few, many = (found["global_secondary_index"] for found in made.resources("aws_dynamodb_table").values())
    assert few[0] in many


def test_its_policy_denies_other_accounts_and_requests_without_tls(made: Made) -> None:
    table(made)
    statements = json.loads(made.only("aws_dynamodb_resource_policy")["policy"])["Statement"]
    assert [(each["Sid"], each["Effect"]) for each in statements] == [
        ("DenyPlainHttp", "Deny"),
        ("ThisAccountOnly", "Deny"),
    ]


def test_alarms_that_tell_nobody(made: Made) -> None:
    assert refusal(lambda: table(made, alarms={})) == (
        f"{WHERE}alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; pass "
        "alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_failures_of_every_operation_are_one_alarm(made: Made) -> None:
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    watched = table(made, topic=topic, alarms={}, global_indexes=BY_STATUS)
    assert watched.alarm_names == tuple(
        f"acme-dev-orders-orders-{name}"
        for name in (
            "read-throttles",
            "write-throttles",
            "read-throttles-by-status",
            "write-throttles-by-status",
            "system-errors",
        )
    )
    alarms = made.resources("aws_cloudwatch_metric_alarm").values()
    (failures,) = [alarm for alarm in alarms if "metric_query" in alarm]
    result, *terms = failures["metric_query"]
    assert result["return_data"] is True
    assert {"Operation", "TableName"} == {name for term in terms for name in term["metric"]["dimensions"]}


def existing(made: Made, construct_id: str = "orders", **fields: Any) -> TableBase:
    return Table.from_existing(made.stack, construct_id, **{"name": "acme-orders", **fields})


def test_an_existing_table_is_granted_like_an_owned_one(made: Made) -> None:
    role = Role()
    existing(made, key_arn=KEY, index_names=["by-status"]).grant_read_write(role)
    assert [(each.sid, each.resources) for each in role.statements] == [
        ("ReadOrders", (ARN, f"{ARN}/index/by-status")),
        ("WriteOrders", (ARN,)),
        ("DescribeOrders", (ARN,)),
        ("EncryptOrders", (KEY,)),
    ]
    assert role.statements[-1].conditions == (
        Condition("StringEquals", "kms:ViaService", ("dynamodb.eu-west-1.amazonaws.com",)),
    )


@pytest.mark.parametrize(
    ("grant", "sids"),
    [
        ("grant_read", ["ReadOrders", "DescribeOrders", "DecryptOrders"]),
        ("grant_write", ["WriteOrders", "DescribeOrders", "EncryptOrders"]),
    ],
)
def test_reading_and_writing_are_granted_apart(made: Made, grant: str, sids: list[str]) -> None:
    role = Role()
    getattr(existing(made, key_arn=KEY), grant)(role)
    assert [each.sid for each in role.statements] == sids


def test_a_role_is_kept_to_partition_keys(made: Made) -> None:
    role = Role()
    orders = existing(made, index_names=["by-status"])
    orders.grant_read(role, leading_keys=["acme"])
    orders.grant_read(role, leading_keys=["other"])
    reads = [each for each in role.statements if each.sid.startswith("Read")]
    assert len({each.sid for each in reads}) == 2
    assert reads[0].resources == (ARN,)
    assert "dynamodb:Scan" not in reads[0].actions
    assert reads[0].conditions == (
        Condition("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ("acme",)),
        Condition("Null", "dynamodb:LeadingKeys", ("false",)),
    )


def test_partition_keys_that_read_alike_are_told_apart(made: Made) -> None:
    orders, role = existing(made), Role()
    for keys in (["a", "b"], ["a-b"], ["a b"]):
        orders.grant_read(role, leading_keys=keys)
    assert len({each.sid for each in role.statements if each.sid.startswith("Read")}) == 3


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("acme", 'leading_keys is "acme"; it is a list of partition keys; write ["acme"]'),
        (
            ["${aws_x.y.id}"],
            "leading_keys are known only later; names of statements are made of them; write the keys themselves",
        ),
    ],
)
def test_partition_keys_that_keep_a_role_to_nothing(made: Made, keys: Any, said: str) -> None:
    assert refusal(lambda: existing(made).grant_read(Role(), leading_keys=keys)) == f"{WHERE}{said}"
    assert refusal(lambda: existing(made, "others").connection(access="scan", leading_keys=keys)) == "\n".join(
        f"{WHERE.replace('orders:', 'others:')}{each}"
        for each in (said, 'access is "scan"; it is one of read, write, read_write; choose one of them')
    )


def test_a_partition_key_of_whoever_calls(made: Made) -> None:
    role = Role()
    existing(made).grant_read(role, leading_keys=["$${aws:PrincipalTag/tenant}"])
    assert role.statements[0].conditions[0].values == ("$${aws:PrincipalTag/tenant}",)


def test_a_stream_is_read(made: Made) -> None:
    role = Role()
    stream = f"{ARN}/stream/2026-11-21T00:00:00.000"
    existing(made, stream_arn=stream, key_arn=KEY).grant_stream(role)
    assert [(each.sid, each.resources) for each in role.statements] == [
        ("ReadStreamOfOrders", (stream,)),
        ("ListTableStreams", ("*",)),
        ("DecryptOrders", (KEY,)),
    ]


def test_a_table_without_a_stream(made: Made) -> None:
    assert refusal(lambda: table(made).grant_stream(Role())) == (
        f"{WHERE}the table has no stream; changes are read from one; set stream_view_type"
    )


def test_an_unknown_access(made: Made) -> None:
    assert refusal(lambda: existing(made).connection(access="scan")) == (
        f'{WHERE}access is "scan"; it is one of read, write, read_write; choose one of them'
    )


def test_what_is_no_table(made: Made) -> None:
    fields = {"name": "a", "key_arn": "alias/a", "stream_arn": ARN}
    assert refusal(lambda: Table.from_existing(made.stack, "orders", **fields)) == "\n".join(
        (
            (
                f'{WHERE}key_arn is "alias/a"; a KMS key\'s ARN reads like '
                "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
            ),
            (
                f'{WHERE}name is "a"; a table\'s name has 3 to 255 letters, digits and characters of _.- (dynamodb API '
                "model); write the table's name"
            ),
            (
                f"{WHERE}stream_arn is \"{ARN}\"; a stream's ARN ends in table/, the table's name, /stream/ and "
                f"a time; copy "
                "it from DynamoDB"
            ),
        )
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"index_names": ["*"]},
            (
                'index_names holds "*"; an index\'s name has 3 to 255 letters, digits and characters of _.- (dynamodb '
                "API model); write the indexes' names, as a list"
            ),
        ),
        (
            {"stream_arn": f"{ARN}-2/stream/2026-11-21T00:00:00.000"},
            (
                f'stream_arn is "{ARN}-2/stream/2026-11-21T00:00:00.000"; it is the stream of another table than '
                '"acme-orders"; copy it from DynamoDB'
            ),
        ),
    ],
)
def test_an_existing_table_by_what_is_not_its_own(made: Made, fields: dict[str, Any], said: str) -> None:
    assert refusal(lambda: existing(made, **fields)) == f"{WHERE}{said}"


def test_an_existing_table_known_only_later_is_not_judged(made: Made) -> None:
    stream = "arn:aws:dynamodb:eu-west-1:123456789012:table/any/stream/2026-11-21T00:00:00.000"
    found = existing(made, name="${aws_dynamodb_table.orders.id}", stream_arn=stream, index_names=["${local.index}"])
    assert found.index_names == ("${local.index}",)


def test_a_function_reaches_dynamodb_through_the_gateway_endpoint(made: Made) -> None:
    api = made.function()
    api.connect_to(table(made), environment_name="STORE")
    egress = {each["description"]: each for each in made.resources("aws_vpc_security_group_egress_rule").values()}
    assert "prefix_list_id" in egress["to dynamodb"]
    function = made.only("aws_lambda_function")
    assert list(function["environment"]["variables"]) == ["STORE"]
    assert any(name.startswith("aws_dynamodb_resource_policy.") for name in function["depends_on"])
