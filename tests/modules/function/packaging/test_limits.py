from __future__ import annotations

from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from tests.modules.function.packaging.samples import Build

_MIB = 1024 * 1024


def _grow(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_a_package_too_large_to_upload_is_refused_before_it_is_written(
    source: Path, build: Build, tmp_path: Path
) -> None:
    _grow(source / "model.bin", 50 * _MIB)
    with pytest.raises(ConfigError) as caught:
        build(source)
    assert str(caught.value) == (
        'package "shop": 50.0 MiB zipped (stored without compression); most is in model.bin 50.0 MiB; '
        "Lambda takes 50 MiB zipped (Lambda quotas); "
        "leave files out with exclude, drop a dependency, or move some into a layer, or upload it by store"
    )
    assert not (tmp_path / "out").exists()


def test_both_limits_are_told_at_once(source: Path, build: Build) -> None:
    _grow(source / "model.bin", 250 * _MIB)
    _grow(source / "orders" / "a.bin", 20 * _MIB)
    _grow(source / "orders" / "b.bin", 30 * _MIB)
    with pytest.raises(ConfigError) as caught:
        build(source)
    unzipped, zipped = map(str, caught.value.problems)
    assert unzipped == (
        'package "shop": 300.0 MiB unzipped (layers included); most is in model.bin 250.0 MiB, orders 50.0 MiB; '
        "Lambda takes 250 MiB unzipped (Lambda quotas); "
        "leave files out with exclude, drop a dependency, or move some into a layer"
    )
    assert "300.0 MiB zipped" in zipped


def test_a_package_that_is_uploaded_to_s3_may_be_larger(source: Path, build: Build) -> None:
    _grow(source / "model.bin", 60 * _MIB)
    assert build(source, direct=False).zipped_bytes > 60 * _MIB


def test_the_size_is_known_to_the_byte(source: Path, build: Build) -> None:
    """The largest file that still fits is packaged, one byte more is not."""
    room = 50 * _MIB - build(source).zipped_bytes - (30 + 46 + 2 * len("model.bin"))
    _grow(source / "model.bin", room)
    assert build(source).zipped_bytes == 50 * _MIB
    _grow(source / "model.bin", room + 1)
    with pytest.raises(ConfigError, match="zipped"):
        build(source)


def test_an_output_inside_the_source_is_refused(source: Path, build: Build) -> None:
    output = source / "build" / "package.zip"
    with pytest.raises(ConfigError) as caught:
        build(source, output=output)
    assert str(caught.value) == (
        f'package "shop": output is "{output}", inside the source folder; '
        "a package never contains an earlier package; write it to a folder outside the source"
    )


def test_runtime_and_architecture_are_refused_together(source: Path, build: Build) -> None:
    with pytest.raises(ConfigError) as caught:
        build(source, runtime="nodejs22.x", architecture="aarch64")
    assert [str(problem) for problem in caught.value.problems] == [
        (
            'package "shop": runtime is "nodejs22.x"; packages are built for Python runtimes; '
            "use one such as python3.13, or bring a package of your own"
        ),
        'package "shop": architecture is "aarch64"; Lambda runs on arm64 or x86_64; choose one of them',
    ]
