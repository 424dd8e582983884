"""Layers: their configuration, and whether they fit a function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given

from modules.function.layer_checks import layer_problems
from modules.function.layer_config import LayerConfig
from tests.modules.core.samples import CI, LIST_TOKEN, STRING_TOKEN, fields_of, refusal, refuses_or_keeps

MIB = 1024 * 1024
ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:shared:{}"
VALID: dict[str, Any] = {"source": "shared", "compatible_runtimes": ["python3.13"]}
SHARED = LayerConfig.parse(VALID)


@dataclass(frozen=True)
class Built:
    name: str
    config: LayerConfig = SHARED
    unzipped_bytes: int = 0
    arn: str = STRING_TOKEN


def problems(*layers: str | Built, **function: Any) -> list[str]:
    given = {"runtime": "python3.13", "architecture": "arm64", "region": "eu-west-1", **function}
    return [str(problem) for problem in layer_problems(layers, **given)]


def test_five_layers_that_fit_are_taken() -> None:
    foreign = [f"arn:aws:lambda:eu-west-1:123456789012:layer:{name}:1" for name in "abc"]
    assert problems(*foreign, STRING_TOKEN, Built("shared")) == []


def test_six_layers_are_refused() -> None:
    foreign = [f"arn:aws:lambda:eu-west-1:123456789012:layer:{name}:1" for name in "abcde"]
    assert problems(*foreign, Built("shared")) == [
        (
            "layers has 6 entries; a function takes 5 (Lambda quotas); join some into one layer, or package "
            "them with the function"
        )
    ]
    assert problems(*foreign, STRING_TOKEN)[0].startswith("layers has 6 entries")


def test_a_list_that_is_known_only_later_counts_for_nothing() -> None:
    foreign = [f"arn:aws:lambda:eu-west-1:123456789012:layer:{name}:1" for name in "abcde"]
    assert problems(*foreign, *LIST_TOKEN) == []
    assert problems(*LIST_TOKEN, *LIST_TOKEN) == []


def test_two_versions_of_a_layer_are_refused() -> None:
    assert problems(ARN.format(1), ARN.format(2)) == [
        f'layers holds "{ARN.format(1)[:-2]}" twice; a function takes one version of a layer; remove one'
    ]
    assert problems(Built("shared"), Built("shared")) == [
        'layers holds "shared" twice; a function takes one version of a layer; remove one'
    ]
    assert problems(STRING_TOKEN, "${TfToken[TOKEN.5]}") == []


def test_a_layer_for_another_runtime_or_architecture_is_refused() -> None:
    assert problems(Built("shared"), runtime="python3.12", architecture="x86_64") == [
        (
            'layers holds "shared", and the function\'s runtime is python3.12; the layer was built for python3.13; add '
            "python3.12 to its compatible_runtimes, or use another layer"
        ),
        (
            'layers holds "shared", and the function\'s architecture is x86_64; the layer was built for arm64; add '
            "x86_64 to its compatible_architectures, or use another layer"
        ),
    ]


def test_a_layer_of_another_region_is_refused() -> None:
    assert problems(ARN.format(1), region="eu-west-2") == [
        (
            f'layers holds "{ARN.format(1)}"; a layer lies in the function\'s region, eu-west-2 (Lambda guide, '
            "layers); name a version in that region"
        )
    ]


def test_an_image_takes_no_layers() -> None:
    assert problems(ARN.format(1), runtime="") == [
        (
            "layers are given to a container image; an image holds everything itself (Lambda guide, container images); "
            "copy their content into the image, or remove layers"
        )
    ]
    assert problems(runtime="") == []


def test_function_and_layers_stay_below_250_mib_together() -> None:
    layers = (Built("shared", unzipped_bytes=150 * MIB), Built("models", unzipped_bytes=60 * MIB))
    assert problems(*layers, unzipped_bytes=40 * MIB) == []
    assert problems(*layers, unzipped_bytes=None) == []
    assert problems(*layers, unzipped_bytes=40 * MIB + MIB) == [
        (
            "the function and its layers take 251.0 MiB unzipped (shared 150.0 MiB, models 60.0 MiB, the function "
            "41.0 MiB); Lambda takes 250 MiB together (Lambda quotas); leave something out, or use a container image"
        )
    ]


@pytest.mark.parametrize(
    ("runtimes", "folder", "root"),
    [
        (["python3.13", "python3.12"], None, "python"),
        (["nodejs22.x"], None, "nodejs"),
        (["python3.13", "nodejs22.x"], None, ""),
        (["provided.al2023"], None, ""),
        (["python3.13"], "", ""),
        (["java21"], "java/lib", "java/lib"),
    ],
)
def test_content_lies_where_the_runtimes_search(runtimes: list[str], folder: str | None, root: str) -> None:
    assert LayerConfig.parse({"source": "shared", "compatible_runtimes": runtimes, "folder": folder}).root == root


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": None}, "source and lock are missing; a layer holds something; set one of them, or both"),
        ({"compatible_runtimes": []}, (
            "compatible_runtimes has 0 entries; a layer takes 1 to 15 (lambda API model); name the runtimes that use it"
        )),
        ({"compatible_architectures": []}, (
            "compatible_architectures is empty; a layer works with one at least; name it"
        )),
        ({"compatible_runtimes": ["java21", "ruby3.4"], "lock": "a.lock"}, (
            "compatible_runtimes are java21, ruby3.4, and lock is set; a lock installs packages for Python or for "
            "Node.js; name runtimes of one of them, or package a folder"
        )),
        ({"compatible_runtimes": ["python3.13"] * 2}, (
            'compatible_runtimes holds "python3.13" twice; each once; remove one'
        )),
        ({"organization_id": "o-a1b2c3d4e5", "account_id": "210987654321"}, (
            "account_id and organization_id are both set; the AWS provider reads the first permission of a layer "
            "version only, and would change the other one on every run (terraform-provider-aws#44668); share the layer "
            "with the organization, or make one layer for each"
        )),
        ({"organization_id": "acme"}, (
            'organization_id is "acme"; an organization\'s id reads like o-a1b2c3d4e5; correct it'
        )),
        ({"folder": "../up/"}, (
            'folder is "../up/"; it is a relative folder, or empty for the layer\'s root; correct it'
        )),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert refusal(LayerConfig, {**VALID, **fields}) == [expected]


@CI
@given(fields_of(LayerConfig, {}))
def test_a_layer_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(LayerConfig, data)
