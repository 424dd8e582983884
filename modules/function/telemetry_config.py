"""Configuration of OpenTelemetry in a function: a layer, its wrapper, and the variables that both read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf

SIGNALS_LOG_GROUP = "/aws/application-signals/data"
"""Where Application Signals keeps what functions measure (CloudWatch guide, Application Signals)."""

EXEC_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
INSTRUMENT, HANDLER = "/opt/otel-instrument", "/opt/otel-handler"
_JAVA_WRAPPERS = ("/opt/otel-proxy-handler", "/opt/otel-sqs-handler", "/opt/otel-stream-handler")
_NONE = "none"
_DISTRO = re.compile(r"AWSOpenTelemetryDistro(Python|Js|Java|DotNet)")
_EMBEDDED = re.compile(r"aws-otel-(?:(python|nodejs|java)(?:-wrapper|-agent)?|collector)-(amd64|arm64)-ver-[0-9-]+")
_FAMILIES = {"Python": "python", "Js": "nodejs", "Java": "java", "DotNet": "dotnet"}
_ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
_NAME = 6
"""Place of the layer's name in the ARN of a version."""


class TelemetryConfig(ConfigModel):
    """OpenTelemetry by a layer: AWS's distribution (ADOT), or one of your own.

    Wrappers and variables are those of the ADOT guide for Lambda and of the OpenTelemetry specification.

    Raises:
        ConfigError: with every refused field.
    """

    layer_version_arn: Annotated[
        str,
        Matching(
            rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:layer:[A-Za-z0-9_-]{{1,140}}:\d+",
            "a layer version's ARN names region, account, layer and version",
            "copy it for the region from the releases of the ADOT layer for the runtime",
            literal=True,
        ),
    ] = Field(description="ARN of the layer's version; each region has its own.")
    wrapper: Annotated[str, OneOf(("", _NONE, INSTRUMENT, HANDLER, *_JAVA_WRAPPERS), "a wrapper", literal=True)] = (
        Field(
            default="",
            description="Program of the layer that starts the runtime (AWS_LAMBDA_EXEC_WRAPPER); empty takes that of "
            "AWS's layers, none leaves it to the code, as with a layer that holds a collector only.",
        )
    )
    service_name: Annotated[
        str,
        Matching(
            r"[^,=\s]{0,255}", "a service's name has no white space, comma or equals sign", "correct it", literal=True
        ),
    ] = Field(default="", description="Name of the service in traces (OTEL_SERVICE_NAME); empty takes the function's.")
    resource_attributes: dict[
        Annotated[
            str,
            Matching(
                r"[A-Za-z][A-Za-z0-9_.-]{0,254}",
                "an attribute's name has letters, digits, dots, hyphens and underscores",
                "correct it",
                literal=True,
            ),
        ],
        Annotated[
            str,
            Matching(r"[^,;=\\\s]{1,255}", "it has no white space, comma, semicolon, equals sign or backslash",
                     "correct it"),
        ],
    ] = Field(
        default_factory=dict, description="Attributes of everything that is sent (OTEL_RESOURCE_ATTRIBUTES)."
    )  # fmt: skip
    application_signals: StrictBool = Field(
        default=False,
        description="Measure requests, errors and latency for Application Signals too, which is charged for; with the "
        "layers AWSOpenTelemetryDistro... only.",
    )
    log_group_exists: StrictBool = Field(
        default=False,
        description=f"The account's log group {SIGNALS_LOG_GROUP} exists, so that the role need not make it.",
    )
    otlp_endpoint: Annotated[
        str,
        Matching(
            r"(?:https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/\S*)?)?",
            "an OTLP endpoint is a URL such as https://collector.example.com:4318",
            "correct it",
            2_048,
        ),
    ] = Field(
        default="",
        description="Where to send by OTLP (OTEL_EXPORTER_OTLP_ENDPOINT), to which you open the way; empty sends to "
        "X-Ray, to which the function then has one.",
    )
    collector_config_uri: Annotated[
        str,
        Matching(
            r"(?:(?:/|file:|s3://|https?://)\S+)?",
            "it is a path or URI such as /var/task/collector.yaml",
            "correct it",
            2_048,
            literal=True,
        ),
    ] = Field(
        default="",
        description="Configuration of the layer's collector (OPENTELEMETRY_COLLECTOR_CONFIG_URI), for layers with one.",
    )

    @property
    def layer_name(self) -> str:
        """The layer's name."""
        return self.layer_version_arn.split(":")[_NAME]

    @property
    def family(self) -> str:
        """Runtimes that AWS built the layer for, such as `python`; empty when not known, or for any."""
        distro, embedded = _DISTRO.fullmatch(self.layer_name), _EMBEDDED.fullmatch(self.layer_name)
        if distro:
            return _FAMILIES[distro[1]]
        return (embedded[1] or "") if embedded else ""

    @property
    def architecture(self) -> str:
        """The one that AWS built the layer for; empty when not known, or for both."""
        embedded = _EMBEDDED.fullmatch(self.layer_name)
        return _ARCHITECTURES[embedded[2]] if embedded else ""

    @property
    def is_distro(self) -> bool:
        """Whether it is one of AWS's layers without a collector, which know Application Signals."""
        return _DISTRO.fullmatch(self.layer_name) is not None

    @property
    def exec_wrapper(self) -> str:
        """What AWS_LAMBDA_EXEC_WRAPPER is; empty where nothing wraps the runtime."""
        if self.wrapper:
            return "" if self.wrapper == _NONE else self.wrapper
        if self.is_distro or self.family == "python":
            return INSTRUMENT
        return HANDLER if self.family else ""

    @property
    def environment(self) -> dict[str, str]:
        """The variables that wrapper, layer and OpenTelemetry read."""
        attributes = ",".join(f"{name}={value}" for name, value in sorted(self.resource_attributes.items()))
        values = {
            EXEC_WRAPPER: self.exec_wrapper,
            "OPENTELEMETRY_COLLECTOR_CONFIG_URI": self.collector_config_uri,
            "OTEL_AWS_APPLICATION_SIGNALS_ENABLED": str(self.application_signals).lower() if self.is_distro else "",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.otlp_endpoint,
            "OTEL_RESOURCE_ATTRIBUTES": attributes,
            "OTEL_SERVICE_NAME": self.service_name,
        }
        return {name: value for name, value in values.items() if value}

    def cross_checks(self) -> Iterator[Problem]:
        """A wrapper where the layer is not known, and settings that the layer has."""
        shown = f'layer_version_arn names "{self.layer_name}"'
        is_known = self.is_distro or _EMBEDDED.fullmatch(self.layer_name) is not None
        if not is_known and not self.wrapper:
            yield Problem(
                "",
                f"{shown} and wrapper is empty",
                "the wrappers of AWS's own layers are known, those of others are not",
                f"set wrapper to what the layer brings, such as {INSTRUMENT}, or to none",
            )
        if self.application_signals and not self.is_distro:
            yield Problem(
                "",
                f"{shown} and application_signals is true",
                "only the layers AWSOpenTelemetryDistroPython, Js, Java and DotNet know it (ADOT guide)",
                "use one of them, or remove application_signals",
            )
        if self.log_group_exists and not self.application_signals:
            yield Problem(
                "", "log_group_exists is true", "nothing is written there without application_signals", "remove it"
            )
        if self.collector_config_uri and self.is_distro:
            yield Problem(
                "",
                f"{shown} and collector_config_uri is set",
                "that layer has no collector (ADOT guide)",
                "remove it, or use a layer with a collector",
            )
        if self.wrapper in _JAVA_WRAPPERS and self.family not in {"", "java"}:
            yield Problem(
                "",
                f'{shown} and wrapper is "{self.wrapper}"',
                "that wrapper is for Java (ADOT guide)",
                "remove wrapper",
            )
