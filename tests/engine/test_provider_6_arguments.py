"""What is written past the bindings of provider 5 is what the bindings of provider 6 call it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.engine.processes import cdktn_python, python

pytestmark = pytest.mark.synth

WRITTEN = {
    ("cloudwatch_event_archive", "CloudwatchEventArchive"): ("kms_key_identifier",),
    ("cloudwatch_log_group", "CloudwatchLogGroup"): ("deletion_protection_enabled",),
    ("db_instance", "DbInstance"): ("password_wo", "password_wo_version"),
    ("elasticache_replication_group", "ElasticacheReplicationGroup"): ("auth_token_wo", "auth_token_wo_version"),
    ("db_proxy", "DbProxy"): ("default_auth_scheme", "endpoint_network_type", "target_connection_network_type"),
    ("lambda_function", "LambdaFunction"): (
        "capacity_provider_config", "durable_config", "publish_to", "source_kms_key_arn", "tenancy_config",
    ),
    ("lambda_function", "LambdaFunctionDurableConfig"): ("execution_timeout", "retention_period"),
    ("lambda_function", "LambdaFunctionTenancyConfig"): ("tenant_isolation_mode",),
    ("lambda_function", "LambdaFunctionCapacityProviderConfig"): ("lambda_managed_instances_capacity_provider_config",),
    ("lambda_function", "LambdaFunctionCapacityProviderConfigLambdaManagedInstancesCapacityProviderConfig"): (
        "capacity_provider_arn", "execution_environment_memory_gib_per_vcpu",
        "per_execution_environment_max_concurrency",
    ),
    ("lambda_function_scaling_config", "LambdaFunctionScalingConfig"): (
        "function_name", "function_scaling_config", "qualifier",
    ),
    ("lambda_function_scaling_config", "LambdaFunctionScalingConfigFunctionScalingConfig"): (
        "max_execution_environments", "min_execution_environments",
    ),
    ("lambda_permission", "LambdaPermission"): ("invoked_via_function_url",),
    ("lambda_resource_policy", "LambdaResourcePolicy"): ("policy", "resource_arn"),
    ("rds_cluster", "RdsCluster"): ("master_password_wo", "master_password_wo_version"),
    ("nat_gateway", "NatGateway"): ("availability_mode", "availability_zone_address", "tags", "vpc_id"),
    ("nat_gateway", "NatGatewayAvailabilityZoneAddress"): ("allocation_ids", "availability_zone"),
}  # fmt: skip
"""Module and class of the bindings → arguments that the modules write by `add_override`."""

LIST = """
import importlib, inspect, json, sys
found = {}
for module, kind in json.loads(sys.stdin.read()):
    members = inspect.signature(getattr(importlib.import_module(f"cdktn_provider_aws.{module}"), kind).__init__)
    found[kind] = sorted(members.parameters)
print(json.dumps(found))
"""


def test_provider_6_knows_every_argument(tmp_path: Path) -> None:
    script = LIST.replace("sys.stdin.read()", repr(json.dumps(list(WRITTEN))))
    result = python(f"import modules.core.engine\n{script}", tmp_path, program=cdktn_python(), LAMBDANET_ENGINE="cdktn")
    known = json.loads(result.stdout)
    missing = {kind: sorted(set(names) - set(known[kind])) for (_, kind), names in WRITTEN.items()}
    assert {kind: names for kind, names in missing.items() if names} == {}


def test_every_argument_that_is_written_past_the_bindings_is_looked_up() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in Path("modules").rglob("*.py"))
    handed_over = set(re.findall(r'hand_over\([^)]*argument="(\w+)"', text))
    written = set(re.findall(r'add_override\(\s*"(\w+)"', text)) | handed_over
    written |= {f"{argument}_version" for argument in handed_over}
    assert written == {name for (_, kind), names in WRITTEN.items() if not kind.endswith(_BLOCKS) for name in names}


_BLOCKS = ("DurableConfig", "TenancyConfig", "CapacityProviderConfig", "ZoneAddress", "ConfigFunctionScalingConfig")
