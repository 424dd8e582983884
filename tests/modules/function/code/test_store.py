"""Where packages are kept, and codes that do not fit their target."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.function.code import ArtifactStoreConfig, ImageCode, PythonCode
from tests.modules.core.samples import STRING_TOKEN, refusal

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
IMAGE = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:{'a' * 64}"


def target(region: str) -> Target:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": region}
    return Target.parse({**fields, "stack": "orders", "owner": "me"})


def unfit(config: Any, region: str) -> str:
    with pytest.raises(ConfigError) as caught:
        config.require(target(region), where="orders/api")
    return str(caught.value)


def test_a_store_has_a_bucket_and_what_s3_takes() -> None:
    store = ArtifactStoreConfig.parse(
        {"bucket": "acme", "prefix": "a/b/", "kms_key_arn": KEY, "storage_class": "GLACIER_IR", "tags": {"a": "b"}}
    )
    assert store.prefix == "a/b/"
    assert ArtifactStoreConfig(bucket=STRING_TOKEN, kms_key_arn=STRING_TOKEN).storage_class == "STANDARD"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"prefix": "/a/"}, 'prefix is "/a/"; a prefix is empty or folders, each followed by a slash; correct it'),
        ({"prefix": "a"}, 'prefix is "a"; a prefix is empty or folders, each followed by a slash; correct it'),
        ({"storage_class": "GLACIER"}, (
            'storage_class is "GLACIER"; a storage class is one of STANDARD, STANDARD_IA, ONEZONE_IA, '
            "INTELLIGENT_TIERING, GLACIER_IR; choose one of them"
        )),
        ({"kms_key_arn": "alias/mine"}, (
            'kms_key_arn is "alias/mine"; a KMS key\'s ARN names region, account and key id; copy it from AWS KMS'
        )),
        ({"tags": {str(number): "x" for number in range(11)}}, (
            "tags has 11 entries; an S3 object takes 10 (S3 API reference); remove some"
        )),
    ],
)  # fmt: skip
def test_what_s3_would_refuse_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert refusal(ArtifactStoreConfig, {"bucket": "acme", **fields}) == [expected]


def test_a_key_of_another_region_is_refused() -> None:
    code = PythonCode.parse({"source": "src", "store": {"bucket": "acme", "kms_key_arn": KEY}})
    code.require(target("eu-west-1"), where="")
    assert unfit(code, "eu-west-2") == (
        f'orders/api: store.kms_key_arn is "{KEY}"; S3 encrypts with keys of the bucket\'s region, which is the '
        "function's, eu-west-2; name a key of that region"
    )


def test_an_image_of_another_region_is_refused() -> None:
    code = ImageCode(uri=IMAGE)
    code.require(target("eu-west-1"), where="")
    assert unfit(code, "eu-west-2") == (
        f'orders/api: code.uri is "{IMAGE}"; Lambda takes images of its own region, eu-west-2 (Lambda guide, '
        "container images); replicate the image to that region, and name it there"
    )
