"""The extension that reads secrets and parameters for the code."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.target import Target
from modules.function import FunctionConfig, SecretsExtensionConfig
from tests.modules.core.samples import KNOWN_LATER, NUMBER_TOKEN, sentence

LAYER = "arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:21"


def function(**fields: Any) -> dict[str, Any]:
    return {"code": {"source": "handlers/api"}, "reserved_concurrency": 5, **fields}


def target() -> Target:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**where, "stack": "orders", "owner": "me"})


@pytest.mark.parametrize(
    ("field", "taken", "refused"),
    [
        ("cache_size", (0, 1_000), (-1, 1_001)),
        ("http_port", (1, 65_535), (0, 65_536)),
        ("secrets_ttl_seconds", (0, 300), (-1, 301)),
        ("parameters_ttl_seconds", (0, 300), (-1, 301)),
        ("secrets_timeout_milliseconds", (0, 900_000), (-1, 900_001)),
        ("max_connections", (1, 1_000), (0, 1_001)),
        ("log_level", ("NONE", "DEBUG"), ("none", "TRACE")),
    ],
)
def test_the_extension_takes_what_its_guide_says(field: str, taken: tuple[Any, ...], refused: tuple[Any, ...]) -> None:
    for value in taken:
        found = SecretsExtensionConfig.parse({"layer_version_arn": LAYER, field: value})
        assert getattr(found, field) == value
    for value in refused:
        assert sentence(SecretsExtensionConfig, {"layer_version_arn": LAYER, field: value}).startswith(f"{field} is ")


def test_what_becomes_a_variable_is_known_at_synth() -> None:
    assert sentence(SecretsExtensionConfig, {"layer_version_arn": LAYER, "cache_size": NUMBER_TOKEN}) == (
        f"cache_size is {NUMBER_TOKEN}; {KNOWN_LATER}"
    )


def test_the_extension_is_that_of_the_functions_architecture_and_region() -> None:
    x86 = LAYER.replace("-Arm64", "")
    assert sentence(FunctionConfig, function(secrets_extension={"layer_version_arn": x86})) == (
        f'secrets_extension.layer_version_arn is "{x86}" and the architecture is arm64; the layer\'s programs are '
        "built for one architecture; -Arm64 is that of arm64; copy the ARN for the architecture"
    )
    elsewhere = LAYER.replace("eu-west-1", "eu-west-2")
    config = FunctionConfig.parse(function(secrets_extension={"layer_version_arn": elsewhere}))
    assert [str(problem) for problem in config.target_checks(target())] == [
        (
            f'secrets_extension.layer_version_arn is "{elsewhere}"; a layer lies in the function\'s region, eu-west-1 '
            "(Lambda guide, layers); copy the ARN for that region"
        )
    ]
    assert sentence(SecretsExtensionConfig, {"layer_version_arn": "arn:aws:lambda:eu-west-1:1:layer:x:1"}).endswith(
        "; the layer's ARN ends in layer:AWS-Parameters-and-Secrets-Lambda-Extension and its version, with -Arm64 "
        "before the version for arm64; copy it for region and architecture from the Secrets Manager guide"
    )


def test_the_extension_is_told_what_differs_from_its_defaults() -> None:
    extension = {"layer_version_arn": LAYER, "cache_size": 10, "secrets_ttl_seconds": 60, "cache": False}
    assert SecretsExtensionConfig.parse(extension).environment == {
        "PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED": "false",
        "PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE": "10",
        "SECRETS_MANAGER_TTL": "60",
    }
    assert SecretsExtensionConfig.parse({"layer_version_arn": LAYER}).environment == {}
    clash = function(secrets_extension=extension, environment={"SECRETS_MANAGER_TTL": "5"})
    assert sentence(FunctionConfig, clash) == (
        'environment holds "SECRETS_MANAGER_TTL"; secrets_extension sets it; remove it from environment'
    )
