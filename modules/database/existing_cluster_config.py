"""Configuration of a cluster that another stack or another tool made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf
from modules.database.cluster_config import CLUSTER_ENGINES
from modules.database.cluster_fields import Acu
from modules.database.existing_config import ExistingDatabaseConfig

_CLUSTER_ARN = rf"arn:aws(?:-cn|-us-gov)?:rds:{limits.REGION}:\d{{12}}:cluster:[a-z](?:-?[a-z0-9])*"


class ExistingDatabaseClusterConfig(ExistingDatabaseConfig):
    """What is known of an Aurora cluster or a Multi-AZ DB cluster that exists already.

    The fields that an instance has mean the cluster's here: its identifier, its writer endpoint, its resource id.

    Raises:
        ConfigError: with every refused field.
    """

    engine: Annotated[str, OneOf(CLUSTER_ENGINES, "a cluster's engine", literal=True)] = Field(
        description="Engine of the cluster."
    )
    resource_id: Annotated[
        str,
        Matching(
            r"cluster-[A-Z0-9]{1,60}",
            "a cluster's resource id reads like cluster-ABCDEFGHIJKL0123456789MNOP",
            "copy DbClusterResourceId from RDS; it is not the identifier",
        ),
    ] = Field(description="Resource id, which permissions to sign in name.")
    reader_host: Annotated[
        str,
        Matching(
            r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?",
            "a host reads like orders.cluster-ro-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
            "copy the reader endpoint from RDS, without its port",
            253,
        ),
    ] = Field(default="", description="Host name of its reader endpoint; empty where nothing here reads.")
    data_api_cluster_arn: Annotated[
        str,
        Matching(
            rf"(?:{_CLUSTER_ARN})?",
            "a cluster's ARN reads like arn:aws:rds:eu-west-1:123456789012:cluster:orders",
            "copy it from RDS",
        ),
    ] = Field(default="", description="ARN of the cluster, if its Data API is on and used here.")
    min_acu: Acu = Field(default=0.5, description="Least capacity of Serverless v2, in ACU; 0 pauses it.")
    max_acu: Acu = Field(default=0.0, description="Most capacity of Serverless v2, in ACU; 0 for another cluster.")

    def cross_checks(self) -> Iterator[Problem]:
        """A class or capacity units, in order, and what only Aurora has."""
        yield from super().cross_checks()
        if not self.max_acu and self.min_acu == 0:
            yield Problem(
                "", "min_acu is 0, and max_acu is 0", "only a Serverless v2 cluster pauses", "set max_acu to its own"
            )
        elif self.max_acu and self.max_acu < max(self.min_acu, 1):
            given = f"max_acu is {self.max_acu:g}"
            allowed = f"it is at least 1, and at least min_acu ({self.min_acu:g}) (Aurora guide)"
            yield Problem("", given, allowed, "copy both from RDS")
        aurora = {f"max_acu is {self.max_acu:g}": self.max_acu > 0,
                  "data_api_cluster_arn is set": bool(self.data_api_cluster_arn)}  # fmt: skip
        for given in (given for given, is_set in aurora.items() if is_set and not self.engine_data.is_aurora):
            yield Problem("", f'{given}, and engine is "{self.engine}"', "only Aurora has it", "remove it")
        if self.max_acu and self.instance_class:
            given = f'instance_class is "{self.instance_class}", and max_acu is {self.max_acu:g}'
            yield Problem("", given, "a Serverless v2 cluster is sized by its capacity", "remove one of the two")
