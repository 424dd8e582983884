"""One rollout of a folder at a time."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from pathlib import Path
from threading import Event, Thread

import pytest

from rollout.adapters.store.identity import host, identity
from rollout.adapters.store.local import LocalStore
from rollout.adapters.store.user_key import UserKeys
from rollout.domain.errors import LockedError, StoreError
from tests.rollout.adapters.store.sample_runs import RUN_ID

CI = {"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_ACTOR": "ann"}


def store(folder: Path) -> LocalStore:
    return LocalStore(folder, UserKeys({}), CI)


def test_the_second_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    first, second = store(tmp_path), store(tmp_path)
    assert second.owner() is None
    with first.locked(RUN_ID) as owner:
        assert second.owner() == owner
        with pytest.raises(LockedError) as caught, second.locked("r2"):
            pass
        assert re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", str(caught.value)) == (
            f"{tmp_path}: run {RUN_ID} by github acme/shop run 7.1 by ann holds the lock on {host()}, process "
            f"{os.getpid()}, since TIME UTC; one rollout of a store runs at a time; wait for its end, or pause it with "
            "`lambdanet rollout pause`"
        )
    assert second.owner() is None
    with second.locked("r2") as owner:
        assert (owner.run, owner.by, owner.pid) == ("r2", "github acme/shop run 7.1 by ann", os.getpid())


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    held, order = Event(), []

    def first() -> None:
        with store(tmp_path).locked("r1"):
            held.set()
            time.sleep(0.1)
            order.append("first")

    thread = Thread(target=first)
    thread.start()
    held.wait()
    with store(tmp_path).locked("r2", wait_seconds=10):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    def hold() -> None:
        with store(tmp_path).locked("r1"):
            time.sleep(60)

    process = multiprocessing.get_context("fork").Process(target=hold)
    process.start()
    while (owner := store(tmp_path).owner()) is None:
        time.sleep(0.005)
    assert owner.pid == process.pid
    process.kill()
    process.join()
    assert store(tmp_path).owner() is None
    with store(tmp_path).locked("r2"):
        pass


def test_looking_never_costs_somebody_the_lock(tmp_path: Path) -> None:
    over = Event()

    def look() -> None:
        while not over.is_set():
            store(tmp_path).owner()

    thread = Thread(target=look)
    thread.start()
    try:
        for _ in range(50):
            with store(tmp_path).locked("r1"):
                pass
    finally:
        over.set()
        thread.join()


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(StoreError) as caught, store(tmp_path).locked("r1"):
        pass
    assert str(caught.value).startswith(f"{tmp_path / 'lock'}: cannot be opened (")
    assert str(caught.value).endswith("; the lock on rollouts is a file that you may write; correct that")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (CI, "github acme/shop run 7.1 by ann"),
        ({"GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_REPOSITORY": "a/b"}, "github a/b run 7.2"),
        ({"CI_PIPELINE_ID": "9", "CI_PROJECT_PATH": "acme/shop"}, "gitlab acme/shop pipeline 9"),
        ({"CODEBUILD_BUILD_ID": "rollout:1"}, "codebuild rollout:1"),
    ],
)
def test_ci_is_named_by_its_run(environment: dict[str, str], expected: str) -> None:
    assert identity({**environment, "AWS_SECRET_ACCESS_KEY": "secret"}) == expected


def test_a_person_is_named_by_user_and_host() -> None:
    user, _, machine = identity({}).rpartition("@")
    assert (bool(user), machine) == (True, host())
