"""What goes wrong, each with a real process that does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modules.core.errors import PlanError, TargetError
from rollout.adapters.terraform import Terraform
from rollout.adapters.terraform_diagnostics import TerraformError
from rollout.adapters.terraform_events import Event, Phase
from rollout.adapters.terraform_plan import Plan
from tests.rollout.adapters.fakes import environment_for, fake_terraform

CRASH_ADVICE = (
    "The provider's process died in the middle of its work: a bug in the provider or a lack of memory, not "
    "an error in the configuration; run the command again, and report it with the provider's version if it "
    "comes back."
)


def terraform_that(folder: Path, body: str, **environment: str) -> Terraform:
    program = fake_terraform(folder / "bin", body)
    work = folder / "orders"
    work.mkdir(exist_ok=True)
    given = environment_for(folder / "home", TERRAFORM_BINARY=str(program)) | environment
    return Terraform(work, environment=given, timeout_seconds=20, grace_seconds=2)


def plan_error(folder: Path, body: str) -> TerraformError:
    with terraform_that(folder, body) as terraform, pytest.raises(TerraformError) as raised:
        terraform.plan()
    return raised.value


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r'^"absent" is no folder; synthesize the stack first$'):
        Terraform(tmp_path / "absent").__enter__()


def test_a_command_outside_the_with_statement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="runs only inside its `with` statement"):
        Terraform(tmp_path).plan()


def test_diagnostics_become_one_sentence_each(tmp_path: Path) -> None:
    body = """
        print("not JSON at all")
        complain("Deprecated", "Use the other.", severity="warning")
        for _ in range(2):
            complain("creating SQS Queue (orders)",
                "api error AccessDenied:\\n  no identity-based policy allows it",
                address="aws_sqs_queue.orders")
        complain("execution halted")
        sys.exit(1)
    """
    with terraform_that(tmp_path, body) as terraform:
        with pytest.raises(PlanError) as raised:
            terraform.plan()
        assert [str(warning) for warning in terraform.warnings] == ["Deprecated. Use the other."]
    assert str(raised.value) == (
        'terraform plan in "orders" failed: aws_sqs_queue.orders: creating SQS Queue (orders). '
        "api error AccessDenied: no identity-based policy allows it.\nexecution halted."
    )


def test_error_diagnostics_count_even_with_exit_code_0(tmp_path: Path) -> None:
    body = 'complain("Half done")'
    assert str(plan_error(tmp_path, body)) == 'terraform plan in "orders" failed: Half done.'


def test_a_wrong_exit_code_without_diagnostics(tmp_path: Path) -> None:
    error = plan_error(tmp_path, "print('half a word'); sys.exit(3)")
    assert str(error) == (
        'terraform plan in "orders" failed with exit code 3 and gave no diagnostic; its output ends with: half a word.'
    )
    silent = plan_error(tmp_path, "sys.exit(3)")
    assert str(silent) == (
        'terraform plan in "orders" failed with exit code 3 and gave no diagnostic; it printed nothing at all.'
    )


def test_terraform_killed_from_outside(tmp_path: Path) -> None:
    error = plan_error(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    assert str(error) == (
        'terraform plan in "orders" failed: it was killed from outside by signal 9 (SIGKILL); most often the '
        "machine ran out of memory."
    )


def test_a_provider_that_does_not_respond(tmp_path: Path) -> None:
    body = """
        complain("Plugin did not respond", "The plugin encountered an error, and failed to respond to the "
            "plugin6.(*GRPCProvider).PlanResourceChange call. The plugin logs may contain more details.",
            address="aws_sqs_queue.orders")
        sys.exit(1)
    """
    assert str(plan_error(tmp_path, body)) == (
        'terraform plan in "orders" failed: aws_sqs_queue.orders: Plugin did not respond. The plugin '
        "encountered an "
        "error, and failed to respond to the plugin6.(*GRPCProvider).PlanResourceChange call. The plugin "
        f"logs may contain more details.\n{CRASH_ADVICE}"
    )


def test_a_crash_that_leaves_a_stack_trace_only(tmp_path: Path) -> None:
    body = """
        sys.stderr.write("Stack trace from the terraform-provider-aws_v5.100.0_x5 plugin:\\n\\n")
        sys.stderr.write("panic: nil pointer\\n")
        sys.exit(11)
    """
    assert str(plan_error(tmp_path, body)) == (
        'terraform plan in "orders" failed with exit code 11 and gave no diagnostic; its output ends with: '
        "Stack "
        f"trace from the terraform-provider-aws_v5.100.0_x5 plugin: panic: nil pointer.\n{CRASH_ADVICE}"
    )


def test_a_lock_that_another_run_holds(tmp_path: Path) -> None:
    body = """
        complain("Error acquiring the state lock", "Error message: PreconditionFailed\\nLock Info:\\n"
            "  ID:        bdf3f81c\\n  Path:      s3\\n  Who:       ci@runner\\n")
        sys.exit(1)
    """
    assert str(plan_error(tmp_path, body)).partition("\n")[2] == (
        "Another run (ci@runner) holds the lock of this state; wait until it has ended, or, if it is surely "
        "dead, release the lock with `terraform force-unlock bdf3f81c`."
    )


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ('{"format_version": ', "Expecting value: line 1 column 20 (char 19)"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("[1]", "it is no JSON object"),
        ('{"other": 1}', "it holds no format_version"),
    ],
)
def test_a_plan_that_cannot_be_read(tmp_path: Path, shown: str, why: str) -> None:
    error = plan_error(tmp_path, f"if arguments[0] == 'show': sys.stdout.write({shown!r})")
    program = tmp_path / "bin" / "terraform"
    assert str(error) == (
        f'terraform show in "orders" gave output that cannot be read ({why}); one JSON object was expected, '
        "it begins "
        f"with: {shown.strip() or 'nothing'}; check that {program} (TERRAFORM_BINARY) is Terraform 1.10 or "
        "newer"
    )


def test_a_timeout_says_how_it_ended(tmp_path: Path) -> None:
    program = fake_terraform(tmp_path / "bin", "signal.signal(signal.SIGINT, lambda *_: sys.exit(1)); time.sleep(60)")
    environment = environment_for(tmp_path / "home", TERRAFORM_BINARY=str(program))
    with Terraform(tmp_path, environment=environment, timeout_seconds=1) as terraform:
        with pytest.raises(PlanError) as raised:
            terraform.validate()
        assert str(raised.value) == (
            f'terraform validate in "{tmp_path.name}" did not end within 1 seconds and was interrupted; it '
            "then "
            "stopped by itself; plan again before you apply anything"
        )
    fake_terraform(tmp_path / "bin", "signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(60)")
    with Terraform(tmp_path, environment=environment, timeout_seconds=0.5, grace_seconds=0.2) as terraform:
        with pytest.raises(PlanError) as raised:
            terraform.destroy()
        assert str(raised.value) == (
            f'terraform apply in "{tmp_path.name}" did not end within 0.5 seconds and was interrupted; it '
            "did not stop "
            "within 0.2 seconds and was killed, so it may have left a state lock behind; plan again before "
            "you apply anything"
        )


def test_after_an_interrupt_no_further_command_finishes(tmp_path: Path) -> None:
    with terraform_that(tmp_path, "time.sleep(60)") as terraform:
        terraform.interrupt()
        with pytest.raises(PlanError, match=r'^terraform init in "orders" was interrupted; '):
            terraform.init()


def test_the_environment_is_scrubbed_and_the_arguments_are_fixed(tmp_path: Path) -> None:
    body = """
        wanted = ("TF_", "CHECKPOINT", "AWS_")
        kept = {key: value for key, value in os.environ.items() if key.startswith(wanted)}
        Path(f"{arguments[0]}.json").write_text(json.dumps([arguments, kept]))
        if arguments[0] == "show":
            say(format_version="1.2")
    """
    given = {
        "TF_REATTACH_PROVIDERS": "{}",
        "TF_CLI_ARGS": "-x",
        "TF_CLI_ARGS_plan": "-target=a.b",
        "TF_WORKSPACE": "other",
        "TF_DATA_DIR": "elsewhere",
        "TF_INPUT": "1",
        "AWS_REGION": "eu-west-1",
    }
    with terraform_that(tmp_path, body, **given) as terraform:
        plan = terraform.plan(out=tmp_path / "reviewed.tfplan", destroy=True)
        terraform.apply(plan)
    arguments, kept = json.loads((tmp_path / "orders" / "plan.json").read_text(encoding="utf-8"))
    assert arguments == ["plan", "-json", "-input=false", f"-out={tmp_path / 'reviewed.tfplan'}", "-destroy"]
    expected = {
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "AWS_REGION": "eu-west-1",
    }
    kept.pop("TF_CLI_CONFIG_FILE", None)  # there where this machine has a mirror
    assert kept == expected
    applied, _ = json.loads((tmp_path / "orders" / "apply.json").read_text(encoding="utf-8"))
    assert applied == ["apply", "-json", "-input=false", str(tmp_path / "reviewed.tfplan")]


def test_events_arrive_between_lines_that_are_none(tmp_path: Path) -> None:
    body = """
        print("[DEBUG] provider: starting")
        hook = {"resource": {"addr": "aws_vpc.main"}, "action": "create"}
        say(type="apply_start", hook=hook)
        print("{broken")
        say(type="apply_complete", hook=hook | {"elapsed_seconds": 2})
    """
    events: list[Event] = []
    program = fake_terraform(tmp_path / "bin", body)
    environment = environment_for(tmp_path / "home", TERRAFORM_BINARY=str(program))
    with Terraform(tmp_path, environment=environment, on_event=events.append) as terraform:
        terraform.apply(Plan(tmp_path / "reviewed.tfplan", {}, ()))
    assert events == [
        Event("aws_vpc.main", "create", Phase.START),
        Event("aws_vpc.main", "create", Phase.COMPLETE, 2.0),
    ]
