"""What a build command makes, a few lines of text, layers, and what patterns take back."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.function.packaging import Package, build_layer, build_other_package, build_text_package
from modules.function.packaging import command as command_module
from tests.modules.function.packaging.samples import FILES, Build, make_wheel, write_files
from tests.modules.function.packaging.test_ready import elf, make

PYTHON = sys.executable


def made(tmp_path: Path, script: str, output: str, **other: Any) -> Package:
    source = write_files(tmp_path / "program", {"main.c": b"int main;"})
    preset: dict[str, Any] = {
        "handler": "bootstrap", "runtime": "provided.al2023", "architecture": "arm64",
        "command": (PYTHON, "-c", script), "command_output": Path(output), "output": tmp_path / "out" / "p.zip",
    }  # fmt: skip
    return build_other_package(source, **{**preset, **other})


def refusal(tmp_path: Path, script: str, output: str, **other: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        made(tmp_path, script, output, **other)
    return str(caught.value)


def test_a_program_that_a_command_makes_is_packaged_to_be_run(tmp_path: Path) -> None:
    script = f"import pathlib; pathlib.Path('bootstrap').write_bytes({elf(183)!r})"
    package = made(tmp_path, script, "bootstrap")
    with zipfile.ZipFile(package.path) as archive:
        (entry,) = archive.infolist()
    assert (entry.filename, entry.external_attr >> 16 & 0o777) == ("bootstrap", 0o755)


def test_a_folder_that_a_command_makes_is_packaged_without_what_is_excluded(tmp_path: Path) -> None:
    script = "import pathlib; p = pathlib.Path('out'); p.mkdir(); [(p / n).touch() for n in ('a', 'b.map')]"
    assert made(tmp_path, script, "out", exclude=("*.map",)).files == ("a",)


def test_an_archive_that_a_command_makes_is_taken_as_it_is(tmp_path: Path) -> None:
    script = "import shutil; shutil.copyfile('../made.jar', 'app.jar')"
    make(tmp_path / "made.jar", {"App.class": b"x"})
    package = made(tmp_path, script, "app.jar", runtime="java21", handler="App::handle")
    assert package.path == tmp_path / "program" / "app.jar"


def test_a_program_for_the_other_processor_is_refused(tmp_path: Path) -> None:
    script = f"import pathlib; pathlib.Path('bootstrap').write_bytes({elf(62)!r})"
    assert refusal(tmp_path, script, "bootstrap") == (
        'package "program": bootstrap is compiled for x86_64; the function\'s architecture is arm64; build for arm64, '
        "or set architecture to x86_64"
    )


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = (PYTHON, "-c", "import sys; sys.exit('no compiler')")
    assert refusal(tmp_path, "", "out", command=command) == (
        f"package \"program\": build_command is `{PYTHON} -c 'import sys; sys.exit('\"'\"'no compiler'\"'\"')'`, which "
        "ended with 1; a build that succeeds ends with 0; correct it; it said: \n  no compiler"
    )


def test_a_command_that_makes_nothing_or_elsewhere_or_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(tmp_path, "", "out", command=(PYTHON, "-V")) == (
        f'package "program": build_output is "out", which `{PYTHON} -V` did not make; it is the file or folder that '
        "the command makes; correct build_output, or the command"
    )
    assert refusal(tmp_path, "", "../out") == (
        'package "program": build_output is "../out"; it lies below the source folder; let the command write there'
    )
    assert refusal(tmp_path, "", "out", command=("no-such-program",)) == (
        'package "program": build_command is `no-such-program`, which cannot be run (No such file or directory); its '
        "first word is a program; install it, or correct the command"
    )
    monkeypatch.setattr(command_module, "TIMEOUT_SECONDS", 0.1)
    assert refusal(tmp_path, "", "out", command=("sleep", "9")) == (
        'package "program": build_command is `sleep 9`, which ran for 0.1 seconds; a build at synth takes no longer; '
        "build before, and package the result"
    )


def test_a_command_prepares_a_python_source(source: Path, build: Build) -> None:
    script = "import pathlib; pathlib.Path('made.py').write_text('x = 1')"
    assert set(build(source, command=(PYTHON, "-c", script)).files) == {*FILES, "made.py"}


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    package = made(
        tmp_path, "", "out", command=(PYTHON, "-c", "import sys; open('out', 'w').write(sys.argv[1])", "$HOME")
    )
    with zipfile.ZipFile(package.path) as archive:
        assert archive.read("out") == b"$HOME"


@pytest.mark.parametrize(
    ("text", "runtime", "file"),
    [
        ("def handler(event, context): ...", "python3.13", "index.py"),
        ("exports.handler = async () => 1", "nodejs22.x", "index.js"),
        ("export const handler = async () => 1", "nodejs22.x", "index.mjs"),
    ],
)
def test_text_becomes_the_handlers_module(tmp_path: Path, text: str, runtime: str, file: str) -> None:
    output = tmp_path / "p.zip"
    package = build_text_package(text, handler="index.handler", runtime=runtime, architecture="arm64", output=output)
    with zipfile.ZipFile(package.path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {file: text.encode()}


def test_text_without_the_handler_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        build_text_package(
            "x = 1", handler="index.handler", runtime="python3.13", architecture="arm64", output=tmp_path
        )
    assert str(caught.value) == (
        'package "inline": handler is "index.handler", and index.py does not define handler; the handler is a function '
        "at the top level of its module; define it, or correct handler"
    )


def layer(tmp_path: Path, **other: Any) -> Package:
    preset: dict[str, Any] = {
        "name": "shared", "source": None, "lock": None, "family": "python", "root": "python",
        "runtimes": ("python3.13",), "architectures": ("arm64",), "output": tmp_path / "out" / "layer.zip",
        "cache": tmp_path / "cache",
    }  # fmt: skip
    return build_layer(**{**preset, **other})


def test_a_layer_holds_folder_and_lock_below_its_root(source: Path, index: Path, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"dep==1.0 {make_wheel(index, 'dep', {'dep.py': b''})}\n")
    both = layer(
        tmp_path, source=source, lock=lock, runtimes=("python3.13", "python3.12"), architectures=("arm64", "x86_64")
    )
    assert {"python/dep.py", *(f"python/{name}" for name in FILES)} < set(both.files)
    assert all(name.startswith("python/") for name in both.files)
    assert set(layer(tmp_path, source=source, root="").files) == set(FILES)


def test_a_layer_with_other_files_for_another_runtime_is_refused(index: Path, tmp_path: Path) -> None:
    tags = ("cp313-cp313-manylinux_2_17_aarch64", "cp313-cp313-manylinux_2_17_x86_64")
    hashes = " ".join(make_wheel(index, "native", {"native.py": tag.encode()}, tag) for tag in tags)
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"native==1.0 {hashes}\n")
    assert "python/native.py" in layer(tmp_path, lock=lock).files
    with pytest.raises(ConfigError) as caught:
        layer(tmp_path, lock=lock, architectures=("arm64", "x86_64"))
    assert str(caught.value) == (
        f'layer "shared": lock is "{lock}", which installs other files for python3.13 on x86_64 than for python3.13 on '
        "arm64; a layer holds one set of files for all its runtimes and architectures; make a layer for each"
    )


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (("*.py", "!handler.py"), {"handler.py", "Zeta.txt", "été.txt"}),
        (("*.py", "!handler.py", "handler.py"), {"Zeta.txt", "été.txt"}),
        (("orders", "!orders/rules.py"), {"handler.py", "Zeta.txt", "été.txt"}),
        (("orders/*", "!orders/rules.py"), set(FILES) - {"orders/__init__.py"}),
    ],
)
def test_a_later_pattern_takes_back_what_an_earlier_one_left_out(
    source: Path, build: Build, patterns: tuple[str, ...], left: set[str]
) -> None:
    if "handler.py" in left:
        assert set(build(source, exclude=patterns).files) == left
    else:
        with pytest.raises(ConfigError, match="handler"):
            build(source, exclude=patterns)


def test_a_usual_pattern_can_be_taken_back(source: Path, build: Build) -> None:
    write_files(source, {"requirements.txt": b"", "tests/a.py": b""})
    assert set(build(source, exclude=("!requirements.txt", "!/tests")).files) == {
        *FILES,
        "tests/a.py",
        "requirements.txt",
    }
