"""Configuration of a function's logs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import OneOf


class LoggingConfig(ConfigModel):
    """JSON logs in a log group of the function's own."""

    retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    application_level: Annotated[
        str, OneOf(("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"), "an application log level")
    ] = Field(default="INFO", description="Least level that the code's records need (Lambda API).")
    system_level: Annotated[str, OneOf(("DEBUG", "INFO", "WARN"), "a system log level")] = Field(
        default="INFO", description="Least level that Lambda's own records need (Lambda API)."
    )
