"""What tests of several folders share."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provider_process import ProviderProcesses

gc.set_threshold(100_000, 50, 100)  # bindings and models are many objects that stay: looking at them again frees none

# What a shell runs in the background ignores Ctrl-C, and so does all that it starts; some tests send it.
signal.signal(signal.SIGINT, signal.default_int_handler)

LONGEST = (
    "cli/test_demo.py",
    "rollout/acceptance/test_full_rollout.py",
    "apply/test_database_instances.py",
    "apply/test_network_egress.py",
    "apply/test_every_store.py",
    "apply/test_database_clusters.py",
    "apply/test_existing_network.py",
    "apply/test_function_settings.py",
    "apply/test_cache.py",
    "rollout/acceptance/test_kills.py",
    "cli/test_demo_release.py",
    "policies/catalogue/",
    "apply/",
    "stacks/test_config_survives_the_provider.py",
    "engine/test_imports.py",
    "synth/test_identifiers.py",
    "rollout/acceptance/",
    "docs/test_rollouts.py",
    "cli/rollout/",
    "rollout/adapters/",
    "rollout/release/",
    "rollout/readback/",
    "cli/release/",
    "policies/",
)
"""What takes minutes begins first, so that no worker is left with it at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by how long files take."""
    tests = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        place = item.path.relative_to(tests).as_posix()
        return next((at for at, prefix in enumerate(LONGEST) if place.startswith(prefix)), len(LONGEST))

    items.sort(key=rank)


@pytest.fixture(scope="session")
def providers() -> Iterator[ProviderProcesses]:
    """Providers that run as long as the worker."""
    with ProviderProcesses() as processes:
        yield processes
