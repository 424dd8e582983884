"""Saved queries of CloudWatch Logs Insights."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.observability.log_queries_config import LogQueriesConfig, query_text
from modules.observability.log_source import HasLogs


class LogQueries(Construct):
    """Queries of one log group, saved in a folder of its own: `acme-dev-orders/api/errors`.

    Attributes:
        names: name of each saved query, by the query.

    Raises:
        ConfigError: a name would be longer than CloudWatch Logs takes.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, of: HasLogs, name: str, config: LogQueriesConfig | None = None
    ) -> None:
        """Save them.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`.
            of: what logs, such as a function.
            name: the folder's name, such as `api`.
            config: which queries.
        """
        super().__init__(scope, construct_id)
        config = config or LogQueriesConfig()
        texts = {query: query_text(query, of.logs.format) for query in config.queries} | config.additional
        prefix = f"{target_of(self).naming.prefix}/{name}"
        self.names: Mapping[str, str] = {query: f"{prefix}/{query}" for query in sorted(texts)}
        for query, text in sorted(texts.items()):
            if len(self.names[query]) > limits.LOGS_MAX_QUERY_NAME_LENGTH:
                raise ConfigError.single(
                    self.node.path,
                    f"the saved query {self.names[query]} has {len(self.names[query])} characters",
                    f"a name has at most {limits.LOGS_MAX_QUERY_NAME_LENGTH} (logs API model)",
                    "shorten name",
                )
            CloudwatchQueryDefinition(
                self, query, name=self.names[query], query_string=text, log_group_names=[of.logs.group_name]
            )
