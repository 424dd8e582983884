"""Folders that units work in, each of its own: a root, initialized, with nothing left behind."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import Any

from rollout.adapters import root as roots
from rollout.adapters.provider_mirror import find_provider_source
from rollout.adapters.roles import Purpose, Roles
from rollout.adapters.terraform import Terraform
from rollout.adapters.terraform_binary import find_terraform
from rollout.adapters.terraform_events import Event
from rollout.domain.errors import StoreError
from rollout.domain.model import RunTarget

_GRACE_SECONDS = 600.0
"""For a Terraform that was told to stop: killed, it could not write what it has done into the state."""

ERRORED_STATE = "errored.tfstate"
"""Where Terraform leaves a state that it could not write (Terraform CLI)."""

_LOCK = "held"
_CACHE = "TF_PLUGIN_CACHE_DIR"
_SYNTHESIZED = Path("cdktf.out", "stacks")


@dataclass(frozen=True)
class Workspace:
    """A target's root, initialized.

    Attributes:
        terraform: in the root's folder.
        folder: beside the root, for plans; removed at the end.
        environment: Terraform's.
    """

    terraform: Terraform
    folder: Path
    environment: Mapping[str, str]

    @property
    def kept_state(self) -> Path:
        """A state that Terraform could not write, from an apply before."""
        return _kept(self.folder.parent, self.terraform.folder.name)

    def packed_root(self) -> bytes:
        """The root as it is now, its lock file included."""
        return roots.pack(self.terraform.folder)


class Workspaces:
    """Makes workspaces. May be used by several threads and processes.

    A workspace is held by a lock that its Terraform keeps too: one whose process was killed stays as long as Terraform
    ends what it was doing, and is removed by whichever begins or ends after that.

    Args:
        folder: workspaces are made below it; readable by the user only.
        roles: credentials.
        project: folder that relative paths of local states are seen from, as `cdktf.out/stacks/<target>` is in it.
        timeout_seconds: how long one Terraform command may take.
        lock_wait_seconds: how long a state lock that another run holds is waited for.
        on_event: told the target's name and each step of each resource.
    """

    def __init__(
        self,
        folder: Path,
        roles: Roles,
        *,
        project: Path,
        timeout_seconds: float,
        lock_wait_seconds: float,
        on_event: Callable[[str, Event], None] | None = None,
    ) -> None:
        self._folder = folder.absolute()
        self._roles = roles
        self._project = project.absolute()
        self._timeout_seconds = timeout_seconds
        self._lock_wait_seconds = lock_wait_seconds
        self._on_event = on_event
        self._lock_files: dict[tuple[str, bytes | None], bytes] = {}
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def opened(
        self, target: RunTarget, root: bytes, purpose: Purpose, *, interrupt: Flag, is_reviewed: bool = False
    ) -> Iterator[Workspace]:
        """A workspace with a packed root.

        Args:
            target: the target.
            root: its packed root.
            purpose: which role works in it.
            interrupt: once set, Terraform is asked to stop.
            is_reviewed: whether the root is to be taken exactly as it is: no provider but those of its lock file.

        Raises:
            StoreError: the root cannot be unpacked.
            RoleError: the role cannot be assumed.
            PlanError: Terraform cannot initialize it.
        """
        with _held_folder(self._folder, target.name) as (folder, lock):
            unpacked = folder / target.name
            roots.unpack(root, unpacked)
            backend = self._backend(unpacked, target)
            environment = dict(self._roles.environment(target, purpose, folder=folder))
            if "s3" in backend and _has_endpoint(environment):
                backend["s3"]["use_path_style"] = "true"
            self._share_providers(environment)
            with Terraform(
                unpacked,
                environment=environment,
                on_event=self._listener(target.name),
                timeout_seconds=self._timeout_seconds,
                grace_seconds=_GRACE_SECONDS,
                lock_timeout_seconds=int(self._lock_wait_seconds),
                interrupt=interrupt,
                scratch=folder,
                inherited=(lock,),
            ) as terraform:
                self._initialize(terraform, next(iter(backend.values()), {}), is_reviewed=is_reviewed)
                yield Workspace(terraform, folder, environment)

    def _listener(self, target: str) -> Callable[[Event], None] | None:
        told = self._on_event
        return None if told is None else lambda event: told(target, event)

    def _backend(self, folder: Path, target: RunTarget) -> dict[str, dict[str, str]]:
        """The backend, and what it is told beside its configuration: where a relative path of a state begins."""
        terraform = _read(folder).get("terraform") or {}
        backends = terraform.get("backend") or {}
        if "local" not in backends:
            return {name: {} for name in backends}
        path = Path((backends["local"] or {}).get("path") or "terraform.tfstate")
        absolute = os.path.normpath(self._project / _SYNTHESIZED / target.name / path)
        return {"local": {"path": absolute}}

    def _share_providers(self, environment: dict[str, str]) -> None:
        """Without a mirror, a provider is downloaded once and not for each target."""
        if _CACHE in environment:
            return
        source = find_provider_source(environment, find_terraform(environment))
        if source.mirror is None and source.cli_config is None:
            cache = self._folder / "providers"
            cache.mkdir(parents=True, exist_ok=True)
            environment[_CACHE] = str(cache)

    def _initialize(self, terraform: Terraform, backend: Mapping[str, str], *, is_reviewed: bool) -> None:
        """Initialize; roots that ask for the same providers get the same lock file, which the first one makes.

        Terraform may fill its cache of providers by one command at a time only (Terraform CLI, plugin cache), so that
        the first of those with the same providers goes alone.
        """
        file = terraform.folder / roots.LOCK_FILE
        wanted = json.dumps((_read(terraform.folder).get("terraform") or {}).get("required_providers"), sort_keys=True)
        given = file.read_bytes() if file.exists() else None
        is_readonly = is_reviewed and given is not None
        with self._one_at_a_time:
            if (wanted, given) not in self._lock_files:
                with _alone(self._folder):
                    terraform.init(backend_config=backend, lockfile_is_readonly=is_readonly)
                self._lock_files[wanted, given] = file.read_bytes() if file.exists() else b""
                return
        if given is None and not is_reviewed and self._lock_files[wanted, given]:
            file.write_bytes(self._lock_files[wanted, given])
        terraform.init(backend_config=backend, lockfile_is_readonly=is_readonly)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Alone among the processes of this machine that work in the same folder."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _read(folder: Path) -> dict[str, Any]:
    file = folder / roots.CONFIGURATION
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{folder.name}: {roots.CONFIGURATION} cannot be read ({error}); a synthesized stack holds it; plan anew"
        ) from error
    return content if isinstance(content, dict) else {}


def _has_endpoint(environment: Mapping[str, str]) -> bool:
    """Whether S3 is another than AWS's, which knows no host names of buckets."""
    return bool(environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL"))


@contextmanager
def _held_folder(parent: Path, name: str) -> Iterator[tuple[Path, int]]:
    """A new folder, and the open file whose lock says that it is in use."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_left_behind(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
    try:
        new = folder / f"{_LOCK}.new"
        with new.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            new.rename(folder / _LOCK)  # found by its name only once it is locked
            yield folder, lock.fileno()
    finally:
        _remove(folder)
        _remove_left_behind(parent)  # what held the state's lock meanwhile has ended


def _remove_left_behind(parent: Path) -> None:
    """Remove folders that nobody holds: whoever made them was killed."""
    for file in parent.glob(f"*/{_LOCK}"):
        with suppress(OSError), file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(file.parent)


def _remove(folder: Path) -> None:
    """Remove a folder, but for a state that is nowhere else."""
    for file in folder.glob(f"*/{ERRORED_STATE}"):
        with suppress(FileNotFoundError):  # another process is faster
            file.chmod(0o600)
            file.replace(_kept(folder.parent, file.parent.name))
    shutil.rmtree(folder, ignore_errors=True)


def _kept(parent: Path, target: str) -> Path:
    return parent / f"{target}.{ERRORED_STATE}"
