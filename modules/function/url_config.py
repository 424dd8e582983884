"""Configuration of a function URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.provider_6 import needs_provider_6
from modules.core.target import Target

LATEST = "$LATEST"
"""The unqualified function, asked for by name."""

_Origin = Annotated[
    str,
    Matching(
        r"\*|https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?",
        "an origin reads like https://www.example.com, or is *",
        "write scheme and host, without a path",
        253,
    ),
]
_Method = Annotated[
    str,
    OneOf(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "*"), "a method"),
]
_Header = Annotated[
    str, Matching(r"\*|[A-Za-z0-9!#$%&'*+.^_`|~-]+", "it is the name of an HTTP header", "correct it", 1024)
]
_Principal = Annotated[
    str,
    Matching(
        r"\d{12}|arn:aws(?:-cn|-us-gov)?:iam::\d{12}:(?:root|(?:role|user)/[!-~]{1,512})",
        "a caller is an account's 12 digits, or the ARN of a role or user",
        "correct it; the whole world is authorization NONE",
        literal=True,
    ),
]


class CorsConfig(ConfigModel):
    """Which web pages may call the URL from a browser (lambda API model, Cors)."""

    allow_origins: tuple[_Origin, ...] = Field(description="Origins, at most 100.")
    allow_methods: tuple[_Method, ...] = Field(default=("GET",), description="Methods, at most 6.")
    allow_headers: tuple[_Header, ...] = Field(default=(), description="Headers of requests, at most 100.")
    expose_headers: tuple[_Header, ...] = Field(default=(), description="Headers that pages may read, at most 100.")
    allow_credentials: StrictBool = Field(default=False, description="Whether cookies and the like are let through.")
    max_age_seconds: Annotated[int, Within(limits.LAMBDA_URL_CORS_MAX_AGE_SECONDS)] = Field(
        default=0, description="How long a browser may keep the answer, in seconds. 0 to 86400 (lambda API model)."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """As many entries as Lambda takes, and no credentials for every page of the world."""
        most = {"allow_origins": 100, "allow_methods": 6, "allow_headers": 100, "expose_headers": 100}
        for field, maximum in most.items():
            entries = getattr(self, field)
            if len(entries) > maximum:
                given = f"{field} has {len(entries)} entries"
                yield Problem("", given, f"Lambda takes {maximum} (lambda API model)", "remove some")
        if not self.allow_origins:
            yield Problem(
                "", "allow_origins is empty", "without an origin no page may call", "name one, or remove cors"
            )
        if self.allow_credentials and "*" in self.allow_origins:
            yield Problem(
                "",
                "allow_credentials is true and allow_origins holds *",
                "browsers send credentials to named origins only (Fetch standard)",
                "name the origins",
            )


class UrlConfig(ConfigModel):
    """An HTTPS endpoint of the function's own, in the public internet.

    Since October 2025 a caller needs two permissions: `lambda:InvokeFunctionUrl`, and `lambda:InvokeFunction` under the
    condition `lambda:InvokedViaFunctionUrl` (Lambda guide, access to function URLs).

    Raises:
        ConfigError: with every refused field.
    """

    authorization: Annotated[str, OneOf(("AWS_IAM", "NONE"), "authorization", literal=True)] = Field(
        default="AWS_IAM",
        description="AWS_IAM takes signed requests of those who are allowed; NONE takes everybody's (Lambda API).",
    )
    public_reason: Reason = Field(default="", description="Why the whole world may call; required with NONE.")
    principals: tuple[_Principal, ...] = Field(
        default=(),
        description="Callers in other accounts: account ids, roles or users (AWS provider 6 only). Callers in the "
        "function's account get `function.url.invoke_statements()` in their own policies.",
    )
    invoke_mode: Annotated[str, OneOf(("BUFFERED", "RESPONSE_STREAM"), "an invoke mode", literal=True)] = Field(
        default="BUFFERED",
        description="BUFFERED answers at once, 6 MB at most; RESPONSE_STREAM as it comes, which no function in a VPC "
        "does through its URL (Lambda guide, response streaming).",
    )
    qualifier: Annotated[
        str,
        Matching(
            r"(?!\d+$)[A-Za-z0-9_-]*|\$LATEST",
            "a function URL is that of an alias or of $LATEST, never of a version (Lambda guide, function URLs)",
            "name an alias, or remove it",
            128,
        ),
    ] = Field(
        default="",
        description="Alias that is called; empty calls the function's alias, or $LATEST where it has none; $LATEST "
        "calls that all the same.",
    )
    cors: CorsConfig | None = Field(default=None, description="Web pages that may call; none may by default.")

    def cross_checks(self) -> Iterator[Problem]:
        """The whole world takes a reason, and no list of callers."""
        if self.authorization == "NONE" and not self.public_reason:
            yield Problem(
                "", 'authorization is "NONE"', "everybody in the internet can then call the function",
                "use AWS_IAM, or set public_reason",
            )  # fmt: skip
        if self.authorization != "NONE" and self.public_reason:
            yield Problem("", "public_reason is set", "it belongs to authorization NONE", "remove it")
        if self.authorization == "NONE" and self.principals:
            yield Problem("", "principals is set", 'authorization "NONE" lets everybody call', "remove it")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The second permission can be written."""
        given = 'url.authorization is "NONE"' if self.authorization == "NONE" else "url.principals is set"
        if self.authorization == "NONE" or self.principals:
            yield from needs_provider_6(
                target,
                given,
                "aws_lambda_permission.invoked_via_function_url, without which the second permission that callers need "
                "would let them call the function by every way",
                instead="use AWS_IAM with callers of the same account",
                version="6.29",
            )
