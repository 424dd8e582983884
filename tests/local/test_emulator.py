"""The life of the emulator's process, and the environment it yields."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.emulator import Emulator
from local.failures import EmulatorFailure
from modules.core.errors import TargetError
from tests.local.conftest import REGION, Clients

ROOT = Path(__file__).resolve().parents[2]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def test_two_emulators_run_side_by_side_with_resources_of_their_own(emulator: Emulator) -> None:
    with Emulator() as other:
        assert other.endpoint_url != emulator.endpoint_url
        queues, others = emulator.client("sqs", REGION), other.client("sqs", REGION)
        queues.create_queue(QueueName="mine")
        assert len(queues.list_queues()["QueueUrls"]) == 1
        assert "QueueUrls" not in others.list_queues()
        queues.close()
        others.close()


def test_stop_leaves_no_process_and_may_be_repeated() -> None:
    emulator = Emulator()
    emulator.start()
    pid, url = emulator.pid, emulator.endpoint_url
    assert is_alive(pid)
    emulator.stop()
    emulator.stop()
    assert not is_alive(pid)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=2)  # noqa: S310 - the emulator's own http address


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_goes_with_its_parent_however_that_dies(kill: signal.Signals) -> None:
    program = (
        "import time; from local.emulator import Emulator; e = Emulator(); e.start(); "
        "print(e.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT)
    with parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        assert is_alive(server)
        parent.send_signal(kill)
        parent.wait()
        assert wait_until_gone(server)


def test_a_server_that_cannot_start_is_reported_with_its_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os; os.write(2, b'no moto today\\n'); os._exit(3)", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    emulator = Emulator()
    with pytest.raises(TargetError) as caught:
        emulator.start()
    assert str(caught.value) == ("local emulator: its process ended with status 3; its last output was:\nno moto today")
    with pytest.raises(TargetError):
        _ = emulator.pid


def test_a_server_that_reports_no_port_is_stopped_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('hello', flush=True)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    emulator = Emulator()
    with pytest.raises(TargetError) as caught:
        emulator.start()
    assert str(caught.value) == (
        "local emulator: it reported 'hello' instead of its port; its last output was:\n(it wrote nothing)"
    )


def test_a_server_that_takes_too_long_is_stopped_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid_file = tmp_path / "pid"
    (tmp_path / "sitecustomize.py").write_text(
        f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(TargetError) as caught:
        Emulator(start_timeout=1.5).start()
    assert str(caught.value) == (
        "local emulator: it was not ready after 1.5 s; its last output was:\n(it wrote nothing)"
    )
    assert not is_alive(int(pid_file.read_text(encoding="utf-8")))


def test_using_it_before_start_says_how_to_start_it() -> None:
    with pytest.raises(TargetError) as caught:
        Emulator().environment(REGION)
    assert str(caught.value) == ("local emulator: it is not running; use it inside `with Emulator() as emulator:`")


def test_starting_it_twice_is_refused(emulator: Emulator) -> None:
    with pytest.raises(TargetError) as caught:
        emulator.start()
    assert str(caught.value) == "local emulator: it is already running; stop it before starting it again"


def test_nothing_of_the_users_aws_settings_reaches_the_environment(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_ROLE_ARN", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, "the user's")
    monkeypatch.setenv("NO_PROXY", "internal.example")
    environment = emulator.environment(REGION)
    assert {name: value for name, value in environment.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": emulator.endpoint_url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    assert environment["NO_PROXY"] == "internal.example,127.0.0.1"
    assert environment["PATH"] == os.environ["PATH"]


def test_a_session_ignores_the_users_profile(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "does-not-exist")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    client = emulator.client("sts", REGION)
    assert client.get_caller_identity()["Account"] == "123456789012"
    client.close()


def test_another_account_has_resources_of_its_own(emulator: Emulator, clients: Clients) -> None:
    clients("sqs").create_queue(QueueName="default-account")
    token = emulator.environment(REGION, "222222222222")["AWS_SESSION_TOKEN"]
    other, identity = (emulator.client(service, REGION, "222222222222") for service in ("sqs", "sts"))
    assert token
    assert identity.get_caller_identity()["Account"] == "222222222222"
    assert "QueueUrls" not in other.list_queues()
    other.close()
    identity.close()


def test_managed_policies_exist_on_request_only(clients: Clients) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    without = clients("iam")
    with pytest.raises(without.exceptions.NoSuchEntityException):
        without.get_policy(PolicyArn=arn)
    with Emulator(load_managed_policies=True) as emulator:
        client = emulator.client("iam", REGION)
        assert client.get_policy(PolicyArn=arn)["Policy"]["PolicyName"] == "AWSLambdaVPCAccessExecutionRole"
        client.close()


def test_an_action_that_moto_lacks_is_answered_in_the_services_protocol_and_listed(
    emulator: Emulator, clients: Clients
) -> None:
    rds = clients("rds")
    with pytest.raises(rds.exceptions.ClientError) as caught:
        rds.backtrack_db_cluster(DBClusterIdentifier="c", BacktrackTo=datetime(2026, 1, 1, tzinfo=UTC))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert caught.value.response["Error"]["Message"] == (
        "the emulator failed: rds BacktrackDBCluster: The backtrack_db_cluster action has not been implemented"
    )
    assert emulator.failures() == [
        EmulatorFailure(
            "rds",
            "BacktrackDBCluster",
            "The backtrack_db_cluster action has not been implemented",
        )
    ]


def test_a_path_that_moto_lacks_is_listed(emulator: Emulator, clients: Clients) -> None:
    xray = clients("xray")
    with pytest.raises(xray.exceptions.ClientError) as caught:
        xray.create_group(GroupName="g")
    assert caught.value.response["Error"]["Message"] == (
        "the emulator failed: xray POST /CreateGroup: moto has no such path"
    )
    assert [str(failure) for failure in emulator.failures()] == ["xray POST /CreateGroup: moto has no such path"]


def test_an_error_of_the_service_is_no_failure(emulator: Emulator, clients: Clients) -> None:
    sqs = clients("sqs")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="none")
    assert emulator.failures() == []


def test_reset_forgets_resources_and_failures(emulator: Emulator, clients: Clients) -> None:
    sqs, xray = clients("sqs"), clients("xray")
    sqs.create_queue(QueueName="q")
    with pytest.raises(xray.exceptions.ClientError):
        xray.create_group(GroupName="g")
    emulator.reset()
    assert "QueueUrls" not in sqs.list_queues()
    assert emulator.failures() == []
