"""Tables, secrets and a key of its own, and a function that uses each of them."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from tests.apply.harness import Applied, Prove
from tests.apply.tables_and_secrets import COPY_KEY, NAME, build

ACCOUNT, REGION = "123456789012", "eu-west-1"
UNSCANNED = (
    "Checkov wants functions in a VPC (CKV_AWS_117) and with dead letters (CKV_AWS_116), and every secret rotated "
    "(CKV2_AWS_57); these are about neither network nor failures, and one secret is filled by somebody else"
)


def test_tables_secrets_and_keys_with_a_function_that_uses_each(prove: Prove) -> None:
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        _orders_have_what_was_asked_for(applied)
        _counters_scale(applied)
        _idempotency_has_the_names_that_powertools_expects(applied)
        _tables_are_closed_and_watched(applied)
        _secrets_are_closed_and_one_is_rotated(applied)
        _a_function_uses_each(applied)
        _a_role_is_kept_to_what_it_was_granted(applied)
        _another_version_puts_another_password_and_changes_nothing_else(applied)


def _orders_have_what_was_asked_for(applied: Applied) -> None:
    dynamodb = applied.client("dynamodb")
    table = dynamodb.describe_table(TableName=NAME.format("orders"))["Table"]
    assert _keys(table) == {"HASH": "customer", "RANGE": "placed"}
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    assert types == {"customer": "S", "number": "S", "placed": "N", "status": "S", "total": "N"}
    indexes = {each["IndexName"]: each for each in table["GlobalSecondaryIndexes"]}
    assert _keys(indexes["by-status"]) == {"HASH": "status", "RANGE": "placed"}
    assert indexes["by-total"]["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["currency"]}
    (local,) = table["LocalSecondaryIndexes"]
    assert (_keys(local), local["Projection"]["ProjectionType"]) == (
        {"HASH": "customer", "RANGE": "number"},
        "KEYS_ONLY",
    )
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    bounds = {"MaxReadRequestUnits": 400, "MaxWriteRequestUnits": 200}
    assert [each["OnDemandThroughput"] for each in (table, *indexes.values())] == [bounds] * 3
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["LatestStreamArn"] == applied.outputs["stream"]
    assert table["SSEDescription"]["KMSMasterKeyArn"] == applied.outputs["keys"]["key"]
    backups = dynamodb.describe_continuous_backups(TableName=NAME.format("orders"))["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    assert (recovery["PointInTimeRecoveryStatus"], recovery["RecoveryPeriodInDays"]) == ("ENABLED", 14)
    for index in ({}, {"IndexName": "by-status"}, {"IndexName": "by-total"}):
        insights = dynamodb.describe_contributor_insights(TableName=NAME.format("orders"), **index)
        assert insights["ContributorInsightsStatus"] == "ENABLED"


def _counters_scale(applied: Applied) -> None:
    name = NAME.format("counters")
    table = applied.client("dynamodb").describe_table(TableName=name)["Table"]
    (index,) = table["GlobalSecondaryIndexes"]
    assert [_units(each) for each in (table, index)] == [(5, 2), (50, 20)]
    assert table["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    scaling = applied.client("application-autoscaling")
    targets = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    assert {(each["ScalableDimension"], each["MinCapacity"], each["MaxCapacity"]) for each in targets} == {
        ("dynamodb:table:ReadCapacityUnits", 5, 50),
        ("dynamodb:table:WriteCapacityUnits", 2, 20),
    }
    policies = scaling.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"]
    tracked = [(each["ResourceId"], each["TargetTrackingScalingPolicyConfiguration"]) for each in policies]
    assert {
        (resource, policy["PredefinedMetricSpecification"]["PredefinedMetricType"], policy["TargetValue"])
        for resource, policy in tracked
    } == {
        (f"table/{name}", "DynamoDBReadCapacityUtilization", 70.0),
        (f"table/{name}", "DynamoDBWriteCapacityUtilization", 60.0),
    }


def _idempotency_has_the_names_that_powertools_expects(applied: Applied) -> None:
    dynamodb, name = applied.client("dynamodb"), NAME.format("once")
    assert _keys(dynamodb.describe_table(TableName=name)["Table"]) == {"HASH": "id"}
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "expiration",
    }


def _tables_are_closed_and_watched(applied: Applied) -> None:
    dynamodb = applied.client("dynamodb")
    for name in ("orders", "counters", "once"):
        arn = _table_arn(name)
        everything = [arn] if name == "once" else [arn, f"{arn}/index/*"]
        denied = _statements(dynamodb.get_resource_policy(ResourceArn=arn)["Policy"])
        assert {sid: (each["Effect"], each["Resource"]) for sid, each in denied.items()} == {
            "DenyPlainHttp": ("Deny", everything),
            "ThisAccountOnly": ("Deny", everything),
        }
    alarms = applied.client("cloudwatch").describe_alarms(AlarmNames=applied.outputs["alarms"])["MetricAlarms"]
    watched = {
        (each.get("MetricName"), *sorted(dimension["Value"] for dimension in each["Dimensions"]))
        for each in alarms
        if each.get("MetricName")
    }
    assert watched == {
        (f"{kind}ThrottleEvents", *sorted((NAME.format("orders"), *index)))
        for kind in ("Read", "Write")
        for index in ((), ("by-status",), ("by-total",))
    }
    (failures,) = [each for each in alarms if each.get("Metrics")]
    terms = [each["MetricStat"]["Metric"] for each in failures["Metrics"] if "MetricStat" in each]
    assert {term["MetricName"] for term in terms} == {"SystemErrors"}
    assert {"Operation", "TableName"} == {each["Name"] for term in terms for each in term["Dimensions"]}


def _secrets_are_closed_and_one_is_rotated(applied: Applied) -> None:
    secrets = applied.client("secretsmanager")
    for arn in applied.outputs["secrets"].values():
        assert secrets.describe_secret(SecretId=arn)["KmsKeyId"] == applied.outputs["keys"]["key"]
        assert set(_statements(secrets.get_resource_policy(SecretId=arn)["ResourcePolicy"])) == {
            "DenyPlainHttp",
            "ThisAccountOnly",
        }
    value = _value(applied)
    assert {name: value[name] for name in value if name != "password"} == {
        "username": "orders",
        "engine": "postgres",
        "port": 5432,
        "dbname": "orders",
    }
    assert len(value["password"]) == 32
    assert not set(value["password"]) & set("/@\"'\\ ")
    login = secrets.describe_secret(SecretId=applied.outputs["secrets"]["login"])
    assert login["RotationEnabled"] is True
    assert login["RotationRules"] == {"AutomaticallyAfterDays": 7, "Duration": "3h"}
    assert login["RotationLambdaARN"] == f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME.format('rotator')}"
    partner = secrets.describe_secret(SecretId=applied.outputs["secrets"]["partner"])
    assert "VersionIdsToStages" not in partner
    assert [(copy["Region"], copy["KmsKeyId"]) for copy in partner["ReplicationStatus"]] == [("us-east-1", COPY_KEY)]

    policy = applied.client("lambda").get_policy(FunctionName=NAME.format("rotator"))["Policy"]
    (invokes,) = _statements(policy).values()
    assert invokes["Principal"] == {"Service": "secretsmanager.amazonaws.com"}
    assert invokes["Condition"]["StringEquals"] == {"AWS:SourceAccount": ACCOUNT}
    rotates = _role_statements(applied, "rotator")
    arn = applied.outputs["secrets"]["login"]
    assert (rotates["RotateLogin"]["Action"], rotates["RotateLogin"]["Resource"]) == (
        [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ],
        [arn],
    )
    assert rotates["EncryptLogin"]["Condition"]["StringEquals"] == {
        "kms:ViaService": [f"secretsmanager.{REGION}.amazonaws.com"],
        "kms:EncryptionContext:SecretARN": [arn],
    }


def _a_function_uses_each(applied: Applied) -> None:
    keys, secrets = applied.outputs["keys"], applied.outputs["secrets"]
    function = applied.client("lambda").get_function_configuration(FunctionName=NAME.format("api"))
    assert function["Environment"]["Variables"] == {
        "ORDERS_TABLE": NAME.format("orders"),
        "COUNTERS_TABLE": NAME.format("counters"),
        "ONCE_TABLE": NAME.format("once"),
        "LOGIN_SECRET_ARN": secrets["login"],
        "PARTNER_SECRET_ARN": secrets["partner"],
        "TOKENS_KEY_ARN": keys["tokens"],
    }
    found = _role_statements(applied, "api")
    orders = _table_arn("orders")
    assert found["ReadOrders"]["Resource"] == [
        orders,
        *(f"{orders}/index/{index}" for index in ("by-number", "by-status", "by-total")),
    ]
    assert "dynamodb:PutItem" in found["WriteOrders"]["Action"]
    assert found["WriteOrders"]["Resource"] == [orders]
    assert "WriteCounters" not in found
    assert found["EncryptOrders"]["Resource"] == [keys["key"]]
    assert found["EncryptOrders"]["Condition"] == {
        "StringEquals": {"kms:ViaService": [f"dynamodb.{REGION}.amazonaws.com"]}
    }
    assert found["DecryptCounters"]["Action"] == ["kms:Decrypt", "kms:DescribeKey"]
    for name in ("login", "partner"):
        read = found[f"Read{name.capitalize()}"]
        assert (read["Action"], read["Resource"]) == (["secretsmanager:GetSecretValue"], [secrets[name]])
        assert found[f"Decrypt{name.capitalize()}"]["Condition"]["StringEquals"]["kms:EncryptionContext:SecretARN"] == [
            secrets[name]
        ]
    (direct,) = [each for sid, each in found.items() if sid.startswith("EncryptDecryptWithTokens")]
    assert (direct["Action"], direct["Resource"], direct["Condition"]) == (
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        [keys["tokens"]],
        {"StringEquals": {"kms:EncryptionContext:purpose": ["session"]}},
    )


def _a_role_is_kept_to_what_it_was_granted(applied: Applied) -> None:
    found = _role_statements(applied, "reader")
    (read,) = [each for sid, each in found.items() if sid.startswith("ReadOrders")]
    assert read["Resource"] == [_table_arn("orders")]
    assert "dynamodb:Scan" not in read["Action"]
    assert read["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
        "Null": {"dynamodb:LeadingKeys": ["false"]},
    }
    assert found["ReadStreamOfOrders"]["Resource"] == [applied.outputs["stream"]]
    assert found["WritePartner"]["Action"] == ["secretsmanager:PutSecretValue"]


def _another_version_puts_another_password_and_changes_nothing_else(applied: Applied) -> None:
    before = _value(applied)
    plan = applied.apply(partial(build, value_version=2))
    changed = [(each.type, each.actions) for each in plan.resource_changes if not each.is_quiet]
    assert changed == [("aws_secretsmanager_secret_version", ("delete", "create"))]
    assert _value(applied)["password"] != before["password"]


def _value(applied: Applied) -> dict[str, Any]:
    secret = applied.client("secretsmanager").get_secret_value(SecretId=applied.outputs["secrets"]["login"])
    found: dict[str, Any] = json.loads(secret["SecretString"])
    return found


def _keys(thing: dict[str, Any]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in thing["KeySchema"]}


def _units(thing: dict[str, Any]) -> tuple[int, int]:
    units = thing["ProvisionedThroughput"]
    return units["ReadCapacityUnits"], units["WriteCapacityUnits"]


def _table_arn(name: str) -> str:
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{NAME.format(name)}"


def _statements(policy: str) -> dict[str, dict[str, Any]]:
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def _role_statements(applied: Applied, name: str) -> dict[str, dict[str, Any]]:
    role = NAME.format(name)
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {each["Sid"]: each for each in document["Statement"]}
