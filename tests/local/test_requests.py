"""The emulator counts what it was asked."""

from __future__ import annotations

from typing import Any

from local.emulator import DEFAULT_ACCOUNT, Emulator
from local.requests import EmulatorRequest, RequestLog

REGION, OTHER = "eu-west-1", "222222222222"
SIGNED = {
    "REQUEST_METHOD": "PUT", "PATH_INFO": "/state/a",
    "HTTP_AUTHORIZATION": "AWS4-HMAC-SHA256 Credential=KEY/20261121/eu-west-1/s3/aws4_request, SignedHeaders=host",
}  # fmt: skip


def _counted(emulator: Emulator, service: str, action: str) -> dict[tuple[str, str], int]:
    return {
        (request.account_id, request.region): count
        for request, count in emulator.requests().items()
        if (request.service, request.action) == (service, action)
    }


def test_requests_are_counted_by_account_and_region(emulator: Emulator) -> None:
    for account, region, names in ((DEFAULT_ACCOUNT, REGION, "ab"), (OTHER, REGION, "a"), (OTHER, "us-east-1", "a")):
        sqs = emulator.client("sqs", region, account)
        for name in names:
            sqs.create_queue(QueueName=name)
        sqs.close()
    assert _counted(emulator, "sqs", "CreateQueue") == {
        (DEFAULT_ACCOUNT, REGION): 2, (OTHER, REGION): 1, (OTHER, "us-east-1"): 1,
    }  # fmt: skip


def test_actions_stand_in_forms_too_and_the_request_is_still_answered(emulator: Emulator) -> None:
    iam = emulator.client("iam", REGION, OTHER)
    iam.create_user(UserName="ana")
    iam.close()
    assert sum(_counted(emulator, "iam", "CreateUser").values()) == 1


def test_objects_are_counted_by_method_and_path(emulator: Emulator) -> None:
    s3 = emulator.client("s3", "us-east-1")
    s3.create_bucket(Bucket="state")
    for _ in range(3):
        s3.put_object(Bucket="state", Key="acme/a.tfstate", Body=b"x")
    s3.close()
    assert _counted(emulator, "s3", "PUT /state/acme/a.tfstate") == {(DEFAULT_ACCOUNT, "us-east-1"): 3}


def test_a_reset_forgets_them(emulator: Emulator) -> None:
    emulator.client("sqs", REGION).list_queues()
    emulator.reset()
    assert emulator.requests() == {}


def test_a_repeated_request_and_one_without_a_signature_do_not_count() -> None:
    log = RequestLog(lambda key: {"KEY": OTHER}[key])
    environs: list[dict[str, Any]] = [
        SIGNED, SIGNED | {"HTTP_AMZ_SDK_REQUEST": "attempt=2; max=3"}, {"REQUEST_METHOD": "GET", "PATH_INFO": "/"},
    ]  # fmt: skip
    for environ in environs:
        log.add(environ)
    assert log.as_json().decode().count('"count": 1') == 1
    assert EmulatorRequest(OTHER, REGION, "s3", "PUT /state/a").action in log.as_json().decode()
