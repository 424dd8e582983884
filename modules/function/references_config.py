"""Configuration of the extension that reads secrets and parameters for the code."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import Matching, OneOf, Within

_Ttl = Annotated[int, Within(limits.SECRETS_EXTENSION_TTL_SECONDS, literal=True)]
_Timeout = Annotated[int, Within(limits.SECRETS_EXTENSION_TIMEOUT_MILLISECONDS, literal=True)]


class SecretsExtensionConfig(ConfigModel):
    """The AWS Parameters and Secrets extension, a layer with a cache behind a local HTTP port.

    Ranges and defaults are those of the Secrets Manager guide, "Use Secrets Manager secrets in Lambda functions".
    """

    layer_version_arn: Annotated[
        str,
        Matching(
            rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:layer:AWS-Parameters-and-Secrets-Lambda-Extension"
            r"(?:-Arm64)?:\d{1,5}",
            "the layer's ARN ends in layer:AWS-Parameters-and-Secrets-Lambda-Extension and its version, with -Arm64 "
            "before the version for arm64",
            "copy it for region and architecture from the Secrets Manager guide",
            literal=True,
        ),
    ] = Field(description="ARN of the layer's version; each region has its own.")
    cache: StrictBool = Field(default=True, description="Whether values are kept between calls.")
    cache_size: Annotated[int, Within(limits.SECRETS_EXTENSION_CACHE_SIZE, literal=True)] = Field(
        default=1_000, description="Most values that are kept. 0 to 1000."
    )
    http_port: Annotated[int, Within(limits.SECRETS_EXTENSION_PORT, literal=True)] = Field(
        default=2_773, description="Port on localhost. 1 to 65535."
    )
    log_level: Annotated[
        str, OneOf(("DEBUG", "INFO", "WARN", "ERROR", "NONE"), "the extension's log level", literal=True)
    ] = Field(default="INFO", description="Least level that the extension logs.")
    max_connections: Annotated[int, Within(limits.SECRETS_EXTENSION_CONNECTIONS, literal=True)] = Field(
        default=3, description="Connections to Secrets Manager and to Parameter Store, each; at least 1."
    )
    secrets_ttl_seconds: _Ttl = Field(default=300, description="Age at which a secret is read again. 0 to 300.")
    secrets_timeout_milliseconds: _Timeout = Field(default=0, description="Wait for Secrets Manager; 0 waits on.")
    parameters_ttl_seconds: _Ttl = Field(default=300, description="Age at which a parameter is read again. 0 to 300.")
    parameters_timeout_milliseconds: _Timeout = Field(default=0, description="Wait for Parameter Store; 0 waits on.")

    @property
    def is_for_arm64(self) -> bool:
        """Whether the layer is the one for arm64."""
        return "-Arm64:" in self.layer_version_arn

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the extension reads, of what differs from its defaults."""
        values = {
            "PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED": str(self.cache).lower(),
            "PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE": str(self.cache_size),
            "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(self.http_port),
            "PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL": self.log_level,
            "PARAMETERS_SECRETS_EXTENSION_MAX_CONNECTIONS": str(self.max_connections),
            "SECRETS_MANAGER_TTL": str(self.secrets_ttl_seconds),
            "SECRETS_MANAGER_TIMEOUT_MILLIS": str(self.secrets_timeout_milliseconds),
            "SSM_PARAMETER_STORE_TTL": str(self.parameters_ttl_seconds),
            "SSM_PARAMETER_STORE_TIMEOUT_MILLIS": str(self.parameters_timeout_milliseconds),
        }
        return {name: value for name, value in values.items() if value != _DEFAULTS[name]}


_DEFAULTS = {
    "PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED": "true",
    "PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE": "1000",
    "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": "2773",
    "PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL": "INFO",
    "PARAMETERS_SECRETS_EXTENSION_MAX_CONNECTIONS": "3",
    "SECRETS_MANAGER_TTL": "300",
    "SECRETS_MANAGER_TIMEOUT_MILLIS": "0",
    "SSM_PARAMETER_STORE_TTL": "300",
    "SSM_PARAMETER_STORE_TIMEOUT_MILLIS": "0",
}
