"""What is judged, found in files and folders and read: plans (`terraform show -json`) and synthesized stacks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.plan import Plan, read_plan
from analysis.plan import read_synthesized as read_synthesized_plan
from modules.core.errors import PolicyError
from policies.exceptions import Framework
from policies.finding import Place
from policies.places import read_places
from policies.scanned import ScannedInput, read_synthesized
from policies.scanned import read_plan as read_scanned_plan
from policies.skips import SKIP_KEYS, Skip, read_skips

_SUFFIX = ".tf.json"
_MANIFEST = "manifest.json"
_PLAN_NAMES = "*plan*.json"


@dataclass(frozen=True)
class CheckInput:
    """One thing that is judged.

    Attributes:
        target: name of the target, or of the file where there is none.
        framework: what it is.
        plan: as our policies see it.
        scanned: as Checkov sees it.
        skips: checks that resources skip, by address without instance keys.
        places: where constructs or resources are written, by address without instance keys.
        account: account id; empty where it is not known.
        region: region of what the plan does not tell the region of; empty where it is not known.
        file: the judged file, or folder of files, below the current folder.
    """

    target: str
    framework: Framework
    plan: Plan = field(repr=False)
    scanned: ScannedInput = field(repr=False)
    skips: Mapping[str, tuple[Skip, ...]] = field(default_factory=dict, repr=False)
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    account: str = ""
    region: str = ""
    file: str = ""


@dataclass(frozen=True, order=True)
class InputFile:
    """Where an input is, before it is read.

    Attributes:
        target: name of the target, or of the file.
        framework: what it is.
        path: a plan, or the folder of a synthesized stack, or one of its files.
        stack: folder of the synthesized stack that skips and places are taken from; None without one.
    """

    target: str
    framework: Framework
    path: Path
    stack: Path | None = None


class _Places(Mapping[str, Place]):
    """Places of a stack, read when the first is asked for: most runs find nothing to place."""

    def __init__(self, stack: Path) -> None:
        self._stack = stack

    @cached_property
    def _read(self) -> Mapping[str, Place]:
        return read_places(self._stack)

    def __getitem__(self, address: str) -> Place:
        return self._read[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def find_inputs(paths: Iterable[Path], *, stacks: Iterable[Path] = ()) -> tuple[InputFile, ...]:
    """Plans and synthesized stacks at these paths, sorted; each once.

    A plan has the name of the stack that it lies beside, or that it is called after (`<stack>.json`, `<stack>/*.json`).

    Args:
        paths: plans, `*.tf.json` files, folders of stacks, and folders of these.
        stacks: folders of synthesized stacks that plans may belong to, beside those that are judged.

    Raises:
        PolicyError: with a sentence for every path that is missing or holds nothing to judge.
    """
    found, problems = list[InputFile](), list[str]()
    for path in paths:
        if not path.exists():
            problems.append(
                f"{path} does not exist; a plan, a synthesized stack or a folder of them is judged; name one"
            )
            continue
        below = list(_below(path)) if path.is_dir() else [_single(path)]
        if not below:
            problems.append(
                f"{path} holds neither a plan nor a synthesized stack, and a run over nothing proves nothing; write a "
                "plan into it with `terraform show -json`, or synthesize first"
            )
        found += below
    if problems:
        raise PolicyError("\n".join(problems))
    known = {entry.target: entry.stack for entry in found if entry.stack is not None}
    known |= {folder.name: folder for folder in stacks}
    return tuple(sorted({_named(entry, known) for entry in found}))


def read_input(entry: InputFile) -> CheckInput:
    """Read one input.

    Raises:
        PolicyError: it cannot be read, holds no resource, or a skip in it has no reason.
        PlanInputError: it is no plan.
    """
    if entry.framework is Framework.TERRAFORM_PLAN:
        plan, scanned = read_plan(entry.path), read_scanned_plan(entry.path)
    else:
        scanned = read_synthesized(entry.path)  # first: it tells in a sentence why a file cannot be read
        plan = read_synthesized_plan(entry.path)
    account, region = _provider(plan)
    return CheckInput(
        target=entry.target,
        framework=entry.framework,
        plan=plan,
        scanned=scanned,
        skips={} if entry.stack is None else _skips(entry.stack),
        places={} if entry.stack is None else _Places(entry.stack),
        account=account,
        region=region,
        file=_shown(entry.path),
    )


def _shown(path: Path) -> str:
    """The path below the current folder, as it is told to people and to other programs."""
    absolute, here = path.resolve(), Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def _single(path: Path) -> InputFile:
    if path.name.endswith(_SUFFIX):
        return InputFile(path.resolve().parent.name, Framework.TERRAFORM_JSON, path.parent, path.parent)
    return InputFile(_shown(path), Framework.TERRAFORM_PLAN, path, _beside(path))


def _below(folder: Path) -> Iterator[InputFile]:
    if any(folder.glob(f"*{_SUFFIX}")):
        yield InputFile(folder.resolve().name, Framework.TERRAFORM_JSON, folder, folder)
        plans = [file for file in folder.glob(_PLAN_NAMES) if not file.name.endswith(_SUFFIX)]
        yield from map(_single, sorted(plans))
        return  # what lies below a stack is code of its functions and Terraform's own
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name == _MANIFEST:
            continue
        if entry.is_dir():
            yield from _below(entry)
        elif entry.suffix == ".json":
            yield _single(entry)


def _beside(plan: Path) -> Path | None:
    return plan.parent if any(plan.parent.glob(f"*{_SUFFIX}")) else None


def _named(entry: InputFile, known: Mapping[str, Path]) -> InputFile:
    if entry.framework is not Framework.TERRAFORM_PLAN:
        return entry
    if entry.stack is not None:
        return InputFile(entry.stack.resolve().name, entry.framework, entry.path, entry.stack)
    for name in (entry.path.stem, entry.path.resolve().parent.name):
        if name in known:
            return InputFile(name, entry.framework, entry.path, known[name])
    return entry


def _skips(stack: Path) -> dict[str, tuple[Skip, ...]]:
    found: dict[str, tuple[Skip, ...]] = {}
    for file in sorted(stack.glob(f"*{_SUFFIX}")):
        place = f"{stack.name}/{file.name}"
        try:
            text = file.read_text(encoding="utf-8")
            document = json.loads(text) if any(f'"{key}"' in text for key in SKIP_KEYS) else {}
        except (OSError, ValueError) as error:
            raise PolicyError(
                f"{place}: cannot be read ({error}); skips are written in it; synthesize it again"
            ) from error
        for address, skips in read_skips(document if isinstance(document, dict) else {}, place).items():
            found[address] = (*found.get(address, ()), *skips)
    return found


def _provider(plan: Plan) -> tuple[str, str]:
    """Account and region of the provider without an alias, where the configuration tells exactly one."""
    configuration: Mapping[str, Any] = plan.document.get("configuration") or {}
    expressions = ((configuration.get("provider_config") or {}).get("aws") or {}).get("expressions") or {}
    accounts = (expressions.get("allowed_account_ids") or {}).get("constant_value")
    region = (expressions.get("region") or {}).get("constant_value")
    account = accounts[0] if isinstance(accounts, list) and len(accounts) == 1 else ""
    return str(account) if "${" not in str(account) else "", region if isinstance(region, str) else ""
