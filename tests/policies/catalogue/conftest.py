"""One emulator for the samples of a worker, and the plans of an area's samples in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.emulator import Emulator
from tests.policies.catalogue.harness import APPLIED, CREATED, Judged, cases, judged
from tests.provider_process import ProviderProcesses


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each sample of the module's `AREA` in each plan, but for those that are `UNAPPLIED`."""
    if "plans" in metafunc.fixturenames:
        given = [
            pytest.param(case, plan, id=f"{case.name}-{plan}", marks=pytest.mark.apply)
            for case in cases(metafunc.module.AREA)
            for plan in (CREATED, APPLIED)
            if plan == CREATED or case.name not in metafunc.module.UNAPPLIED
        ]
        metafunc.parametrize(("case", "given"), given)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(load_managed_policies=True) as running:
        yield running


@pytest.fixture(scope="module")
def plans(
    emulator: Emulator,
    providers: ProviderProcesses,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Judged:
    """The plans of the samples of the module's `AREA`, but for those that are `UNAPPLIED`."""
    area, unapplied = request.module.AREA, request.module.UNAPPLIED
    work = tmp_path_factory.mktemp(area)
    return judged(area, unapplied=unapplied, emulator=emulator, providers=providers, work=work)
