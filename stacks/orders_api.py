"""orders_api: a function that keeps orders in PostgreSQL, reached through RDS Proxy with an IAM token."""

from __future__ import annotations

from modules.dashboard import Dashboard
from modules.database import Database, DatabaseProxy
from modules.function import Function
from modules.key import Key
from modules.network import Network
from modules.observability import AlarmTopic
from modules.release import Release
from stacks.base import TargetStack
from stacks.orders_api_config import OrdersApiConfig


class OrdersApi(TargetStack):
    """The stack: key, alarm topic, network, database, proxy, function with its connections, release and dashboard."""

    def build(self, config: OrdersApiConfig) -> None:  # type: ignore[override]  # each stack has its own model
        """Add the stack's modules."""
        key = Key(self, "key", config=config.key)
        topic = AlarmTopic(self, "alarm-topic", key=key, config=config.alarm_topic)
        network = Network(self, "network", config=config.network, key=key, alarm_topic=topic)
        database = Database(self, "database", config=config.database, network=network, key=key, alarm_topic=topic)
        proxy = DatabaseProxy(self, "proxy", database=database, config=config.proxy, alarm_topic=topic)
        api = Function(self, "api", config=config.function, network=network, key=key, alarm_topic=topic)

        api.connect_to(proxy, user=config.database.master_username)
        api.connect_to(network.endpoint("s3"))
        api.connect_to(network.endpoint("secretsmanager"))

        if config.releases_by_codedeploy:
            release = Release(self, "api-release", function=api, config=config.release, alarm_topic=topic)
            self.output("releases", [release.output], "What `lambdanet release` shifts")
        dashboard = Dashboard(
            self, "dashboard", config=config.dashboard, functions=[api], network=network, proxies=[proxy],
            databases=[database],
        )  # fmt: skip

        self.output("vpc_id", network.vpc_id, "The VPC")
        self.output("private_subnet_ids", list(network.private_subnet_ids), "Subnets of the function")
        self.output("function_name", api.function_name, "The function")
        self.output("function_role_name", api.role.name, "Role of the function")
        self.output("function_security_group_ids", list(api.attachment.security_group_ids), "Groups of the function")
        self.output("database_identifier", database.instance_id, "The database")
        self.output("proxy_name", proxy.name, "The proxy")
        self.output("proxy_endpoint", proxy.endpoint, "Host that the function connects to")
        self.output("dashboard_name", dashboard.name, "Dashboard of the path from trigger to database")
        self.output("alarm_topic_arn", topic.arn, "Topic that every alarm publishes to")
        self.output(
            "alarm_names",
            sorted((*network.alarm_names, *database.alarm_names, *proxy.alarm_names, *api.alarm_names)),
            "Every alarm, so that a rollout can wait for them",
        )
