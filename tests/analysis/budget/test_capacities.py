"""How many connections databases take: by class, by capacity units, as parameter groups say."""

from __future__ import annotations

import pytest

from tests.analysis.budget.connection_samples import DIRECT, PROXIED, database, function, heard, proxy, row
from tests.analysis.documents import ref, resource


@pytest.mark.parametrize(
    ("parameters", "limit"),
    [
        ([{"name": "max_connections", "value": "400"}], 400),
        ([{"name": "log_statement", "value": "all"}], 112),
        ([{"name": "max_connections", "value": "LEAST({DBInstanceClassMemory/9531392},5000)"}], None),
    ],
)
def test_a_parameter_group_says_how_many_connections_there_are(
    parameters: list[dict[str, str]], limit: int | None
) -> None:
    group = resource("aws_db_parameter_group.main", {"name": "main", "parameter": parameters})
    found = row(
        "proxy-connections",
        database(parameter_group_name="main"),
        group,
        *proxy(None),
        function("api", PROXIED, reserved_concurrent_executions=10),
    )
    assert found
    assert found.limit.value == limit


def test_a_parameter_without_a_known_name_may_be_any() -> None:
    parameters = {"parameter": [{"value": "1"}], "name": "main"}
    group = resource("aws_db_parameter_group.main", parameters, unknown={"parameter": [{"name": True}]})
    bounded = function("api", PROXIED, reserved_concurrent_executions=10)
    found = row("proxy-connections", database(parameter_group_name="main"), group, *proxy(None), bounded)

    assert found
    assert (found.limit.value, found.limit.source) == (None, "max_connections of aws_db_parameter_group.main")


@pytest.mark.parametrize(
    ("scaling", "limit"),
    [
        ([{"max_capacity": 8, "min_capacity": 1}], 1_669),
        ([{"max_capacity": 32, "min_capacity": 0.5}], 2_000),
    ],
)
def test_aurora_capacity_units_say_how_many_connections_there_are(scaling: list[dict[str, float]], limit: int) -> None:
    entries = (
        resource(
            "aws_rds_cluster.main",
            {
                "cluster_identifier": "main",
                "engine": "aurora-postgresql",
                "serverlessv2_scaling_configuration": scaling,
            },
            unknown={"endpoint": True},
        ),
        resource(
            "aws_rds_cluster_instance.main[0]",
            {"cluster_identifier": "main", "instance_class": "db.serverless"},
            expressions={"cluster_identifier": ref("aws_rds_cluster.main.cluster_identifier")},
        ),
        function("api", "aws_rds_cluster.main.endpoint", reserved_concurrent_executions=10),
    )
    found = row("database-connections", *entries)
    assert found
    assert (found.after, found.limit.value) == (10, limit - 5)


def test_a_class_that_no_table_has_is_undecidable() -> None:
    entries = (
        database(instance_class="db.z9.large"),
        function("api", DIRECT, reserved_concurrent_executions=10),
    )
    [finding] = heard(*entries)
    assert finding == (
        "undecidable database-connections: aws_db_instance.main: the most connections that aws_db_instance.main may "
        "have cannot be told, as the plan does not tell max_connections of aws_db_instance.main (postgres, "
        "db.z9.large); set max_connections to a number in a parameter group of the plan"
    )
