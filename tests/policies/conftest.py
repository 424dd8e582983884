"""One Checkov for the policy tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.checkov import Checkov


@pytest.fixture(scope="session")
def checkov() -> Iterator[Checkov]:
    """Started with a variable of the user that would skip a check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CKV_SKIP_CHECK", "CKV_AWS_27")
        with Checkov() as running:
            yield running
