"""What only caches together with networks and functions can refuse, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.cache import Cache, CacheConfig, ServerlessCache, ServerlessCacheConfig
from modules.core.iam import Role
from modules.core.statements import service_trust
from modules.network import NetworkBase
from modules.observability import AlarmsConfig
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
USERS: dict[str, Any] = {"orders": {}}
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:legacy-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
EXISTING = {"kind": "existing", "user_id": "legacy", "secret_arn": SECRET, "secret_key_arn": KEY}
WHERE = "dev-main-eu-west-1-orders/sessions: "
ONE_ZONE: dict[str, Any] = {"availability_zones": ["eu-west-1a"], "single_zone_reason": "a trial"}
GROUP = "aws_elasticache_replication_group"


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


def cache(made: Made, name: str = "sessions", **fields: Any) -> Cache:
    config = CacheConfig.parse({"users": USERS, "alarms": OFF, **fields})
    return Cache(made.stack, name, config=config, network=made.network, key=made.key)


def serverless(made: Made, name: str = "sessions", **fields: Any) -> ServerlessCache:
    config = ServerlessCacheConfig.parse({"users": USERS, "alarms": OFF, **fields})
    return ServerlessCache(made.stack, name, config=config, network=made.network, key=made.key)


@pytest.mark.parametrize("make", [cache, serverless])
def test_alarms_that_tell_nobody(made: Made, make: Any) -> None:
    assert refusal(lambda: make(made, alarms=AlarmsConfig())) == (
        WHERE + "alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; "
        "pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_a_network_of_one_zone(source: Path) -> None:
    made = Made(source, **ONE_ZONE)
    assert refusal(lambda: cache(made)) == (
        WHERE + "the network has the zone eu-west-1a only; multi_az keeps primary and replicas in different zones; add "
        "a zone to the network, or set multi_az to false with a reason"
    )
    assert refusal(lambda: serverless(made, "results")) == (
        "dev-main-eu-west-1-orders/results: the network has isolated subnets in eu-west-1a; a serverless cache stands "
        "in two or three zones (ElastiCache guide); add a zone to the network"
    )


class Bare(NetworkBase):
    """A network that names no subnets."""

    vpc_id = "vpc-1"
    availability_zones = ("eu-west-1a", "eu-west-1b")
    isolated_subnet_ids = ()


def test_a_network_without_isolated_subnets(made: Made) -> None:
    bare = Bare(made.stack, "bare")
    config = CacheConfig.parse({"users": USERS, "alarms": OFF})
    assert refusal(lambda: Cache(made.stack, "sessions", config=config, network=bare, key=made.key)) == (
        WHERE + "the network has no isolated subnets; caches stand in those; add the tier"
    )


def test_zones_that_the_network_has_not(made: Made) -> None:
    assert refusal(lambda: serverless(made, availability_zones=["eu-west-1a", "eu-west-1c"])) == (
        WHERE + "availability_zones holds eu-west-1c; the network has isolated subnets in eu-west-1a, eu-west-1b; name "
        "zones of the network"
    )


def test_a_cache_is_kept_unless_it_is_said_to_go(made: Made) -> None:
    cache(made)
    group = made.only(GROUP)
    assert group["lifecycle"] == {"prevent_destroy": True}
    assert group["final_snapshot_identifier"] == "acme-dev-orders-sessions-final"
    serverless(made, "results")
    assert made.only("aws_elasticache_serverless_cache")["lifecycle"] == {"prevent_destroy": True}


def test_a_cache_that_goes(made: Made) -> None:
    cache(made, removal="destroy", removal_reason="a trial")
    group = made.only(GROUP)
    assert "lifecycle" not in group
    assert "final_snapshot_identifier" not in group


def test_tls_and_the_stacks_key_always(made: Made) -> None:
    cache(made)
    group = made.only(GROUP)
    assert (group["transit_encryption_enabled"], group["transit_encryption_mode"]) == (True, "required")
    (key,) = made.resources("aws_kms_key")
    assert (group["at_rest_encryption_enabled"], group["kms_key_id"]) == ("true", f"${{aws_kms_key.{key}.arn}}")


def test_a_long_name_fits(made: Made) -> None:
    cache(made, "sessions-of-everybody-who-ever-came-by", users={"a-longish-user": {}})
    names = [
        made.only(GROUP)["replication_group_id"],
        made.only("aws_elasticache_user_group")["user_group_id"],
        *(user["user_id"] for user in made.resources("aws_elasticache_user").values()),
    ]
    assert len(set(names)) == 4
    assert all(len(name) <= 40 for name in names)


def test_cluster_mode_has_one_endpoint(made: Made) -> None:
    shards = cache(made, cluster_mode=True, shards=3, replicas_per_shard=2)
    group = made.only(GROUP)
    assert (group["num_node_groups"], group["replicas_per_node_group"], group["cluster_mode"]) == (3, 2, "enabled")
    assert "num_cache_clusters" not in group
    parameters = made.only("aws_elasticache_parameter_group")["parameter"]
    assert parameters == [{"name": "cluster-enabled", "value": "yes"}]
    made.function().connect_to(shards)
    host = made.only("aws_lambda_function")["environment"]["variables"]["SESSIONS_HOST"]
    assert host.endswith(".configuration_endpoint_address}")
    assert refusal(lambda: shards.connection(reader=True)) == (
        WHERE + "reader is True; the cache has no reader endpoint: in cluster mode clients find replicas themselves, "
        "and without replicas there is none; remove it"
    )


def test_data_tiering_is_on_where_nodes_have_it(made: Made) -> None:
    cache(made, node_type="cache.r6gd.xlarge")
    assert made.only(GROUP)["data_tiering_enabled"] is True


def test_the_networks_own_subnet_group_serves(source: Path) -> None:
    made = Made(source, subnet_groups={"cache": True})
    cache(made)
    (name,) = made.resources("aws_elasticache_subnet_group")
    assert name.startswith("network_")
    assert made.only(GROUP)["subnet_group_name"] == f"${{aws_elasticache_subnet_group.{name}.name}}"


def test_a_family_is_part_of_its_groups_name(made: Made) -> None:
    cache(made, engine="redis")
    group = made.only("aws_elasticache_parameter_group")
    assert (group["name"], group["family"]) == ("acme-dev-orders-sessions-redis7", "redis7")
    assert group["lifecycle"] == {"create_before_destroy": True}
    assert "parameter" not in group


def test_the_default_user_can_do_nothing_and_has_no_password(made: Made) -> None:
    cache(made)
    users = made.resources("aws_elasticache_user")
    (nobody,) = [user for user in users.values() if user["user_name"] == "default"]
    assert (nobody["access_string"], nobody["no_password_required"]) == ("off ~* -@all", True)
    assert not [user for user in users.values() if "passwords" in json.dumps(user)]


def test_a_connection_names_a_user_where_there_are_several(made: Made) -> None:
    sessions = cache(made, users={"orders": {}, "report": {}})
    assert refusal(sessions.connection) == (WHERE + "user is missing; the cache has orders, report; name one of them")
    assert refusal(lambda: sessions.connection(user="admin", reader=False)) == (
        WHERE + 'user is "admin"; the cache has orders, report; name one of them'
    )


def test_a_function_connects_to_both_endpoints(made: Made) -> None:
    sessions = cache(made)
    api = made.function()
    api.connect_to(sessions)
    api.connect_to(sessions, reader=True, user="orders")
    function = made.only("aws_lambda_function")
    variables = function["environment"]["variables"]
    assert sorted(variables) == [
        f"SESSIONS_{suffix}" for suffix in ("HOST", "NAME", "PORT", "READER_HOST", "READER_PORT", "USER")
    ]
    rule = made.only("aws_vpc_security_group_ingress_rule")
    assert (rule["from_port"], rule["to_port"], rule["ip_protocol"]) == (6379, 6379, "tcp")
    assert rule["security_group_id"].startswith("${aws_security_group.sessions_")
    (group,) = made.resources(GROUP)
    assert f"{GROUP}.{group}" in function["depends_on"]


def test_a_prefix_of_ones_own(made: Made) -> None:
    connection = cache(made).connection(environment_prefix="redis")
    assert sorted(connection.environment) == ["REDIS_HOST", "REDIS_NAME", "REDIS_PORT", "REDIS_USER"]


def test_a_user_that_exists_signs_in_with_its_secret(made: Made) -> None:
    sessions = cache(made, users={"legacy": EXISTING})
    connection = sessions.connection()
    assert connection.environment["SESSIONS_USER"] == "legacy"
    assert connection.environment["SESSIONS_SECRET_ARN"] == SECRET
    assert connection.services == ("secretsmanager",)
    assert [(statement.actions, statement.resources) for statement in connection.statements] == [
        (("secretsmanager:GetSecretValue",), (SECRET,)),
        (("kms:Decrypt",), (KEY,)),
    ]
    assert made.only("aws_elasticache_user_group")["user_ids"][1] == "legacy"


def test_a_role_is_granted_one_user_of_one_cache(made: Made) -> None:
    role = Role(made.stack, "role", name="reader", trust=service_trust("lambda.amazonaws.com"), statements=[])
    sessions, results = cache(made), serverless(made, "results")
    sessions.grant_connect(role)
    results.grant_connect(role, user="orders")
    (policy,) = made.resources("aws_iam_role_policy").values()
    statements = {each["Sid"]: each for each in json.loads(policy["policy"])["Statement"]}
    assert sorted(statements) == ["ConnectResultsAsOrders", "ConnectSessionsAsOrders"]
    for statement in statements.values():
        assert statement["Action"] == ["elasticache:Connect"]
        assert len(statement["Resource"]) == 2
        assert not any(resource.endswith("*") for resource in statement["Resource"])
