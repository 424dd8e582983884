"""Code: handler, runtime, architecture, and whose signatures are trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.function import CodeSigningConfig, PythonCode
from modules.function.code.fields import names_of
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refusal, refuses_or_keeps, sentence

PYTHON = names_of("python")
VALID: dict[str, Any] = {"source": "handlers/api"}
HANDLER = "a handler reads like module.function, 128 characters at most; correct it"
ARN = "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/acme_dev/{:010d}"


@pytest.mark.parametrize("handler", ["handler.handler", "pkg.mod.fn", "_a._b2", f"{'m' * 62}.{'f' * 65}"])
def test_a_handler_that_lambda_can_call_is_taken(handler: str) -> None:
    assert PythonCode.parse({**VALID, "handler": handler}).handler == handler


@pytest.mark.parametrize(
    "handler", ["", "handler", "a..b", ".a", "a.", "1a.b", "a b.c", "a.b\n", "ä.b", f"{'m' * 63}.{'f' * 65}", "a-b.c"]
)
def test_a_handler_that_lambda_could_not_call_is_refused(handler: str) -> None:
    assert sentence(PythonCode, {**VALID, "handler": handler}).endswith(HANDLER)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"runtime": 3.13}, (f"runtime is 3.13; a Python runtime is one of {', '.join(PYTHON)}; "
         "choose one of them")),
        ({"runtime": STRING_TOKEN}, f'runtime is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"architecture": "arm"}, 'architecture is "arm"; an architecture is one of arm64, x86_64; choose one of them'),
        ({"architecture": ["arm64"]}, ("architecture is ['arm64']; an architecture is one of arm64, x86_64; "
         "choose one of them")),
        ({"source": None}, "source is None; it takes a path; write it in quotes"),
        ({"lock": 5}, "lock is 5; it takes a path; write it in quotes"),
        ({"handler": STRING_TOKEN}, f'handler is "{STRING_TOKEN}"; {KNOWN_LATER}'),
    ],
)  # fmt: skip
def test_what_cannot_be_packaged_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(PythonCode, {**VALID, **fields}) == expected


def test_paths_may_be_given_as_text_or_path() -> None:
    code = PythonCode(source=Path("a"), lock=Path("b.lock"))
    assert code == PythonCode.parse({"source": "a", "lock": "b.lock"})


@pytest.mark.parametrize(
    "arns",
    [
        [], [ARN.format(1)], [ARN.format(number) for number in range(20)], [STRING_TOKEN],
        ["arn:aws-us-gov:signer:us-gov-west-1:123456789012:/signing-profiles/ab/AbCdEf1234"],
    ],
)  # fmt: skip
def test_up_to_twenty_publishers_are_trusted(arns: list[str]) -> None:
    assert CodeSigningConfig.parse({"signing_profile_version_arns": arns}).signing_profile_version_arns == tuple(arns)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:signer:x:123456789012:/signing-profiles/acme/0123456789",
        "arn:aws:signer:eu-west-1:12345678901:/signing-profiles/acme/0123456789",
        "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/acme",
        "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/a/0123456789",
        "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/acme/012345678",
        "arn:aws:lambda:eu-west-1:123456789012:function:acme",
        "acme",
    ],
)
def test_what_names_no_version_of_a_signing_profile_is_refused(arn: str) -> None:
    assert sentence(CodeSigningConfig, {"signing_profile_version_arns": [arn]}) == (
        f'signing_profile_version_arns[0] is "{arn}"; a signing profile version\'s ARN names region, account, profile '
        "and version; copy it from AWS Signer"
    )


def test_too_many_and_repeated_publishers_are_refused_together() -> None:
    arns = [ARN.format(number) for number in range(20)]
    assert refusal(CodeSigningConfig, {"signing_profile_version_arns": [*arns, arns[3]]}) == [
        f'signing_profile_version_arns holds "{arns[3]}" twice; each publisher once; remove one',
        "signing_profile_version_arns has 21 entries; Lambda takes 20 (Lambda API); remove some",
    ]


def test_unsigned_code_is_warned_about_or_refused() -> None:
    assert CodeSigningConfig.parse({"untrusted_artifact": "Enforce"}).untrusted_artifact == "Enforce"
    assert sentence(CodeSigningConfig, {"untrusted_artifact": "Allow"}) == (
        'untrusted_artifact is "Allow"; untrusted_artifact is one of Warn, Enforce; choose one of them'
    )


@CI
@given(
    fields_of(
        PythonCode,
        {
            "source": st.text(max_size=9),
            "runtime": st.sampled_from(list(PYTHON)),
            "handler": st.from_regex(r"[a-z_.0-9]{0,9}", fullmatch=True),
        },
    )
)
def test_code_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(PythonCode, data)


@CI
@given(fields_of(CodeSigningConfig, {"signing_profile_version_arns": st.lists(st.sampled_from([ARN.format(1), "x"]))}))
def test_signing_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(CodeSigningConfig, data)
