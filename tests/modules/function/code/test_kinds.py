"""Which kind of code plain data means, and the fields that each kind has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from modules.core.config import ConfigModel
from modules.function.code import (
    BuildCode,
    Code,
    ImageCode,
    InlineCode,
    NodeCode,
    PythonCode,
    S3Code,
    ZipCode,
)
from modules.function.runtimes import RUNTIMES
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refusal, refuses_or_keeps

DIGEST = f"sha256:{'a' * 64}"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/orders"
MANAGED = {"handler": "a.b", "runtime": "python3.13"}
VALID: dict[type[ConfigModel], dict[str, Any]] = {
    PythonCode: {"source": "src"},
    NodeCode: {"kind": "node", "source": "src"},
    BuildCode: {"kind": "build", "source": "src", **MANAGED, "build_command": ["make"], "build_output": "out"},
    ZipCode: {"kind": "zip", "path": "a.zip", **MANAGED},
    S3Code: {"kind": "s3", "bucket": "acme", "key": "a.zip", "object_version": "1", **MANAGED},
    ImageCode: {"kind": "image", "uri": f"{IMAGE}@{DIGEST}"},
    InlineCode: {"kind": "inline", "text": "def handler(event, context): ..."},
}


class Holder(ConfigModel):
    code: Code = Field(description="What runs.")


def told(code: Any) -> list[str]:
    return refusal(Holder, {"code": code})


@pytest.mark.parametrize("model", VALID)
def test_each_kind_is_known_by_its_name(model: type[ConfigModel]) -> None:
    code = Holder.parse({"code": VALID[model]}).code
    assert type(code) is model
    assert Holder(code=code).code == code
    assert Holder.parse(Holder(code=code).model_dump()).code == code


def test_data_without_a_kind_is_python() -> None:
    code = Holder.parse({"code": {"source": "src"}}).code
    assert isinstance(code, PythonCode)
    assert (code.kind, code.handler, code.runtime, code.architecture) == (
        "python", "handler.handler", "python3.13", "arm64",
    )  # fmt: skip


def test_the_schema_for_editors_names_every_kind() -> None:
    kinds = Holder.model_json_schema()["properties"]["code"]["anyOf"]
    assert [kind["$ref"].rpartition("/")[2] for kind in kinds] == [model.__name__ for model in VALID]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (5, "code is 5; it takes a mapping of fields; write its fields below it"),
        ({"kind": "docker"}, (
            'code.kind is "docker"; it is one of python, node, build, zip, s3, image, inline; choose one of them'
        )),
        ({"kind": None, "source": "src"}, (
            'code.kind is "None"; it is one of python, node, build, zip, s3, image, inline; choose one of them'
        )),
        ({"source": "src", "path": "a.zip"}, "code.path is not a field; remove it, or check its spelling"),
        ({"source": "src", "handler": "a..b"}, (
            'code.handler is "a..b"; a handler reads like module.function, 128 characters at most; correct it'
        )),
        ({"source": "src", "build_output": "out"}, (
            'code: build_output is "out" without build_command; it is what the command makes; set build_command, '
            "or remove build_output"
        )),
        ({"source": "src", "build_command": "make all"}, (
            'code.build_command is "make all"; it takes a list; write a list, even of one value'
        )),
        ({"source": "src", "exclude": ["!"]}, (
            'code.exclude[0] is "!"; a pattern is a file name with *, ? and [...]; correct it'
        )),
        ({**VALID[BuildCode], "build_command": [], "build_output": None}, (
            "code: build_command or build_output is missing; this kind packages what a command makes; set both"
        )),
        ({**VALID[NodeCode], "runtime": "python3.13"}, (
            f'code.runtime is "python3.13"; a Node.js runtime is one of '
            f"{', '.join(name for name in RUNTIMES if name.startswith('nodejs'))}; choose one of them"
        )),
        ({**VALID[S3Code], "object_version": None}, (
            "code: object_version and source_code_hash are missing; Terraform does not see that an object under the "
            "same key has changed; set one of them, or unversioned_reason"
        )),
        ({**VALID[S3Code], "source_code_hash": "abc"}, (
            'code.source_code_hash is "abc"; it is a SHA-256 in base64, as CodeSha256 of Lambda shows it; correct it'
        )),
        ({**VALID[S3Code], "bucket": "Acme"}, (
            'code.bucket is "Acme"; an S3 bucket name has 3 to 63 lowercase letters, digits, hyphens and single dots, '
            "and is no IP address; write the bucket's name"
        )),
        ({**VALID[ImageCode], "uri": f"{IMAGE}:v1"}, (
            f'code: uri is "{IMAGE}:v1", without a digest; a tag may come to mean another image, and Terraform does '
            "not see it; add @sha256: and the digest, or set tag_reason"
        )),
        ({**VALID[ImageCode], "uri": "docker.io/library/python:3"}, (
            'code.uri is "docker.io/library/python:3"; an image URI reads like '
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:...; copy it from Amazon ECR"
        )),
        ({**VALID[ImageCode], "command": ["x" * 1000] * 17}, (
            "code: command, entry_point and working_directory take 17000 bytes; Lambda takes 16384 (Lambda quotas); "
            "shorten them"
        )),
        ({**VALID[ImageCode], "working_directory": "app"}, (
            'code.working_directory is "app"; it is an absolute path of at most 1000 characters; correct it'
        )),
        ({**VALID[InlineCode], "text": STRING_TOKEN}, f'code.text is "{STRING_TOKEN}"; {KNOWN_LATER}'),
    ],
)  # fmt: skip
def test_what_no_kind_takes_is_refused(code: Any, expected: str) -> None:
    assert told(code) == [expected]


def test_an_object_that_is_never_written_twice_needs_neither_version_nor_hash() -> None:
    reason = {"unversioned_reason": "the key holds the commit"}
    assert Holder.parse({"code": {**VALID[S3Code], "object_version": None, **reason}})
    elsewhere = {"deployed_elsewhere_reason": "the pipeline deploys it"}
    assert Holder.parse({"code": {**VALID[S3Code], "object_version": None, **elsewhere}})


def test_an_image_known_only_later_is_not_judged() -> None:
    code = ImageCode(uri=STRING_TOKEN, command=(STRING_TOKEN * 900,))
    assert code.uri == STRING_TOKEN
    assert code.runtime == ""


def test_paths_may_be_given_as_text_or_path() -> None:
    assert PythonCode(source=Path("a"), lock=Path("uv.lock")) == PythonCode.parse({"source": "a", "lock": "uv.lock"})


@CI
@given(
    st.sampled_from(list(VALID)).flatmap(
        lambda model: st.tuples(
            st.just(model), fields_of(model, {name: st.just(value) for name, value in VALID[model].items()})
        )
    )
)
def test_code_is_refused_with_sentences_or_kept(drawn: tuple[type[ConfigModel], dict[str, Any]]) -> None:
    model, data = drawn
    refuses_or_keeps(model, data)
