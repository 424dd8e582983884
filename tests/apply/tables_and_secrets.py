"""A stack with tables, secrets and a key of its own, and a function that uses each of them."""

from __future__ import annotations

from modules.core.iam import Role
from modules.core.statements import service_trust
from modules.function import Function, FunctionConfig
from modules.key import Key, KeyConfig
from modules.observability import AlarmTopic
from modules.secret import Secret, SecretConfig
from modules.table import Table, TableConfig
from stacks.base import TargetStack

NAME = "acme-dev-orders-{}"
OFF = {"enabled": False, "reason": "alarms are not what this stack is about"}
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
LOST = {**GONE, "recovery_window_days": 0}
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
ORDERS = {
    "partition_key": {"name": "customer"},
    "sort_key": {"name": "placed", "type": "N"},
    "global_indexes": {
        "by-status": {"partition_key": {"name": "status"}, "sort_key": {"name": "placed", "type": "N"}},
        "by-total": {
            "partition_key": {"name": "status"},
            "sort_key": {"name": "total", "type": "N"},
            "projection": "INCLUDE",
            "non_key_attributes": ["currency"],
        },
    },
    "local_indexes": {"by-number": {"sort_key": {"name": "number"}, "projection": "KEYS_ONLY"}},
    "capacity": {"max_read_request_units": 400, "max_write_request_units": 200},
    "stream_view_type": "NEW_AND_OLD_IMAGES",
    "contributor_insights": True,
    "point_in_time_recovery_days": 14,
    **GONE,
}
COUNTERS = {
    "partition_key": {"name": "id"},
    "global_indexes": {"by-owner": {"partition_key": {"name": "owner"}}},
    "capacity": {
        "kind": "provisioned",
        "read": {"minimum_units": 5, "maximum_units": 50},
        "write": {"minimum_units": 2, "maximum_units": 20, "target_utilization_percent": 60},
    },
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "alarms": OFF,
    **GONE,
}
COPY_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"
PARTNER = {
    "value": {"kind": "empty"},
    "rotation_off_reason": "its owner changes it",
    "description": "Key of a partner",
    "replicas": {"us-east-1": COPY_KEY},
    **LOST,
}
LOGIN = {"username": "orders", "engine": "postgres", "port": 5432, "database_name": "orders"}


def build(stack: TargetStack, *, value_version: int = 1) -> None:
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    orders = Table(stack, "orders", config=TableConfig.parse(ORDERS), key=key, alarm_topic=topic)
    counters = Table(stack, "counters", config=TableConfig.parse(COUNTERS), key=key)
    once = Table(stack, "once", config=TableConfig.idempotency(alarms=OFF, **GONE), key=key)
    stack.output("alarms", list(orders.alarm_names), "Alarms of the table")
    stack.output("stream", orders.stream_arn, "The table's stream")

    rotator = _function(stack, key, "rotator")
    rotation = {"days": 7, "duration_hours": 3}
    login = SecretConfig.parse({"value": {**LOGIN, "version": value_version}, "rotation": rotation, **LOST})
    database = Secret(stack, "login", config=login, key=key, rotation_function=rotator)
    payment = SecretConfig.parse(PARTNER)
    partner = Secret(stack, "partner", config=payment, key=key)
    tokens = Key(stack, "tokens", config=KeyConfig(deletion_window_days=7))
    stack.output("keys", {"key": key.arn, "tokens": tokens.arn}, "The keys")
    stack.output("secrets", {"login": database.arn, "partner": partner.arn}, "The secrets")

    api = _function(stack, key, "api")
    api.connect_to(orders)
    api.connect_to(counters, access="read")
    api.connect_to(once)
    api.connect_to(database)
    api.connect_to(partner)
    api.connect_to(tokens, access="encrypt_decrypt", encryption_context={"purpose": "session"})

    trust = service_trust("lambda.amazonaws.com")
    reader = Role(stack, "reader", name=NAME.format("reader"), trust=trust, statements=[])
    orders.grant_stream(reader)
    orders.grant_read(reader, leading_keys=["acme"])
    partner.grant_write(reader)


def _function(stack: TargetStack, key: Key, name: str) -> Function:
    outside = {"state": "detached", "detaching_applied": "it never was in a VPC"}
    nothing = {"dead_letters": {"kind": "none", "reason": "nothing invokes it asynchronously"}}
    fields = {"code": CODE, "reserved_concurrency": 2, "alarms": OFF, "attachment": outside, "asynchronous": nothing}
    return Function(stack, name, config=FunctionConfig.parse(fields), network=None, key=key)
