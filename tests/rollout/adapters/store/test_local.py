"""Runs in a folder."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.adapters.store import open_store
from rollout.adapters.store.local import LocalStore
from rollout.domain.errors import StoreError
from rollout.domain.ports import Part, RunStore
from rollout.domain.settings import LocalStoreSettings
from tests.rollout.adapters.store.sample_runs import OTHER, RUN_ID, TARGET, run

SECRET = b"password: hunter2"
NOT_PLANNED = (
    "is not what was planned; only files that `lambdanet rollout plan` wrote and nobody changed are applied; plan the "
    "target again"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".rollout"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


@pytest.fixture
def store(folder: Path, environment: dict[str, str]) -> RunStore:
    return open_store(LocalStoreSettings(folder=str(folder)), environment=environment)


def modes(folder: Path) -> Iterator[tuple[str, int]]:
    for path in (folder, *sorted(folder.rglob("*"))):
        yield "folder" if path.is_dir() else "file", path.stat().st_mode & 0o777


def test_a_run_is_read_as_it_was_created(store: RunStore) -> None:
    assert store.run_ids() == ()
    store.create(run())
    store.create(run("20261121-080000-ffffff"))
    assert store.run_ids() == ("20261121-080000-ffffff", RUN_ID)
    assert store.read(RUN_ID) == store.read("latest") == run()


def test_what_is_not_there_is_refused(store: RunStore, folder: Path) -> None:
    with pytest.raises(StoreError) as caught:
        store.read("latest")
    assert str(caught.value) == f"{folder}: there is no run yet; plan one with `lambdanet rollout plan`"
    store.create(run())
    for read in (store.read, store.journal):
        with pytest.raises(StoreError) as caught:
            read("other")
        assert str(caught.value) == (
            f"run other: is not in {folder}; `lambdanet rollout runs` lists what is; name one of them"
        )
    with pytest.raises(StoreError) as caught:
        store.get(RUN_ID, TARGET, Part.PLAN)
    assert str(caught.value) == (
        f"run {RUN_ID} {TARGET} plan.tfplan: is missing; a target is applied from its plan; plan it again"
    )
    with pytest.raises(StoreError) as caught:
        store.get(RUN_ID, TARGET, Part.ROOT)
    assert str(caught.value) == (
        f"run {RUN_ID} {TARGET} root.tar.gz: is missing; a target is planned from it, and it is kept first; plan a "
        f"new run"
    )


def test_a_run_is_never_replaced(store: RunStore, folder: Path) -> None:
    store.create(run())
    with pytest.raises(StoreError) as caught:
        store.create(dataclasses.replace(run(), revision="another"))
    assert str(caught.value) == f"run {RUN_ID}: exists in {folder} already; a run is never replaced; plan again"
    assert store.read(RUN_ID) == run()


@pytest.mark.parametrize("name", ["../other", "", ".", "a/b", "-x", "a" * 129])
def test_names_never_leave_the_folder(store: RunStore, name: str) -> None:
    sentence = (
        "it takes 1 to 128 letters, digits and characters of ._-, a letter or digit first; `lambdanet rollout runs` "
        "lists the runs"
    )
    for what, use in (("run", lambda: store.read(name)), ("target", lambda: store.get(RUN_ID, name, Part.ROOT))):
        with pytest.raises(StoreError) as caught:
            use()
        assert str(caught.value) == f'{what} "{name}": this is no name of a {what}; {sentence}'


def test_plans_are_encrypted_and_only_their_owner_s(store: RunStore, folder: Path, environment: dict[str, str]) -> None:
    store.create(run())
    store.put(RUN_ID, TARGET, Part.PLAN, b"before")
    store.put(RUN_ID, TARGET, Part.PLAN, SECRET)
    store.put(RUN_ID, OTHER, Part.ROOT, b"")
    assert store.get(RUN_ID, TARGET, Part.PLAN) == SECRET
    assert store.get(RUN_ID, OTHER, Part.ROOT) == b""
    store.journal(RUN_ID).append(())
    with store.locked(RUN_ID):
        pass
    assert not any(SECRET in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert {mode for kind, mode in modes(folder) if kind == "folder"} == {0o700}
    assert {mode for kind, mode in modes(folder) if kind == "file"} == {0o600}
    assert (folder / ".gitignore").read_text() == "*\n"
    key = Path(environment["HOME"], ".config", "lambdanet", "plan.key")
    assert len(base64.b64decode(key.read_bytes())) == 32
    assert key.stat().st_mode & 0o777 == 0o600
    another = open_store(LocalStoreSettings(folder=str(folder)), environment=environment)
    assert another.get(RUN_ID, TARGET, Part.PLAN) == SECRET


def test_a_file_stands_in_for_no_other(store: RunStore, folder: Path) -> None:
    other_run = "20261121-100000-a1b2c3"
    for each in (RUN_ID, other_run):
        store.create(run(each))
        for target in (TARGET, OTHER):
            for part in (Part.PLAN, Part.PLAN_JSON):
                store.put(each, target, part, SECRET)
    reviewed = folder / RUN_ID / "plans" / TARGET / Part.PLAN
    for elsewhere in ((RUN_ID, TARGET, Part.PLAN_JSON), (RUN_ID, OTHER, Part.PLAN), (other_run, TARGET, Part.PLAN)):
        reviewed.write_bytes((folder / elsewhere[0] / "plans" / elsewhere[1] / elsewhere[2]).read_bytes())
        with pytest.raises(StoreError) as caught:
            store.get(RUN_ID, TARGET, Part.PLAN)
        assert str(caught.value) == f"run {RUN_ID} {TARGET} plan.tfplan: {NOT_PLANNED}"


def test_a_file_changed_or_cut_at_any_byte_is_refused(store: RunStore, folder: Path) -> None:
    store.create(run())
    store.put(RUN_ID, TARGET, Part.PLAN, SECRET)
    path = folder / RUN_ID / "plans" / TARGET / Part.PLAN
    sealed = path.read_bytes()
    for at in range(len(sealed)):
        for content in (sealed[:at], sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]):
            path.write_bytes(content)
            with pytest.raises(StoreError, match=rf"^run {RUN_ID} {TARGET} plan\.tfplan: is "):
                store.get(RUN_ID, TARGET, Part.PLAN)


def test_a_changed_run_is_refused(store: RunStore, folder: Path) -> None:
    store.create(run())
    path = folder / RUN_ID / "run.json"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError) as caught:
        store.read(RUN_ID)
    assert str(caught.value) == f"{path}: is no JSON; it was changed; plan a new run"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, environment: dict[str, str]) -> None:
    blocking = tmp_path / "file"
    blocking.write_text("")
    store = open_store(LocalStoreSettings(folder=str(blocking / "runs")), environment=environment)
    with pytest.raises(StoreError) as caught:
        store.create(run())
    assert str(caught.value).startswith(f"{blocking / 'runs'}: cannot be read or written (")
    assert str(caught.value).endswith("; runs are kept there; correct that, or choose another folder in rollout.yaml")


def test_a_run_whose_planning_was_killed_before_it_was_written_is_none(store: RunStore, folder: Path) -> None:
    (folder / RUN_ID / "plans").mkdir(parents=True)
    assert store.run_ids() == ()
    store.create(run())
    assert store.run_ids() == (RUN_ID,)


def test_everybody_of_a_process_shares_a_journal(store: RunStore) -> None:
    store.create(run())
    assert isinstance(store, LocalStore)
    assert store.journal(RUN_ID) is store.journal(RUN_ID)
