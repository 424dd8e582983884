"""Configuration of a function's smaller settings: runtime management, recursion, timeouts of the resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within


class RuntimeManagementConfig(ConfigModel):
    """When Lambda moves the function to a new patch version of its runtime."""

    update_runtime_on: Annotated[
        str, OneOf(("Auto", "FunctionUpdate", "Manual"), "update_runtime_on", literal=True)
    ] = Field(
        default="Auto",
        description="Auto: when Lambda rolls it out; FunctionUpdate: when the function changes next; Manual: never "
        "(Lambda API).",
    )
    runtime_version_arn: Annotated[
        str,
        Matching(
            rf"(?:arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}::runtime:.+)?",
            "a runtime version's ARN reads like arn:aws:lambda:eu-west-1::runtime:... (lambda API model)",
            "copy it from the INIT_START line of the function's log",
            2048,
        ),
    ] = Field(default="", description="Version that Manual stays with.")
    unpatched_reason: Reason = Field(
        default="", description="Why the function stays with one version and its known faults; required with Manual."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A version and a reason exactly with Manual."""
        if self.update_runtime_on == "Manual":
            if not self.runtime_version_arn:
                yield Problem(
                    "", 'update_runtime_on is "Manual"', "it names the version to stay with", "set runtime_version_arn"
                )
            if not self.unpatched_reason:
                yield Problem(
                    "", 'update_runtime_on is "Manual"', "the function then gets no security patches",
                    "use FunctionUpdate, or set unpatched_reason",
                )  # fmt: skip
            return
        for field in ("runtime_version_arn", "unpatched_reason"):
            if getattr(self, field):
                given = f'{field} is set and update_runtime_on is "{self.update_runtime_on}"'
                yield Problem("", given, "it belongs to Manual", f"remove {field}")


class RecursionConfig(ConfigModel):
    """What Lambda does when the function sets off itself, through SQS, SNS, S3 or Lambda."""

    recursive_loop: Annotated[str, OneOf(("Terminate", "Allow"), "recursive_loop", literal=True)] = Field(
        default="Terminate",
        description="Terminate stops a chain after about 16 invocations (Lambda guide); Allow never.",
    )
    allow_reason: Reason = Field(default="", description="Why the function may call itself; required with Allow.")

    def cross_checks(self) -> Iterator[Problem]:
        """A reason exactly with Allow."""
        if self.recursive_loop == "Allow" and not self.allow_reason:
            yield Problem(
                "", 'recursive_loop is "Allow"', "a loop then runs, and costs, without end",
                "use Terminate, or set allow_reason",
            )  # fmt: skip
        if self.recursive_loop != "Allow" and self.allow_reason:
            yield Problem("", "allow_reason is set", "it belongs to recursive_loop Allow", "remove it")


_Minutes = Annotated[int, Within(limits.LAMBDA_RESOURCE_TIMEOUT_MINUTES, literal=True)]


class ResourceTimeoutsConfig(ConfigModel):
    """How long Terraform waits for the function resource.

    Network interfaces take minutes to come and up to 45 to go; the provider waits that long for them at destroy,
    whatever is set here.
    """

    create_minutes: _Minutes = Field(default=10, description="Wait for creation, in minutes (aws_lambda_function).")
    update_minutes: _Minutes = Field(default=10, description="Wait for an update, in minutes (aws_lambda_function).")
    delete_minutes: _Minutes = Field(default=10, description="Wait for deletion, in minutes (aws_lambda_function).")
