"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.provider_process import ProviderProcesses


@pytest.fixture(scope="session")
def providers() -> Iterator[ProviderProcesses]:
    """Providers that run as long as the worker."""
    with ProviderProcesses() as processes:
        yield processes
