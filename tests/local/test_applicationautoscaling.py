"""The extension of Application Auto Scaling."""

from __future__ import annotations

from tests.local.conftest import Clients


def test_a_scalable_target_has_tags(clients: Clients) -> None:
    client = clients("application-autoscaling")
    target = {
        "ServiceNamespace": "rds",
        "ResourceId": "cluster:c",
        "ScalableDimension": "rds:cluster:ReadReplicaCount",
        "MinCapacity": 1,
        "MaxCapacity": 4,
    }
    arn = client.register_scalable_target(**target, Tags={"env": "dev", "owner": "me"})["ScalableTargetARN"]
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"env": "dev", "owner": "me"}
    client.tag_resource(ResourceARN=arn, Tags={"env": "prod"})
    client.untag_resource(ResourceARN=arn, TagKeys=["owner"])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"env": "prod"}
    client.register_scalable_target(**{**target, "MaxCapacity": 6})
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"env": "prod"}
