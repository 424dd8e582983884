from __future__ import annotations

from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from tests.modules.function.packaging.samples import Build

HASH = f"--hash=sha256:{'0' * 64}"
HOW = 'write it with "uv pip compile --generate-hashes --universal"'


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_lock_that_cannot_be_read_is_refused(
    source: Path, build: Build, tmp_path: Path, content: bytes | None
) -> None:
    lock = tmp_path / "requirements.lock"
    if content is not None:
        lock.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        build(source, lock=lock)
    assert str(caught.value) == (
        f'package "shop": lock is "{lock}"; it is an existing lock file: pip requirements, uv.lock, poetry.lock or '
        "pylock.toml; "
        f"correct the path; to make one, {HOW}"
    )


def test_every_refused_line_is_told_with_its_number(source: Path, build: Build, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        f"# a comment, --hash=sha256:{'0' * 64}\n"
        "--no-binary :none:\n"
        "plain==1.0  # with a comment\n"
        f"whole==1.0 \\\n    {HASH} \\\n    {HASH}\n    # via plain\n"
        "\n"
        "cut==1.0 ; python_version > '3' \\\n    --hash=sha256:abc\n"
        "-r other.txt\n"
        "--constraint=limits.txt\n"
        "last==1.0 \\"
    )
    with pytest.raises(ConfigError) as caught:
        build(source, lock=lock)
    unhashed = f"without a hash; every requirement has a sha256 hash; {HOW}"
    alone = f"a lock stands alone: the cache knows it by its own bytes; lock everything into one file; {HOW}"
    assert [str(problem) for problem in caught.value.problems] == [
        f'package "shop": requirements.lock line 3 is "plain==1.0", {unhashed}',
        f'package "shop": requirements.lock line 9 is "cut==1.0 ; python_version > \'3\'", {unhashed}',
        f'package "shop": requirements.lock line 11 is "-r other.txt"; {alone}',
        f'package "shop": requirements.lock line 12 is "--constraint=limits.txt"; {alone}',
        f'package "shop": requirements.lock line 13 is "last==1.0", {unhashed}',
    ]
