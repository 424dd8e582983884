from __future__ import annotations

from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from tests.modules.function.packaging.samples import Build, write_files


@pytest.mark.parametrize(
    "text",
    [
        "def run(event, context): ...",
        "run = make(app)",
        "run: object = make(app)",
        "from other import run",
        "from other import main as run",
        "if fast:\n    def run(e, c): ...\nelse:\n    run = None",
        "try:\n    import native\nexcept ImportError:\n    run = slow",
        "with quiet():\n    from other import run",
        'x = "\\d"\ndef run(e, c): ...',
    ],
)
def test_the_function_may_be_bound_in_any_way_a_module_binds(source: Path, build: Build, text: str) -> None:
    write_files(source, {"main.py": text.encode()})
    assert "main.py" in build(source, handler="main.run").files


@pytest.mark.parametrize("handler", ["api.http.run", "api/http.run", "api.run"])
def test_the_module_may_lie_in_a_package(source: Path, build: Build, handler: str) -> None:
    write_files(source, {"api/__init__.py": b"def run(e, c): ...", "api/http.py": b"def run(e, c): ..."})
    assert "api/http.py" in build(source, handler=handler).files


def test_nothing_is_imported(source: Path, build: Build, tmp_path: Path) -> None:
    trace = tmp_path / "imported"
    write_files(source, {"main.py": f"open({str(trace)!r}, 'w')\ndef run(e, c): ...".encode()})
    build(source, handler="main.run")
    assert not trace.exists()


@pytest.mark.parametrize("handler", ["handler", "handler.", "a b.c", ".handler", "handler.2nd", "../x.run"])
def test_another_form_is_refused(source: Path, build: Build, handler: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build(source, handler=handler)
    assert str(caught.value) == (
        f'package "shop": handler is "{handler}"; it has the form module.function; '
        'write, for example, "handler.handler"'
    )


def test_a_missing_module_is_refused(source: Path, build: Build) -> None:
    with pytest.raises(ConfigError) as caught:
        build(source, handler="orders.api.handler")
    assert str(caught.value) == (
        'package "shop": handler is "orders.api.handler", and the source has no orders/api.py; '
        "the handler's module is a file of the source that is not excluded; add the file, or correct handler"
    )


def test_an_excluded_module_is_refused(source: Path, build: Build) -> None:
    with pytest.raises(ConfigError, match=r"the source has no handler\.py"):
        build(source, exclude=("handler.py",))


@pytest.mark.parametrize("text", ["def other(): ...", "class A:\n    def run(self): ...", "run: object", "run.x = 1"])
def test_a_missing_function_is_refused(source: Path, build: Build, text: str) -> None:
    write_files(source, {"main.py": text.encode()})
    with pytest.raises(ConfigError) as caught:
        build(source, handler="main.run")
    assert str(caught.value) == (
        'package "shop": handler is "main.run", and main.py does not define run; '
        "the handler is a function at the top level of its module; define it, or correct handler"
    )


def test_a_coroutine_is_refused(source: Path, build: Build) -> None:
    write_files(source, {"main.py": b"async def run(event, context): ..."})
    with pytest.raises(ConfigError) as caught:
        build(source, handler="main.run")
    assert str(caught.value) == (
        'package "shop": handler is "main.run", a coroutine; Lambda calls the handler without awaiting it; '
        "define it with def, and call asyncio.run inside"
    )


def test_broken_syntax_is_refused_where_this_python_can_judge(source: Path, build: Build) -> None:
    write_files(source, {"main.py": b"x = 1\ndef run(:\n"})
    with pytest.raises(ConfigError) as caught:
        build(source, handler="main.run", runtime="python3.11")
    assert str(caught.value) == (
        'package "shop": main.py, line 2 cannot be parsed (invalid syntax); '
        "the handler's module is valid for Python 3.11; correct the syntax, or choose a newer runtime"
    )


def test_syntax_newer_than_the_runtime_is_refused(source: Path, build: Build) -> None:
    write_files(source, {"main.py": b"def run(event, context):\n    match event:\n        case _: ...\n"})
    assert "main.py" in build(source, handler="main.run", runtime="python3.10").files
    with pytest.raises(ConfigError, match=r"valid for Python 3\.9"):
        build(source, handler="main.run", runtime="python3.9")


def test_syntax_newer_than_this_python_is_left_to_the_runtime(source: Path, build: Build) -> None:
    write_files(source, {"main.py": b"type Number = int\ndef run(event, context): ...\n"})
    assert "main.py" in build(source, handler="main.run", runtime="python3.13").files
    with pytest.raises(ConfigError, match=r"main\.py does not define other"):
        build(source, handler="main.other", runtime="python3.13")


def test_a_handler_that_a_layer_brings_is_not_looked_for(source: Path, build: Build) -> None:
    assert build(source, handler=None).files == build(source).files
