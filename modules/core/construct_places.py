"""Where constructs are written: file and line of each resource, kept beside what is synthesized.

For every construct that is created, the first line on the way to it that is neither a module's nor a package's is
noted, such as `stacks/orders_api.py`, line 42. After synthesis `stacks/<name>/places.json` holds that line of each
resource by its address; `cdk.tf.json` itself stays as the engine writes it. Paths are those below the folder that the
program runs in; what lies elsewhere is not noted.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

PLACES_FILE = "places.json"
"""Name of the file beside `cdk.tf.json`."""

_NOTE = "_lambdanet_place"
_FOREIGN = (Path(__file__).parents[1], Path(os.__file__).parent)
"""Modules of this suite, and the standard library."""

_PACKAGES = frozenset({"site-packages", "dist-packages"})
_Places = dict[str, tuple[str, int]]


def note_places(jsii: Any, app: Any) -> None:
    """Note constructs from now on, and write their places whenever an app is synthesized.

    Args:
        jsii: the package, whose `create` every construct goes through.
        app: the engine's class of apps.
    """
    create, synth = jsii.create, app.synth
    files = _Files(Path.cwd())

    def create_and_note(klass: Any, obj: Any, args: Any = None) -> Any:
        created = create(klass, obj, args or [])
        if isinstance(obj, app):
            _app_places(obj)
        elif args and len(args) > 1 and isinstance(args[1], str):
            _note(obj, args[0], args[1], files, app)
        return created

    @functools.wraps(synth)
    def synth_and_write(self: Any) -> None:
        synth(self)
        _write(Path(self.outdir), _app_places(self))

    jsii.create = create_and_note
    app.synth = synth_and_write


class _Files:
    """Paths of source files below the project's folder."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._known = dict[str, str]()

    def path(self, name: str) -> str:
        """The path below the project's folder; empty for what is no source of the project."""
        if name not in self._known:
            self._known[name] = self._below(Path(os.path.normpath(self._project / name)))
        return self._known[name]

    def _below(self, file: Path) -> str:
        is_foreign = _PACKAGES.intersection(file.parts) or any(map(file.is_relative_to, _FOREIGN))
        is_source = file.suffix == ".py" and not is_foreign and file.is_relative_to(self._project)
        return file.relative_to(self._project).as_posix() if is_source else ""


def _app_places(app: Any) -> _Places:
    if _NOTE not in vars(app):
        vars(app)[_NOTE] = ("", {})
    places: _Places = vars(app)[_NOTE][1]
    return places


def _note(obj: Any, scope: Any, name: str, files: _Files, app: Any) -> None:
    """Note a construct below one that is noted; what the engine made by itself is not."""
    if isinstance(scope, app):
        _app_places(scope)
    above = getattr(scope, "__dict__", {}).get(_NOTE)
    if above is None:
        return
    path = f"{above[0]}/{name}".removeprefix("/")
    vars(obj)[_NOTE] = (path, above[1])
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001  # inspect.stack() reads every source file
    while frame is not None:
        if file := files.path(frame.f_code.co_filename):
            above[1][path] = (file, frame.f_lineno)
            return
        frame = frame.f_back


def _write(output: Path, places: _Places) -> None:
    manifest = json.loads((output / "manifest.json").read_bytes())
    for stack in manifest["stacks"].values():
        synthesized = output / stack["synthesizedStackPath"]
        if synthesized.suffix != ".json":  # of HCL, which the engine writes on request
            continue
        found = {
            address: {"file": places[path][0], "line": places[path][1]}
            for address, path in sorted(_construct_paths(json.loads(synthesized.read_bytes())))
            if path in places
        }
        text = ",\n".join(f"{json.dumps(address)}: {json.dumps(place)}" for address, place in found.items())
        synthesized.with_name(PLACES_FILE).write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def _construct_paths(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Addresses with the paths of their constructs, as the engine writes them into each resource."""
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, named in document.get(section, {}).items():
            for name, body in named.items():
                path = body.get("//", {}).get("metadata", {}).get("path")
                if path:
                    yield f"{prefix}{kind}.{name}", path
