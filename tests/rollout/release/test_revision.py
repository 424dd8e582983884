"""Application specifications, written and read."""

from __future__ import annotations

import hashlib
import json

import pytest

from rollout.release import ReleaseTarget
from rollout.release.revision import Revision

TARGET = ReleaseTarget("orders", "live", "shop", "orders", before_traffic="before", after_traffic="after")
YAML = """
version: 0.0
Resources:
  - anything:
      Type: AWS::Lambda::Function
      Properties: {Name: orders, Alias: live, CurrentVersion: "1", TargetVersion: 2}
Hooks:
  - BeforeAllowTraffic: before
"""


def test_what_is_written_is_read_again() -> None:
    revision = Revision.of(TARGET, 3, 4)
    location = revision.location()
    content = location["appSpecContent"]["content"]
    assert json.loads(content)["version"] == 0.0
    assert '"version": 0.0' in content
    assert location["appSpecContent"]["sha256"] == hashlib.sha256(content.encode()).hexdigest()
    assert Revision.from_location(location) == revision
    assert Revision.of(TARGET, 4, 3, hooks=False) == Revision("orders", "live", "4", "3")


def test_what_others_have_written_is_read_too() -> None:
    expected = Revision("orders", "live", "1", "2", "before")
    assert Revision.from_location({"revisionType": "AppSpecContent", "appSpecContent": {"content": YAML}}) == expected
    assert Revision.from_location({"revisionType": "String", "string": {"content": YAML}}) == expected


@pytest.mark.parametrize(
    "content", ["", "a: [", "version: 0.0", "Resources: [1]", "Resources: [{a: {Properties: {}}}]"]
)
def test_what_is_no_specification_of_one_function_is_none(content: str) -> None:
    assert Revision.from_location({"appSpecContent": {"content": content}}) is None
    assert Revision.from_location({}) is None
