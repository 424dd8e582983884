"""What AWS answered, as a sentence."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError


def error_code(error: ClientError) -> str:
    """The code of a refused request, such as `DeploymentLimitExceededException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def refusal(where: str, error: ClientError | BotoCoreError, fix: str) -> str:
    """The sentence for an error of boto3's.

    Args:
        where: what the requests are about, such as `orders-api:live`.
        error: what boto3 raised.
        fix: what to do.
    """
    if isinstance(error, ClientError):
        message = str(error.response.get("Error", {}).get("Message", "")).rstrip(".")
        said = f"{error_code(error)}: {message}" if message else error_code(error)
        return f"{where}: AWS refused {error.operation_name} ({said}); {fix}"
    return f"{where}: AWS could not be asked ({str(error).rstrip('.')}); {fix}"
