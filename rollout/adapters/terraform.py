"""Terraform in one working folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag
from types import TracebackType
from typing import Any, Self

from modules.core.errors import TargetError
from rollout.adapters.process import Finished, run
from rollout.adapters.provider_mirror import ProviderSource, find_provider_source
from rollout.adapters.terraform_binary import TerraformBinary, find_terraform
from rollout.adapters.terraform_diagnostics import Diagnostic, diagnostics_in_text, failure
from rollout.adapters.terraform_events import Event, read_line
from rollout.adapters.terraform_output import not_begun, parsed, require_own_end
from rollout.adapters.terraform_plan import Plan

_ALWAYS = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
# What would make a run differ from the reviewed one without standing in any file. A provider process shared
# by TF_REATTACH_PROVIDERS keeps the credentials of whichever target configured it last.
_NEVER = ("TF_REATTACH_PROVIDERS", "TF_DATA_DIR", "TF_WORKSPACE", "TF_CLI_ARGS")
_PLAN = ("-json", "-input=false")
_DIFFERS = 2
"""Exit code of `terraform plan -detailed-exitcode` when the plan would change something."""


class Terraform:
    """Terraform in one working folder, to be used in a `with` statement.

    Every command is a process group of its own and leaves nothing behind. State and provider data stay in
    the folder; the CLI configuration and plans without a name live in a temporary folder that the end of the
    `with` statement removes.

    Attributes:
        folder: the working folder, such as `cdktf.out/stacks/orders`.
        warnings: every warning Terraform has given so far.
    """

    def __init__(
        self,
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        on_event: Callable[[Event], None] | None = None,
        timeout_seconds: float = 3600.0,
        grace_seconds: float = 60.0,
        lock_timeout_seconds: int = 0,
        interrupt: Flag | None = None,
        scratch: Path | None = None,
        inherited: Sequence[int] = (),
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            folder: holds the configuration, such as `cdk.tf.json`.
            environment: the whole environment Terraform runs in; by default this process's.
            on_event: told about every step of every resource while a plan or apply runs.
            timeout_seconds: how long one command may take.
            grace_seconds: how long a command that has to stop may take to stop by itself.
            lock_timeout_seconds: how long to wait for a state lock that another run holds.
            interrupt: once set, the running command is asked to stop, and no further one starts.
            scratch: folder that the temporary folder is made in; the system's by default.
            inherited: open files that every command keeps open, such as a lock on the folder.
        """
        self.folder = folder.absolute()
        self.warnings: list[Diagnostic] = []
        self._given = dict(os.environ if environment is None else environment)
        self._on_event = on_event
        self._timeout_seconds = timeout_seconds
        self._grace_seconds = grace_seconds
        self._lock = (f"-lock-timeout={lock_timeout_seconds}s",) if lock_timeout_seconds else ()
        self._interrupt = interrupt or Flag()
        self._scratch_parent = scratch
        self._inherited = tuple(inherited)
        self._scratch: TemporaryDirectory[str] | None = None
        self._plans = 0
        self._binary: TerraformBinary
        self._source: ProviderSource
        self._environment: dict[str, str]

    def __enter__(self) -> Self:
        if not self.folder.is_dir():
            raise TargetError(f'"{self.folder.name}" is no folder; synthesize the stack first')
        self._binary = find_terraform(self._given)
        self._source = find_provider_source(self._given, self._binary)
        self._scratch = TemporaryDirectory(prefix="lambdanet-terraform-", dir=self._scratch_parent)
        kept = {key: value for key, value in self._given.items() if not key.startswith(_NEVER)}
        self._environment = self._source.environment(kept, Path(self._scratch.name)) | _ALWAYS
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    @property
    def binary(self) -> TerraformBinary:
        """The Terraform that runs."""
        return self._binary

    @property
    def provider_source(self) -> ProviderSource:
        """Where its providers come from."""
        return self._source

    def init(self, *, backend_config: Mapping[str, str] | None = None, lockfile_is_readonly: bool = False) -> None:
        """Prepare the folder: backend, providers, lock file.

        Args:
            backend_config: settings of the backend beside those in the configuration, such as `use_path_style`.
            lockfile_is_readonly: whether to refuse providers that the lock file does not name.
        """
        given = tuple(f"-backend-config={name}={value}" for name, value in sorted((backend_config or {}).items()))
        readonly = ("-lockfile=readonly",) if lockfile_is_readonly else ()
        self._run("init", "-input=false", "-no-color", *given, *readonly)

    def validate(self) -> None:
        """Check the configuration against the providers' schemas; raises with every error."""
        finished, _ = self._execute("validate", "-json", "-no-color")
        self._ended_by_itself("validate", finished)
        result = self._parse("validate", finished) if finished.stdout.strip() else {}
        found = [Diagnostic.from_json(raw) for raw in result.get("diagnostics", ())]
        self._judge("validate", finished, found or diagnostics_in_text(finished.stderr))

    def plan(
        self, *, out: Path | None = None, destroy: bool = False, refresh_only: bool = False, lock: bool = True
    ) -> Plan:
        """Plan and read the plan back.

        Args:
            out: where the plan is saved; by default in the temporary folder.
            destroy: whether everything in the state is to be destroyed.
            refresh_only: whether to look only for what differs from the state.
            lock: whether to lock the state meanwhile; a role that only reads cannot.
        """
        path = self._next_plan() if out is None else out.absolute()
        modes = (("-destroy",) if destroy else ()) + (("-refresh-only",) if refresh_only else ())
        self._run("plan", *_PLAN, f"-out={path}", *(self._lock if lock else ("-lock=false",)), *modes)
        return self.show(path)

    def differences(self) -> Plan | None:
        """Plan, and read the plan back only if it would change anything; None when it would not, outputs included."""
        path = self._next_plan()
        finished, found = self._execute("plan", *_PLAN, "-detailed-exitcode", f"-out={path}", *self._lock)
        self._ended_by_itself("plan", finished)
        differs = finished.returncode == _DIFFERS
        self._judge("plan", replace(finished, returncode=0) if differs else finished, found)
        return self.show(path) if differs else None

    def schemas(self) -> str:
        """What the providers take, as JSON; the folder is initialized."""
        return self._run("providers", "schema", "-json").stdout

    def show(self, plan: Path) -> Plan:
        """Read a saved plan."""
        document = self._parse("show", self._run("show", "-json", "-no-color", str(plan.absolute())), "format_version")
        return Plan.from_json(plan.absolute(), document)

    def apply(self, plan: Plan) -> None:
        """Apply exactly this saved plan; Terraform refuses it when the state has changed since."""
        self._run("apply", "-json", "-input=false", *self._lock, str(plan.path))

    def destroy(self) -> None:
        """Destroy everything in the state."""
        self._run("apply", "-destroy", "-auto-approve", "-json", "-input=false", *self._lock)

    def push_state(self, file: Path) -> None:
        """Write a state from a file; Terraform refuses one that is older than the present, or of another lineage."""
        self._run("state", "push", *self._lock, str(file.absolute()))

    def unlock(self, lock_id: str) -> None:
        """Release the lock of the state, whoever holds it; Terraform refuses an id that is not the lock's."""
        self._run("force-unlock", "-force", "-no-color", lock_id)

    def outputs(self) -> dict[str, Any]:
        """The outputs in the state, by name; sensitive ones too."""
        document = self._parse("output", self._run("output", "-json", "-no-color"))
        return {name: output["value"] for name, output in document.items()}

    def state_addresses(self) -> tuple[str, ...]:
        """The addresses of everything in the state; empty when there is no state."""
        finished, found = self._execute("state", "list", "-no-color")
        self._ended_by_itself("state", finished)
        if finished.returncode and "No state file was found" in finished.stderr:
            return ()
        self._judge("state", finished, found)
        return tuple(line for line in finished.stdout.splitlines() if line)

    def version(self) -> str:
        """Terraform's version, such as `1.11.4`."""
        document = self._parse("version", self._run("version", "-json"), "terraform_version")
        return str(document["terraform_version"])

    def provider_versions(self) -> dict[str, str]:
        """Versions of the providers that `init` chose, by short name, such as `{"aws": "5.100.0"}`."""
        document = self._parse("version", self._run("version", "-json"))
        chosen = document.get("provider_selections") or {}
        return {str(source).rsplit("/", 1)[-1]: str(number) for source, number in sorted(chosen.items())}

    def interrupt(self) -> None:
        """Stop the running command, from another thread; it raises there, and no further command starts."""
        self._interrupt.set()

    def _next_plan(self) -> Path:
        self._plans += 1
        return Path(self._scratch_folder(), f"{self._plans}.tfplan")

    def _scratch_folder(self) -> str:
        if self._scratch is None:
            raise RuntimeError("Terraform runs only inside its `with` statement")
        return self._scratch.name

    def _run(self, *arguments: str) -> Finished:
        finished, found = self._execute(*arguments)
        self._ended_by_itself(arguments[0], finished)
        self._judge(arguments[0], finished, found)
        return finished

    def _execute(self, *arguments: str) -> tuple[Finished, list[Diagnostic]]:
        self._scratch_folder()
        if self._interrupt.is_set():
            raise not_begun(arguments[0], self.folder.name)
        found: list[Diagnostic] = []

        def on_line(line: str) -> None:
            read = read_line(line)
            if isinstance(read, Diagnostic):
                found.append(read)
            elif read is not None and self._on_event is not None:
                self._on_event(read)

        streams = arguments[0] in {"plan", "apply"}
        finished = run(
            (*self._binary.command, *arguments),
            folder=self.folder,
            environment=self._environment,
            timeout_seconds=self._timeout_seconds,
            grace_seconds=self._grace_seconds,
            on_line=on_line if streams else None,
            interrupt=self._interrupt,
            inherited=self._inherited,
        )
        # Without -json, errors are on stderr and warnings on stdout; with it, early errors are on stderr.
        text = finished.stderr if "-json" in arguments else f"{finished.stdout}\n{finished.stderr}"
        told = diagnostics_in_text(text)
        found.extend(item for item in told if finished.returncode or item.severity == "warning")
        return finished, found

    def _ended_by_itself(self, command: str, finished: Finished) -> None:
        require_own_end(
            command,
            finished,
            folder=self.folder.name,
            timeout_seconds=self._timeout_seconds,
            grace_seconds=self._grace_seconds,
        )

    def _judge(self, command: str, finished: Finished, found: list[Diagnostic]) -> None:
        """Keep the warnings; raise when the command failed."""
        self.warnings.extend(item for item in found if item.severity == "warning")
        if finished.returncode == 0 and all(item.severity != "error" for item in found):
            return
        raise failure(
            command=command,
            folder=self.folder.name,
            returncode=finished.returncode,
            diagnostics=found,
            output=finished.stdout + finished.stderr,
            provider_source=self._source.sentence,
        )

    def _parse(self, command: str, finished: Finished, wanted: str = "") -> dict[str, Any]:
        return parsed(command, finished.stdout, folder=self.folder.name, binary=self._binary, wanted=wanted)
