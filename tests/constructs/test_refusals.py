"""What only the constructs can refuse, as it takes several of them to see it; nothing is synthesized."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.database import Database, DatabaseConfig, DatabaseProxy, ExistingDatabaseConfig
from modules.function import Function, FunctionConfig, PythonCode
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig, AlarmTopic
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal

pytestmark = pytest.mark.synth
ZONES = ("eu-west-1a", "eu-west-1b")
OFF = AlarmsConfig.off(reason="not what these tests are about")
DATABASE = DatabaseConfig(database_name="orders", master_username="orders", alarms=OFF)


def network(stack: TargetStack, key: Key, **other: Any) -> Network:
    fields = {"cidr": "10.0.0.0/16", "availability_zones": ZONES, "alarms": OFF, **other}
    return Network(stack, "network", config=NetworkConfig.parse(fields), key=key)


def test_alarms_that_tell_nobody(stack: TargetStack, key: Key) -> None:
    assert refusal(lambda: network(stack, key, egress="nat_per_zone", alarms=AlarmsConfig())) == (
        "dev-main-eu-west-1-orders/network: alarm_topic is missing; alarms are on, and an alarm that tells nobody is "
        "none; pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_zones_of_another_region(stack: TargetStack, key: Key) -> None:
    assert refusal(lambda: network(stack, key, availability_zones=("us-east-1a", "us-east-1b"))) == (
        "dev-main-eu-west-1-orders/network: availability_zones holds us-east-1a, us-east-1b; the target's region is "
        "eu-west-1; name zones of that region"
    )


def test_an_endpoint_that_the_network_has_not(stack: TargetStack, key: Key) -> None:
    made = network(stack, key)

    assert refusal(lambda: made.endpoint("sqs")) == (
        'dev-main-eu-west-1-orders/network: endpoint "sqs" is asked for; the network has dynamodb, s3; '
        "add it to endpoints.gateway or endpoints.interface"
    )


def test_a_database_in_one_zone(stack: TargetStack, key: Key) -> None:
    small = network(stack, key, availability_zones=ZONES[:1], single_zone_reason="a trial")

    assert refusal(lambda: Database(stack, "database", config=DATABASE, network=small, key=key)) == (
        "dev-main-eu-west-1-orders/database: the network has the zone eu-west-1a only; a database needs subnets in 2 "
        "availability zones, even without a standby (RDS guide, DB subnet groups); add a zone to the network"
    )


def test_a_proxy_in_one_zone(stack: TargetStack, key: Key) -> None:
    small = network(stack, key, availability_zones=ZONES[:1], single_zone_reason="a trial")
    known = ExistingDatabaseConfig(
        identifier="orders",
        engine="postgres",
        host="orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
        resource_id="db-ABCDEFGHIJKL0123456789MNOP",
        security_group_id="sg-0123456789abcdef0",
        database_name="orders",
        master_username="orders",
        master_secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1111-AbCdEf",
    )
    database = Database.from_existing(stack, "database", config=known, network=small, key=key)

    assert refusal(lambda: DatabaseProxy(stack, "proxy", database=database)) == (
        "dev-main-eu-west-1-orders/proxy: the network has the zone eu-west-1a only; an RDS Proxy needs subnets in 2 "
        "availability zones (RDS guide); add a zone to the network"
    )


def test_a_user_that_the_proxy_has_no_secret_for(stack: TargetStack, key: Key) -> None:
    database = Database(stack, "database", config=DATABASE, network=network(stack, key), key=key)
    proxy = DatabaseProxy(stack, "proxy", database=database, alarm_topic=AlarmTopic(stack, "alarm-topic", key=key))

    assert refusal(lambda: proxy.connection(user="reader")) == (
        'dev-main-eu-west-1-orders/proxy: user is "reader"; the proxy has secrets for orders; connect as one of them'
    )


def function(stack: TargetStack, key: Key, source: Path, **other: Any) -> Function:
    code = PythonCode.parse({"source": source, **other.pop("code", {})})
    config = FunctionConfig.parse(
        {"code": code, "reserved_concurrency": 5, "alarms": {"enabled": False, "reason": "x"}, **other}
    )
    return Function(stack, "api", config=config, network=network(stack, key), key=key)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "handler.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
    return tmp_path / "src"


def test_a_runtime_that_the_targets_provider_does_not_know(stack: TargetStack, key: Key, source: Path) -> None:
    assert refusal(lambda: function(stack, key, source, code={"runtime": "python3.14"})) == (
        'dev-main-eu-west-1-orders/api: runtime is "python3.14"; AWS provider 5 does not know it, and the target '
        'allows >= 5.100, < 7; use python3.13, or set the target\'s aws_provider_version to ">= 6.20, < 7"'
    )


def test_a_handler_that_is_not_there(stack: TargetStack, key: Key, source: Path) -> None:
    told = refusal(lambda: function(stack, key, source, code={"handler": "handler.absent"}))

    assert told.startswith('dev-main-eu-west-1-orders/api package "src": handler is "handler.absent"')


def test_a_connection_that_sets_a_variable_differently(stack: TargetStack, key: Key, source: Path) -> None:
    api = function(stack, key, source, environment={"DB_HOST": "mine"})
    database = Database(stack, "database", config=DATABASE, network=network_of(api), key=key)
    proxy = DatabaseProxy(stack, "proxy", database=database, alarm_topic=AlarmTopic(stack, "alarm-topic", key=key))

    assert refusal(lambda: api.connect_to(proxy, user="orders")) == (
        "dev-main-eu-west-1-orders/api: environment already holds DB_HOST; the connection database sets it to another "
        "value; rename yours, or connect to one of the two"
    )


def network_of(api: Function) -> Network:
    found = api.node.scope
    assert found is not None
    made = found.node.find_child("network")
    assert isinstance(made, Network)
    return made


def test_a_stack_without_a_target(tmp_path: Path) -> None:
    from cdktf import TerraformStack  # noqa: PLC0415  # the bare class, for somebody else's app

    bare = TerraformStack(App(outdir=str(tmp_path)), "bare")

    assert refusal(lambda: Key(bare, "key")) == (
        "bare/key: no target is attached; a construct takes names, tags and region from its stack's target; "
        "call modules.core.context.attach_target(stack, target) before adding constructs"
    )


def test_two_databases_of_one_stack_have_names_of_their_own(stack: TargetStack, key: Key) -> None:
    shared = network(stack, key)
    names = {Database(stack, name, config=DATABASE, network=shared, key=key).identifier for name in ("orders", "stock")}

    assert names == {"acme-dev-orders-orders", "acme-dev-orders-stock"}
