"""Map runs of Step Functions while they go on: how many of a shard's units at once."""

from __future__ import annotations

import re
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rollout.domain.errors import RolloutError

_PATIENT = Config(retries={"mode": "adaptive", "total_max_attempts": 8}, connect_timeout=10, read_timeout=30)
_ARN = re.compile(r"arn:aws(?:-[a-z]+)*:states:([a-z0-9-]+):\d{12}:execution:[^:]+:[^:]+", re.ASCII)


def brake(session: Any, execution: str, *, max_concurrent: int) -> tuple[str, ...]:
    """Let the map runs of an execution that still go on start no more than so many units at once.

    Units that run already go on to their end.

    Args:
        session: of boto3.
        execution: ARN of the execution.
        max_concurrent: at least 1, as 0 means no limit (Step Functions API, UpdateMapRun).

    Returns:
        ARNs of the map runs that were changed; empty where none goes on.

    Raises:
        RolloutError: that is no ARN of an execution, or Step Functions refused or could not be asked.
    """
    found = _ARN.fullmatch(execution)
    if found is None:
        raise RolloutError(
            f'--execution is "{execution}"; an execution\'s ARN reads like '
            "arn:aws:states:us-east-1:123456789012:execution:<state machine>:<name>; `aws stepfunctions "
            "start-execution` printed it; copy it"
        )
    client = session.client("stepfunctions", region_name=found[1], config=_PATIENT)
    try:
        pages = client.get_paginator("list_map_runs").paginate(executionArn=execution)
        going = [each["mapRunArn"] for page in pages for each in page["mapRuns"] if "stopDate" not in each]
        for arn in going:
            client.update_map_run(mapRunArn=arn, maxConcurrency=max_concurrent)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise RolloutError(
            f"{execution}: Step Functions refused {error.operation_name} ({code}); the execution is one of these "
            "credentials' account; correct that, and run the command again"
        ) from error
    except BotoCoreError as error:
        raise RolloutError(
            f"{execution}: Step Functions could not be asked ({str(error).rstrip('.')}); run the command again"
        ) from error
    finally:
        client.close()
    return tuple(going)
