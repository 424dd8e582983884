"""Code and layers that only a function in a stack can refuse, and what the stack then holds; nothing is applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.target import Target
from modules.function import Function, FunctionConfig
from modules.function.layer import Layer
from modules.function.layer_config import LayerConfig
from modules.image_repository import ImageRepository, ImageRepositoryConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal

pytestmark = pytest.mark.synth
OFF = {"enabled": False, "reason": "not what these tests are about"}
PLACE = "dev-main-eu-west-1-orders/api"
DIGEST = f"sha256:{'a' * 64}"
MIB = 1024 * 1024


def stack_of(folder: Path, **target: Any) -> TargetStack:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return TargetStack(App(outdir=str(folder)), Target.parse({**fields, "stack": "orders", "owner": "me", **target}))


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "handler.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def stack(place: Path) -> TargetStack:
    return stack_of(place)


def function(stack: TargetStack, code: dict[str, Any], *layers: Layer, **other: Any) -> Function:
    fields = {"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"], "alarms": OFF}
    key = Key(stack, "key")
    network = Network(stack, "network", config=NetworkConfig.parse(fields), key=key)
    config = FunctionConfig.parse({"code": code, "reserved_concurrency": 1, "alarms": OFF, **other})
    return Function(stack, "api", config=config, network=network, key=key, layers=layers)


def resource(stack: TargetStack, kind: str) -> dict[str, Any]:
    """The only resource of a kind."""
    (found,) = json.loads(json.dumps(stack.to_terraform()))["resource"][kind].values()
    assert isinstance(found, dict)
    return found


def grow(path: Path, size: int) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def test_a_package_too_large_to_upload_needs_a_store(stack: TargetStack) -> None:
    grow(Path("src/model.bin"), 51 * MIB)
    assert refusal(lambda: function(stack, {"source": "src"})) == (
        f'{PLACE} package "src": 51.0 MiB zipped (stored without compression); most is in model.bin 51.0 MiB; Lambda '
        "takes 50 MiB zipped (Lambda quotas); leave files out with exclude, drop a dependency, or move some into a "
        "layer, or upload it by store"
    )


def test_a_package_in_a_store_may_be_larger(stack: TargetStack) -> None:
    grow(Path("src/model.bin"), 51 * MIB)
    function(stack, {"source": "src", "store": {"bucket": "acme-packages", "prefix": "a/"}})
    made, stored = resource(stack, "aws_lambda_function"), resource(stack, "aws_s3_object")
    assert "filename" not in made
    assert made["s3_key"].startswith("${aws_s3_object.")
    assert stored["key"].startswith("a/dev-main-eu-west-1-orders/api/")
    assert stored["kms_key_id"].startswith("${aws_kms_key.")
    assert "override_provider" not in stored


def test_an_object_carries_no_more_tags_than_s3_takes(place: Path) -> None:
    crowded = stack_of(place, tags={f"tag-{number}": "x" for number in range(5)})
    function(crowded, {"source": "src", "store": {"bucket": "acme-packages", "tags": {"kind": "package"}}})
    stored = resource(crowded, "aws_s3_object")
    assert stored["tags"] == {"kind": "package"}
    assert stored["override_provider"] == {"default_tags": {"tags": {}}}


def test_code_that_is_deployed_elsewhere_is_left_alone(stack: TargetStack) -> None:
    function(stack, {"source": "src", "deployed_elsewhere_reason": "CodeDeploy deploys it"})
    made = resource(stack, "aws_lambda_function")
    assert made["lifecycle"]["ignore_changes"] == [
        "filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash",
    ]  # fmt: skip


def test_an_object_that_is_there_is_named(stack: TargetStack) -> None:
    code = {"kind": "s3", "bucket": "acme", "key": "a.jar", "handler": "App::handle", "runtime": "java21"}
    function(stack, {**code, "source_code_hash": "A" * 43 + "="})
    made = resource(stack, "aws_lambda_function")
    assert {name: made[name] for name in ("s3_bucket", "s3_key", "source_code_hash", "handler", "runtime")} == {
        "s3_bucket": "acme", "s3_key": "a.jar", "source_code_hash": "A" * 43 + "=", "handler": "App::handle",
        "runtime": "java21",
    }  # fmt: skip


def test_an_image_has_neither_runtime_nor_handler(stack: TargetStack) -> None:
    uri = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders@{DIGEST}"
    function(stack, {"kind": "image", "uri": uri, "entry_point": ["/app"], "architecture": "x86_64"})
    made = resource(stack, "aws_lambda_function")
    assert (made["package_type"], made["image_uri"], made["architectures"]) == ("Image", uri, ["x86_64"])
    assert made["image_config"] == {"entry_point": ["/app"]}
    assert not {"runtime", "handler", "filename"} & made.keys()


def test_a_missing_archive_is_told_with_its_function(stack: TargetStack) -> None:
    code = {"kind": "zip", "path": "dist/api.zip", "handler": "app.handler", "runtime": "python3.13"}
    assert refusal(lambda: function(stack, code)) == (
        f'{PLACE} package "api.zip": path is "dist/api.zip", which cannot be read (No such file or directory); it is '
        "an existing zip archive; build it before the stack is synthesized, or correct the path"
    )


@pytest.mark.parametrize(
    "code",
    [
        {"kind": "inline", "text": "def handler(event, context): ..."},
        {
            "kind": "build", "source": "src", "handler": "bootstrap", "runtime": "provided.al2023",
            "build_command": ["sh", "-c", "echo '#!/bin/sh' > bootstrap"], "build_output": "bootstrap",
        },
        {"kind": "node", "source": "node", "handler": "app.handler"},
    ],
)  # fmt: skip
def test_every_other_kind_becomes_a_package(stack: TargetStack, code: dict[str, Any]) -> None:
    Path("node").mkdir()
    Path("node/app.mjs").touch()
    function(stack, code)
    made = resource(stack, "aws_lambda_function")
    assert made["filename"].endswith("/api.zip")
    assert len(made["source_code_hash"]) == 44


def layer(stack: TargetStack, **other: Any) -> Layer:
    fields = {"source": "src", "compatible_runtimes": ["python3.12"], **other}
    return Layer(stack, "shared", config=LayerConfig.parse(fields))


def test_a_layer_for_another_runtime_is_refused(stack: TargetStack) -> None:
    shared = layer(stack)
    assert refusal(lambda: function(stack, {"source": "src"}, shared)) == (
        f'{PLACE}: layers holds "acme-dev-orders-shared", and the function\'s runtime is python3.13; the layer was '
        "built for python3.12; add python3.13 to its compatible_runtimes, or use another layer"
    )


def test_a_function_and_its_layers_are_measured_together(stack: TargetStack) -> None:
    store = {"bucket": "acme-packages"}
    grow(Path("models/a.bin"), 200 * MIB)
    shared = layer(stack, source="models", compatible_runtimes=["python3.13"], store=store)
    grow(Path("src/b.bin"), 51 * MIB)
    assert refusal(lambda: function(stack, {"source": "src", "store": store}, shared)) == (
        f"{PLACE}: the function and its layers take 251.0 MiB unzipped (acme-dev-orders-shared 200.0 MiB, the function "
        "51.0 MiB); Lambda takes 250 MiB together (Lambda quotas); leave something out, or use a container image"
    )


def test_a_layer_that_cannot_be_packaged_is_told_with_its_place(stack: TargetStack) -> None:
    assert refusal(lambda: layer(stack, source="nowhere")) == (
        f'dev-main-eu-west-1-orders/shared layer "shared": source is "{Path("nowhere").resolve()}"; it has to be an '
        "existing folder; correct the path; a relative one counts from the working directory"
    )


@pytest.mark.parametrize(
    ("reason", "address", "expected"),
    [
        ("", {}, "neither digest nor tag is given; an image has one address; give one of them"),
        ("", {"digest": DIGEST, "tag": "v1"}, (
            "digest and tag are both given; an image has one address; give one of them"
        )),
        ("", {"digest": "abc"}, 'digest is "abc"; it is sha256: and 64 hexadecimal digits; copy it from Amazon ECR'),
        ("", {"tag": ".x"}, (
            'tag is ".x"; it has 1 to 128 letters, digits and characters of _.-, and begins with none of .-; correct it'
        )),
        ("developers push latest", {"tag": "latest"}, (
            'tag is "latest"; the repository\'s tags may be moved, and Terraform does not see it; give the digest'
        )),
    ],
)  # fmt: skip
def test_an_image_has_one_address_that_stays(
    stack: TargetStack, reason: str, address: dict[str, str], expected: str
) -> None:
    config = ImageRepositoryConfig(mutable_tags_reason=reason)
    images = ImageRepository(stack, "images", key=Key(stack, "key"), config=config)
    assert refusal(lambda: images.image_uri(**address)) == f"dev-main-eu-west-1-orders/images: {expected}"


def test_a_repository_is_kept_unless_said_otherwise(stack: TargetStack) -> None:
    ImageRepository(stack, "images", key=Key(stack, "key"))
    made = resource(stack, "aws_ecr_repository")
    assert made["lifecycle"] == {"prevent_destroy": True}
    assert "force_delete" not in made
