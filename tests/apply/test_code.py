"""Where the code of functions comes from: a store, an object, an image, another deployment; and layers."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from modules.function import Function, FunctionConfig
from modules.function.layer import Layer
from modules.function.layer_config import LayerConfig
from modules.image_repository import ImageRepository, ImageRepositoryConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig
from stacks.base import TargetStack
from tests.apply.harness import Prove

OFF = AlarmsConfig.off(reason="nothing here is about alarms")
WITHOUT = {
    "alarms": {"enabled": False, "reason": "nothing here is about alarms"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "nothing here is invoked"}},
}
BUCKET = "packages-of-acme"
OTHER = "210987654321"
DIGEST = f"sha256:{'a' * 64}"
PROGRAM = b"def handler(event, context):\n    return event\n"


def archive(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            made.writestr(entry, data)
    return content.getvalue()


def sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.fixture
def bucket(emulator: Emulator) -> str:
    """A versioned bucket that exists, with one package; returns the package's version."""
    s3 = emulator.client("s3", "eu-west-1", "123456789012")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    version: str = s3.put_object(Bucket=BUCKET, Key="ready.zip", Body=archive({"ready.py": PROGRAM}))["VersionId"]
    s3.close()
    return version


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in (
        ("src/handler.py", PROGRAM),
        ("shared/common.py", b"VALUE = 1\n"),
        ("ready.zip", archive({"index.mjs": b"export const handler = async (event) => event\n"})),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def built_of(version: str) -> Callable[[TargetStack], None]:
    def build(stack: TargetStack) -> None:
        key = Key(stack, "key")
        fields = {"cidr": "10.20.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"], "egress": "none"}
        network = Network(stack, "network", config=NetworkConfig.parse({**fields, "alarms": OFF}), key=key)
        stack.output("vpc_id", network.vpc_id, "The VPC")
        repository = ImageRepository(
            stack, "images", key=key, config=ImageRepositoryConfig(removal="destroy", removal_reason="a test")
        )
        store = {
            "bucket": BUCKET, "prefix": "packages/", "storage_class": "STANDARD_IA",
            "tags": {"kind": "package"},
        }  # fmt: skip
        layer = Layer(
            stack,
            "shared",
            config=LayerConfig.parse(
                {
                    "source": "shared", "compatible_runtimes": ["python3.13", "python3.12"], "license": "Apache-2.0",
                    "organization_id": "o-a1b2c3d4e5", "store": store,
                }
            ),
            key=key,
        )  # fmt: skip

        partner = {"source": "shared", "compatible_runtimes": ["nodejs22.x"], "account_id": OTHER, "folder": ""}
        Layer(stack, "partner", config=LayerConfig.parse(partner))

        def function(name: str, code: dict[str, Any], *layers: Layer) -> None:
            config = FunctionConfig.parse({"code": code, "reserved_concurrency": 1, **WITHOUT})
            Function(stack, name, config=config, network=network, key=key, layers=layers)

        function("stored", {"source": "src", "store": store}, layer)
        managed = {"kind": "s3", "handler": "ready.handler", "runtime": "python3.13"}
        function("object", {**managed, "bucket": BUCKET, "key": "ready.zip", "object_version": version})
        uri = repository.image_uri(digest=DIGEST)
        function("image", {"kind": "image", "uri": uri, "command": ["app.handler"], "working_directory": "/var/task"})
        function(
            "elsewhere",
            {
                "kind": "zip", "path": "ready.zip", "handler": "index.handler", "runtime": "nodejs22.x",
                "deployed_elsewhere_reason": "CodeDeploy deploys it",
            },
        )  # fmt: skip

    return build


def test_code_comes_from_where_it_is_said_to(prove: Prove, bucket: str, sources: Path) -> None:
    build = built_of(bucket)
    with prove(build, unscanned_reason="CKV_AWS_272 wants images signed, which Lambda cannot") as applied:
        lambda_, s3 = applied.client("lambda"), applied.client("s3")

        def function(name: str) -> dict[str, Any]:
            found: dict[str, Any] = lambda_.get_function(FunctionName=f"acme-dev-orders-{name}")
            return found

        stored = function("stored")["Configuration"]
        key = next(item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"] if "/stored/" in item["Key"])
        package = s3.get_object(Bucket=BUCKET, Key=key)
        content = package["Body"].read()
        assert key == f"packages/dev-main-eu-west-1-orders/stored/{hashlib.sha256(content).hexdigest()}.zip"
        assert stored["CodeSha256"] == sha256(content)
        assert (package["ServerSideEncryption"], package["StorageClass"]) == ("aws:kms", "STANDARD_IA")
        assert package["SSEKMSKeyId"].startswith("arn:aws:kms:eu-west-1:123456789012:key/")
        tags = {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]}
        assert (tags["kind"], tags["stack"]) == ("package", "orders")

        (attached,) = stored["Layers"]
        assert attached["Arn"] == "arn:aws:lambda:eu-west-1:123456789012:layer:acme-dev-orders-shared:1"
        layer = lambda_.get_layer_version(LayerName="acme-dev-orders-shared", VersionNumber=1)
        assert layer["CompatibleRuntimes"] == ["python3.12", "python3.13"]
        assert layer["CompatibleArchitectures"] == ["arm64"]
        assert layer["LicenseInfo"] == "Apache-2.0"
        policy = lambda_.get_layer_version_policy(LayerName="acme-dev-orders-shared", VersionNumber=1)
        (statement,) = json.loads(policy["Policy"])["Statement"]
        assert (statement["Principal"], statement["Action"]) == ("*", "lambda:GetLayerVersion")
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}

        policy = lambda_.get_layer_version_policy(LayerName="acme-dev-orders-partner", VersionNumber=1)
        (statement,) = json.loads(policy["Policy"])["Statement"]
        assert statement["Principal"] == {"AWS": f"arn:aws:iam::{OTHER}:root"}

        assert function("object")["Configuration"]["CodeSha256"] == sha256(archive({"ready.py": PROGRAM}))

        image = function("image")
        assert image["Configuration"]["PackageType"] == "Image"
        assert image["Code"]["ImageUri"] == (
            f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme-dev-orders-images@{DIGEST}"
        )
        replaced = image["Configuration"]["ImageConfigResponse"]["ImageConfig"]
        assert (replaced["Command"], replaced["WorkingDirectory"]) == (["app.handler"], "/var/task")

        lambda_.update_function_code(FunctionName="acme-dev-orders-elsewhere", ZipFile=archive({"index.mjs": b"new"}))
        (sources / "ready.zip").write_bytes(archive({"index.mjs": b"export const handler = async () => 2\n"}))
        (sources / "shared" / "common.py").write_bytes(b"VALUE = 2\n")
        plan = applied.apply(build)
        changed = {
            change.address.split(".")[0]: change.actions for change in plan.resource_changes if not change.is_quiet
        }
        assert changed == {
            "aws_lambda_function": ("update",),
            "aws_lambda_layer_version": ("create", "delete"),
            "aws_lambda_layer_version_permission": ("delete", "create"),
            "aws_s3_object": ("create", "delete"),
        }
        (attached,) = function("stored")["Configuration"]["Layers"]
        assert attached["Arn"].endswith(":layer:acme-dev-orders-shared:2")
        updated = [each.address for each in plan.resource_changes if each.actions == ("update",)]
        assert all("stored" in address for address in updated)
        assert function("elsewhere")["Configuration"]["CodeSha256"] == sha256(archive({"index.mjs": b"new"}))
