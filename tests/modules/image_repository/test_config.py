"""Which repositories are taken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from modules.image_repository import ImageRepositoryConfig
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, around, fields_of, refusal, refuses_or_keeps


def test_a_repository_is_kept_and_its_tags_stay() -> None:
    config = ImageRepositoryConfig()
    assert (config.removal, config.mutable_tags_reason, config.pull_account_ids) == ("keep", "", ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"removal": "destroy"}, (
            'removal is "destroy" without a reason; the images would be lost for good; set removal_reason'
        )),
        ({"pull_account_ids": ["210987654321"] * 2}, (
            'pull_account_ids holds "210987654321" twice; each account once; remove one'
        )),
        ({"pull_account_ids": [210987654321]}, (
            "pull_account_ids[0] is 210987654321; an AWS account id has 12 digits; write it in quotes"
        )),
        ({"pull_account_ids": [STRING_TOKEN]}, f'pull_account_ids[0] is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"keep_tagged_images": 0}, (
            "keep_tagged_images is 0; the number of tagged images that are kept takes 1 to 10000 images (our bound); "
            "set a value from 1 to 10000"
        )),
    ],
)  # fmt: skip
def test_what_would_lose_images_or_trust_nobody_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert refusal(ImageRepositoryConfig, fields) == [expected]


@CI
@given(fields_of(ImageRepositoryConfig, {"keep_tagged_images": around(1, 10_000)}))
def test_a_repository_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(ImageRepositoryConfig, data)
