"""What Terraform is told, by a program that writes it down."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from rollout.adapters import root
from rollout.domain.ports import Part
from tests.rollout.adapters.fakes import environment_for, fake_terraform
from tests.rollout.adapters.unit_world import NEVER, World

BODY = """
    import shlex
    log = Path(os.environ["HOME"], "log")
    lock = Path(".terraform.lock.hcl")
    if arguments[0] == "init" and not lock.exists():
        lock.write_text(f"# made by command {len(log.read_text().splitlines()) if log.exists() else 0}")
    with log.open("a") as told:
        told.write(shlex.join(arguments) + "\\n")
    if arguments[0] == "plan":
        Path(next(each for each in arguments if each.startswith("-out="))[5:]).write_bytes(b"plan")
    if arguments[0] == "show":
        sys.stdout.write(json.dumps({"format_version": "1.2", "resource_changes": [], "applyable": True}))
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    program = fake_terraform(tmp_path / "bin", BODY)
    environment = environment_for(tmp_path / "home", TERRAFORM_BINARY=str(program), AWS_ENDPOINT_URL="http://here")
    return World(tmp_path, environment=environment, lock_wait_minutes=2)


def told(world: World) -> list[list[str]]:
    log = world.project / "home" / "log"
    lines = [shlex.split(line) for line in log.read_text(encoding="utf-8").splitlines()]
    log.unlink()
    work = str(world.work)
    return [[word.replace(work, "WORK") if "tfplan" not in word else "PLAN" for word in line] for line in lines]


def test_a_role_that_only_reads_plans_without_a_lock(world: World) -> None:
    world.write("first=one")
    facts = world.plan()
    path = f"-backend-config=path={world.project}/terraform.{world.target.name}.tfstate"
    assert told(world) == [
        ["init", "-input=false", "-no-color", path],
        ["plan", "-json", "-input=false", "PLAN", "-lock=false"],
        ["show", "-json", "-no-color", "PLAN"],
    ]
    assert world.apply(facts).is_applied
    assert told(world) == [
        ["init", "-input=false", "-no-color", path, "-lockfile=readonly"],
        ["apply", "-json", "-input=false", "-lock-timeout=120s", "PLAN"],
    ]


def test_s3_at_another_endpoint_is_asked_by_path(world: World) -> None:
    world.write("first=one", backend={"s3": {"bucket": "b", "key": "k", "region": "eu-west-1"}})
    world.plan()
    assert told(world)[0] == ["init", "-input=false", "-no-color", "-backend-config=use_path_style=true"]


def test_roots_that_ask_for_the_same_providers_get_the_same_lock_file(world: World) -> None:
    unit = world.unit
    wanted = {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}
    locks: list[str] = []
    for providers in (wanted, wanted, {"aws": {"source": "hashicorp/aws", "version": "~> 6.0"}}):
        world.write("first=one")
        folder = world.project / "cdktf.out" / "stacks" / world.target.name
        document = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
        document["terraform"]["required_providers"] = providers
        (folder / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
        world.store.put(world.run.id, world.target.name, Part.ROOT, root.pack(folder))
        assert unit.plan(world.run, world.target, interrupt=NEVER).facts is not None
        unpacked = world.project / f"unpacked-{len(locks)}"
        root.unpack(world.store.get(world.run.id, world.target.name, Part.ROOT), unpacked)
        locks.append((unpacked / ".terraform.lock.hcl").read_text(encoding="utf-8"))
    assert locks == ["# made by command 0", "# made by command 0", "# made by command 6"]
