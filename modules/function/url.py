"""A function URL, and the two permissions that its callers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function_url import LambdaFunctionUrl, LambdaFunctionUrlCors
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules.core.skips import skip
from modules.core.statements import Condition, Statement
from modules.function.url_config import LATEST, CorsConfig, UrlConfig

if TYPE_CHECKING:
    from modules.function.alias import FunctionAlias

PUBLIC, EVERYBODY = ("CKV2_LNET_511",), ("CKV2_LNET_508",)
"""Checks that the URL skips where everybody may call, and those that the permission for everybody does."""


class FunctionUrl(Construct):
    """An HTTPS endpoint of a function.

    Since October 2025 a caller needs `lambda:InvokeFunctionUrl`, and `lambda:InvokeFunction` under a condition that
    holds for calls through the URL only. Callers of the same account get both in their own policies, from
    `invoke_statements`; others get both in the function's policy, which takes AWS provider 6. Plain
    `lambda:InvokeFunction` is opened to nobody.

    Attributes:
        url: the URL, as a token.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: UrlConfig,
        function_name: str,
        function_arn: str,
        alias: FunctionAlias | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._qualifier = _qualifier(config, alias)
        self._arn = f"{function_arn}:{self._qualifier}" if self._qualifier else function_arn
        made = LambdaFunctionUrl(
            self,
            "url",
            function_name=function_name,
            qualifier=self._qualifier or None,
            authorization_type=config.authorization,
            invoke_mode=config.invoke_mode,
            cors=_cors(config.cors) if config.cors else None,
        )
        self.url: str = made.function_url
        skip(made, config.public_reason, *PUBLIC)
        principals = ("*",) if config.authorization == "NONE" else tuple(sorted(config.principals))
        for principal in principals:
            self._allow(principal, function_name)

    def invoke_statements(self) -> tuple[Statement, ...]:
        """What the role of a caller in the function's account needs, one statement for each permission."""
        by_type = Condition("StringEquals", "lambda:FunctionUrlAuthType", (self._config.authorization,))
        by_url = Condition("Bool", "lambda:InvokedViaFunctionUrl", ("true",))
        return (
            Statement("InvokeFunctionUrl", ("lambda:InvokeFunctionUrl",), (self._arn,), conditions=(by_type,)),
            Statement("InvokeViaFunctionUrl", ("lambda:InvokeFunction",), (self._arn,), conditions=(by_url,)),
        )

    def _allow(self, principal: str, function_name: str) -> None:
        who = "everybody" if principal == "*" else principal.rpartition("::")[2].replace(":", "-").replace("/", "-")
        LambdaPermission(
            self,
            f"url-{who}",
            function_name=function_name,
            qualifier=self._qualifier or None,
            statement_id=f"InvokeFunctionUrl-{_statement_id(who)}",
            action="lambda:InvokeFunctionUrl",
            principal=principal,
            function_url_auth_type=self._config.authorization,
        )
        function = LambdaPermission(
            self,
            f"function-{who}",
            function_name=function_name,
            qualifier=self._qualifier or None,
            statement_id=f"InvokeViaFunctionUrl-{_statement_id(who)}",
            action="lambda:InvokeFunction",
            principal=principal,
        )
        function.add_override("invoked_via_function_url", True)  # noqa: FBT003  # what the argument takes
        skip(function, self._config.public_reason, *EVERYBODY)


def _qualifier(config: UrlConfig, alias: FunctionAlias | None) -> str:
    """The alias that is called; the function's own is a token; empty for `$LATEST`."""
    if config.qualifier == LATEST:
        return ""
    if alias is None:
        return config.qualifier
    return alias.of(config.qualifier) if config.qualifier else alias.qualifier


_LONGEST_STATEMENT_ID = 100
_PREFIX = len("InvokeViaFunctionUrl-")


def _statement_id(who: str) -> str:
    plain = "".join(mark if (mark.isalnum() and mark.isascii()) or mark in "-_" else "-" for mark in who)
    return plain[: _LONGEST_STATEMENT_ID - _PREFIX]


def _cors(config: CorsConfig) -> LambdaFunctionUrlCors:
    return LambdaFunctionUrlCors(
        allow_origins=sorted(config.allow_origins),
        allow_methods=sorted(config.allow_methods),
        allow_headers=sorted(config.allow_headers) or None,
        expose_headers=sorted(config.expose_headers) or None,
        allow_credentials=config.allow_credentials,
        max_age=config.max_age_seconds,
    )
