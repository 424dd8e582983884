from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from rollout.adapters.root import pack, unpack
from rollout.domain.digest import root_digests
from rollout.domain.errors import StoreError


def written(folder: Path, *, at: int) -> Path:
    (folder / "assets" / "code").mkdir(parents=True)
    for name, text in (("cdk.tf.json", "{}"), ("assets/code/run.sh", "#!/bin/sh"), (".terraform.lock.hcl", "# lock")):
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (at, at))
    (folder / "assets/code/run.sh").chmod(0o755)
    return folder


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one", at=1_000), written(tmp_path / "two", at=2_000)
    (two / "cdk.tf.json").chmod(0o600)
    assert pack(one) == pack(two)
    assert root_digests(pack(one)).keys() == {"cdk.tf.json", ".terraform.lock.hcl"}
    (two / "cdk.tf.json").write_text("{ }", encoding="utf-8")
    assert pack(one) != pack(two)


def test_what_was_packed_is_unpacked(tmp_path: Path) -> None:
    folder = written(tmp_path / "root", at=1_000)
    (folder / "assets" / "link").symlink_to(folder / "cdk.tf.json")
    unpack(pack(folder), tmp_path / "other" / "here")
    found = {
        path.relative_to(tmp_path / "other" / "here").as_posix(): path.read_text(encoding="utf-8")
        for path in (tmp_path / "other").rglob("*")
        if path.is_file()
    }
    assert found == {
        "cdk.tf.json": "{}", "assets/code/run.sh": "#!/bin/sh", ".terraform.lock.hcl": "# lock", "assets/link": "{}"
    }  # fmt: skip
    assert os.access(tmp_path / "other/here/assets/code/run.sh", os.X_OK)
    assert not os.access(tmp_path / "other/here/cdk.tf.json", os.X_OK)


def test_terraforms_own_data_stays_out(tmp_path: Path) -> None:
    folder = written(tmp_path / "root", at=1_000)
    before = pack(folder)
    (folder / ".terraform" / "providers").mkdir(parents=True)
    for name in (".terraform/providers/aws", "terraform.tfstate", "terraform.x.tfstate.backup", ".x.tfstate.lock.info"):
        (folder / name).write_text("x", encoding="utf-8")
    assert pack(folder) == before


def test_a_folder_without_configuration(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        pack(tmp_path)
    assert str(raised.value) == f"{tmp_path.name}: holds no cdk.tf.json; a synthesized stack does; synthesize it"


def test_what_is_neither_file_nor_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "root", at=1_000)
    os.mkfifo(folder / "assets" / "pipe")
    with pytest.raises(StoreError) as raised:
        pack(folder)
    assert str(raised.value) == (
        "root: assets/pipe is neither file nor folder; a Terraform root is packed from files; remove it, and "
        "synthesize again"
    )


def archive(*members: tarfile.TarInfo) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as packed:
        for member in members:
            packed.addfile(member, io.BytesIO(b"x" * member.size))
    return content.getvalue()


def link(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", ""),
        (b"no archive", "Not a gzipped file"),
        (archive(tarfile.TarInfo("../outside")), "'../outside' would be extracted to"),
        (archive(link("link")), '"link" is no file'),
    ],
    ids=["nothing", "no archive", "outside", "link"],
)
def test_what_was_packed_by_nobody(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(StoreError) as raised:
        unpack(content, tmp_path / "root")
    sentence = str(raised.value)
    assert sentence.startswith("packed root: cannot be unpacked (")
    assert why in sentence
    assert sentence.endswith(
        "); it is a tar file compressed by gzip, as `lambdanet rollout plan` writes it; plan the target again"
    )
    assert not (tmp_path / "outside").exists()


def test_an_archive_that_ends_too_soon(tmp_path: Path) -> None:
    whole = pack(written(tmp_path / "root", at=1_000))
    for length in range(len(whole)):
        with pytest.raises(StoreError):
            unpack(whole[:length], tmp_path / "short")
