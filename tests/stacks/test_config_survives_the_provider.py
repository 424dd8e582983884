"""What the configurations accept, Terraform and the provider accept as well."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modules.core import limits
from modules.core.target import Target
from modules.database.config import POSTGRESQL_VERSIONS
from modules.network import NetworkConfig
from stacks.orders_api_config import OrdersApiConfig
from tests.provider_process import AttachedTerraform, ProviderProcesses
from tests.stacks.config_samples import LONGEST, drawn

pytestmark = [pytest.mark.plan, pytest.mark.synth]

COUNT = 14
AWS = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}}}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Target, OrdersApiConfig]]:
    source = tmp_path_factory.mktemp("source")
    (source / "handler.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    return drawn(COUNT, source)


def in_one_zone(target: Target, config: OrdersApiConfig) -> tuple[Target, OrdersApiConfig]:
    zone = config.network.availability_zones[0]
    network = config.network.model_dump() | {"availability_zones": [zone], "single_zone_reason": "a test"}
    network |= {"egress": {"strategy": "nat_single", "zone": zone}}
    return (
        Target.parse(target.model_dump() | {"stack": "one_zone"}),
        config.model_copy(update={"network": NetworkConfig.parse(network)}),  # the whole stack would refuse one zone
    )


@pytest.fixture(scope="module")
def folders(
    samples: list[tuple[Target, OrdersApiConfig]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Path]]:
    """The folder of every sample, all synthesized by one app."""
    import modules.core.engine  # noqa: PLC0415  # starts Node, which tests of configurations do without

    from cdktf import App  # noqa: PLC0415  # after the engine

    from modules.function import Function  # noqa: PLC0415  # likewise
    from modules.key import Key  # noqa: PLC0415  # likewise
    from modules.network import Network  # noqa: PLC0415  # likewise
    from modules.observability import AlarmTopic  # noqa: PLC0415  # likewise
    from stacks.base import TargetStack  # noqa: PLC0415  # likewise
    from stacks.orders_api import OrdersApi  # noqa: PLC0415  # likewise

    class OneZone(TargetStack):
        """A function without a database, as a proxy needs two zones."""

        def build(self, config: OrdersApiConfig) -> None:  # type: ignore[override]  # each stack has its own model
            key = Key(self, "key", config=config.key)
            topic = AlarmTopic(self, "alarm-topic", key=key)
            network = Network(self, "network", config=config.network, key=key, alarm_topic=topic)
            Function(self, "api", config=config.function, network=network, key=key, alarm_topic=topic)

    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        app = App(outdir=str(project / "cdktf.out"))
        for target, config in samples:
            OrdersApi(app, target).build(config)
        alone, config = in_one_zone(*samples[-1])
        OneZone(app, alone).build(config)
        app.synth()
        names = [*(target.name for target, _ in samples), alone.name]
        yield {name: project / "cdktf.out" / "stacks" / name for name in names}


def test_the_samples_reach_the_ends_of_the_ranges(samples: list[tuple[Target, OrdersApiConfig]]) -> None:
    assert len(samples) == COUNT
    targets, configs = [target for target, _ in samples], [config for _, config in samples]
    assert {LONGEST, "a"} == {target.org for target in targets}
    assert {len(config.network.availability_zones) for config in configs} >= {2, 6}
    assert {config.network.egress.strategy for config in configs} >= {"none", "nat_single", "nat_per_zone"}
    assert {128, 10_240} <= {config.function.memory_mb for config in configs}
    assert {1, 900} <= {config.function.timeout_seconds for config in configs}
    assert {0, 300} <= {config.proxy.connection_borrow_timeout_seconds for config in configs}
    assert {"keep", "destroy"} == {config.database.removal for config in configs}
    assert {POSTGRESQL_VERSIONS[0], POSTGRESQL_VERSIONS[-1]} <= {config.database.engine_version for config in configs}


def validate(folder: Path, providers: ProviderProcesses) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with AttachedTerraform(folder, environment=environment, providers=providers) as terraform:
        terraform.init()
        terraform.validate()
        assert terraform.warnings == []


def test_terraform_validates_every_sample(folders: dict[str, Path], providers: ProviderProcesses) -> None:
    for folder in folders.values():
        validate(folder, providers)


def values_of(folder: Path, kind: str, field: str) -> list[Any]:
    stack = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
    return [resource[field] for resource in stack["resource"].get(kind, {}).values() if field in resource]


@pytest.mark.parametrize(
    ("kind", "field", "longest"),
    [
        ("aws_db_instance", "identifier", 63),
        ("aws_db_proxy", "name", 63),
        ("aws_lambda_function", "function_name", 64),
        ("aws_iam_role", "name", 64),
        ("aws_sqs_queue", "name", 80),
        ("aws_signer_signing_profile", "name_prefix", 38),
        ("aws_security_group", "name", 255),
        ("aws_db_parameter_group", "name", 255),
        ("aws_db_subnet_group", "name", 255),
        ("aws_cloudwatch_metric_alarm", "alarm_name", 255),
        ("aws_kms_alias", "name", 256),
        ("aws_sns_topic", "name", 256),
        ("aws_vpc_security_group_egress_rule", "description", 255),
        ("aws_cloudwatch_log_group", "name", 512),
        ("aws_lambda_code_signing_config", "description", 256),
        ("aws_kms_key", "description", 8_192),
    ],
)
def test_no_name_is_longer_than_aws_takes_and_none_stands_twice(
    folders: dict[str, Path], kind: str, field: str, longest: int
) -> None:
    for folder in folders.values():
        values = values_of(folder, kind, field)
        assert all(len(value) <= longest for value in values if "${" not in value), values
        if field != "description":
            assert len(set(values)) == len(values)
    assert any(values_of(folder, kind, field) for folder in folders.values())


def test_the_provider_takes_every_value_of_every_list(tmp_path: Path, providers: ProviderProcesses) -> None:
    """Lists that twelve samples cannot exhaust, in one folder of bare resources."""
    instance = {"instance_class": "db.t4g.micro", "monitoring_role_arn": "arn:aws:iam::123456789012:role/x"}
    resources = {
        "aws_cloudwatch_log_group": {f"d{days}": {"retention_in_days": days} for days in limits.LOG_RETENTION_DAYS},
        "aws_db_instance": {
            **{
                f"performance{days}": {**instance, "performance_insights_retention_period": days}
                for days in limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS
            },
            **{
                f"monitoring{seconds}": {**instance, "monitoring_interval": seconds}
                for seconds in limits.RDS_MONITORING_INTERVALS_SECONDS
            },
        },
    }
    (tmp_path / "main.tf.json").write_text(json.dumps({**AWS, "resource": resources}), encoding="utf-8")
    validate(tmp_path, providers)
