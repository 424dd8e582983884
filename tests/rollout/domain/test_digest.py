"""What a plan's digest covers."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from rollout.domain.digest import plan_digest, root_digests
from rollout.domain.errors import StoreError

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


ROOT = packed(**{"cdk.tf.json": b"{}", "assets/cdk.tf.json": b"[]", ".terraform.lock.hcl": b"lock"})
PARTS: dict[str, Any] = {
    "plan": b"plan",
    "plan_json": b"{}",
    "root": ROOT,
    "suite_version": "0.1.0",
    "planned_at": AT,
    "expires_at": AT + timedelta(hours=72),
}


def test_the_same_parts_have_the_same_digest() -> None:
    assert plan_digest(**PARTS) == plan_digest(**PARTS)
    elsewhere = {**PARTS, "planned_at": AT.astimezone(timezone(timedelta(hours=5)))}
    assert plan_digest(**elsewhere) == plan_digest(**PARTS)
    assert len(plan_digest(**PARTS)) == 64


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("plan", b"plan2"),
        ("plan_json", b"[]"),
        ("root", packed(**{"cdk.tf.json": b"[]", ".terraform.lock.hcl": b"lock"})),
        ("suite_version", "0.1.1"),
        ("planned_at", AT + timedelta(microseconds=1)),
        ("expires_at", AT),
    ],
)
def test_every_part_counts(part: str, other: object) -> None:
    assert plan_digest(**{**PARTS, part: other}) != plan_digest(**PARTS)


def test_parts_do_not_stand_in_for_each_other() -> None:
    assert plan_digest(**{**PARTS, "plan": b"{}", "plan_json": b"plan"}) != plan_digest(**PARTS)


def test_configuration_and_lock_file_are_those_of_the_root_itself() -> None:
    assert root_digests(ROOT) == {
        "cdk.tf.json": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        ".terraform.lock.hcl": "0c030586945fe504b604ecc2e875c38ede400cd5cd73da9730302162e6b02c6f",
    }
    assert root_digests(packed()) == {"cdk.tf.json": "", ".terraform.lock.hcl": ""}


@pytest.mark.parametrize("broken", [b"", b"no archive", ROOT[: len(ROOT) // 2]], ids=["nothing", "no archive", "half"])
def test_a_root_that_is_no_archive_is_refused(broken: bytes) -> None:
    with pytest.raises(StoreError) as caught:
        plan_digest(**{**PARTS, "root": broken})
    assert str(caught.value) == (
        "packed root: cannot be unpacked; it is a tar file compressed by gzip, as `lambdanet rollout plan` writes it; "
        "plan the target again"
    )
