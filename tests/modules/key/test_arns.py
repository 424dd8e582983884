"""ARNs of keys."""

from __future__ import annotations

import pytest

from modules.key.arns import key_arn_problems
from tests.modules.core.samples import STRING_TOKEN

ID = "11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize(
    "arn",
    [
        "",
        STRING_TOKEN,
        f"arn:aws:kms:eu-west-1:123456789012:key/{ID}",
        "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef",
    ],
)
def test_a_key_is_named_by_its_arn(arn: str) -> None:
    assert list(key_arn_problems("key_arn", arn)) == []


@pytest.mark.parametrize("arn", [ID, "alias/orders", "arn:aws:kms:eu-west-1:123456789012:alias/orders"])
def test_an_alias_or_an_id_names_no_key_to_iam(arn: str) -> None:
    (problem,) = key_arn_problems("key_arn", arn)
    assert str(problem) == (
        f'key_arn is "{arn}"; a KMS key\'s ARN reads like arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS '
        "KMS"
    )
