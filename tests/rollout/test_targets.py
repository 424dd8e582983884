"""Targets read from environments/: merging, and every problem with the file it stands in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.errors import ConfigError, SuiteError, TargetError
from rollout.targets import TargetEntry, read_targets
from tests.modules.core.samples import CI

FILES = {
    "defaults.yaml": "org: acme\nowner: orders-team\n",
    "dev/environment.yaml": "env: dev\n",
    "dev/main/account.yaml": "account: main\naccount_id: '123456789012'\n",
    "dev/main/eu-west-1.yaml": "region: eu-west-1\nstacks: {orders_api: {}}\n",
}
REGION = "dev/main/eu-west-1.yaml"
NAME = "dev-main-eu-west-1-orders_api"


def write(folder: Path, **files: str) -> Path:
    for name, text in {**FILES, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def only(folder: Path) -> TargetEntry:
    [entry] = read_targets(folder)
    return entry


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_targets(folder)
    return [str(problem) for problem in caught.value.problems]


def failure(folder: Path, **choice: str) -> str:
    with pytest.raises(TargetError) as caught:
        read_targets(folder, **choice)
    return str(caught.value)


def test_a_regions_file_makes_a_target_of_every_stack_it_names(tmp_path: Path) -> None:
    region = "region: eu-west-1\nstacks: {orders_ui: , orders_api: {key: {}}}\n"
    entries = read_targets(write(tmp_path, **{REGION: region}))
    assert [(entry.target.name, dict(entry.settings), entry.source) for entry in entries] == [
        (NAME, {"key": {}}, REGION),
        ("dev-main-eu-west-1-orders_ui", {}, REGION),
    ]


def test_targets_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {
        "prod/environment.yaml": "env: a-prod\n",
        "prod/main/account.yaml": "account: main\naccount_id: '210987654321'\n",
        "prod/main/eu-west-1.yaml": FILES[REGION],
        "dev/main/eu-central-1.yaml": "region: eu-central-1\nstacks: {orders_api: }",
    }
    assert [entry.target.name for entry in read_targets(write(tmp_path, **files))] == [
        "a-prod-main-eu-west-1-orders_api",
        "dev-main-eu-central-1-orders_api",
        NAME,
    ]


def test_files_are_merged_key_by_key_and_the_more_specific_wins(tmp_path: Path) -> None:
    files = {
        "defaults.yaml": "org: acme\nowner: a\ntags: {one: '1', two: '2'}\n"
        "stacks: {orders_api: {network: {endpoints: {gateway: [s3], interface: [sqs, kms]}, cidr: a}, key: {x: 1}}}\n",
        "dev/environment.yaml": "env: dev\ntags: {two: '22', three: '3'}\n"
        "stacks: {orders_api: {network: {endpoints: {interface: [secretsmanager]}}}}\n",
        "dev/main/account.yaml": FILES["dev/main/account.yaml"] + "owner: b\nstacks: {orders_api: {key: 5}}\n",
        REGION: "region: eu-west-1\nowner: c\nstacks: {orders_api: {network: {cidr: b}, proxy: {}}}\n",
    }
    entry = only(write(tmp_path, **files))
    assert entry.target.owner == "c"
    assert entry.target.tags == {"one": "1", "two": "22", "three": "3"}
    assert entry.settings == {
        "network": {"endpoints": {"gateway": ["s3"], "interface": ["secretsmanager"]}, "cidr": "b"},
        "key": 5,
        "proxy": {},
    }


def test_an_explicit_null_takes_back_what_a_wider_file_says(tmp_path: Path) -> None:
    files = {"dev/environment.yaml": "env: dev\ntags: {a: x}\nstacks: {orders_api: {key: {a: 1}}}\n",
             REGION: "region: eu-west-1\nstacks: {orders_api: {key: }}\n"}  # fmt: skip
    assert only(write(tmp_path, **files)).settings == {"key": None}


def test_only_a_regions_file_makes_targets(tmp_path: Path) -> None:
    stacks = "stacks: {orders_ui: {}}\n"
    files = {name: text + stacks for name, text in FILES.items() if name != REGION}
    assert [entry.target.stack for entry in read_targets(write(tmp_path, **files))] == ["orders_api"]
    (tmp_path / REGION).write_text("region: eu-west-1\n", encoding="utf-8")
    assert read_targets(tmp_path) == ()


@pytest.mark.parametrize("missing", ["defaults.yaml", "dev/environment.yaml", "dev/main/account.yaml"])
def test_a_wider_file_may_be_missing_when_the_fields_stand_elsewhere(tmp_path: Path, missing: str) -> None:
    write(tmp_path, **{REGION: "".join(FILES[name] for name in (missing, REGION))})
    (tmp_path / missing).unlink()
    assert only(tmp_path).target.name == NAME


def test_one_target_can_be_asked_for_by_name(tmp_path: Path) -> None:
    write(tmp_path, **{"dev/main/us-east-1.yaml": "region: us-east-1\nstacks: {orders_api: }"})
    assert [entry.target.region for entry in read_targets(tmp_path, only=NAME)] == ["eu-west-1"]
    assert failure(tmp_path, only="dev") == (
        f'target "dev" does not exist; there are: {NAME}, dev-main-us-east-1-orders_api; name one of them'
    )


def test_without_targets_none_can_be_asked_for(tmp_path: Path) -> None:
    assert read_targets(tmp_path) == ()
    assert failure(tmp_path, only="dev") == 'target "dev" does not exist; there are: none; name one of them'


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    assert (
        failure(folder) == f"{folder}: the folder does not exist; targets are read from it; create it, or name another"
    )


def test_all_problems_of_all_files_come_at_once_and_carry_their_file(tmp_path: Path) -> None:
    files = {
        "defaults.yaml": "org: Acme\nowner: orders-team\n",
        "dev/main/account.yaml": "account: main\naccount_id: 123456789012\n",
        REGION: "region: eu-west\nregions: x\nstacks: {orders_api: , Orders: }\n",
        "dev/main/us-east-1.yaml": "region: us-east-1\naccount_id: '123456789012'\nstacks: {orders_api: [a]}\n",
    }
    org = ("it takes 1 to 16 lowercase letters, digits and single inner hyphens, a letter first and not sg, "
           "as every name begins with it; shorten or correct it")  # fmt: skip
    region = "an AWS region reads like eu-west-1, in the partitions aws, aws-cn and aws-us-gov"
    assert problems(write(tmp_path, **files)) == [
        f"{REGION}: regions is not a field; remove it, or check its spelling",
        f'{REGION}: org is "Acme"; {org}',
        f"{REGION}: account_id is 123456789012; an AWS account id has 12 digits; write it in quotes",
        f'{REGION}: region is "eu-west"; {region}; write the region\'s code name',
        f'{REGION}: stack is "Orders"; a stack\'s name is a snake_case word of at most 31 characters; correct it',
        f'dev/main/us-east-1.yaml: org is "Acme"; {org}',
    ]


@pytest.mark.parametrize(
    ("settings", "kind"), [("[a]", "list"), ("5", "int"), ("false", "bool"), ("''", "str"), ("0", "int")]
)
def test_settings_that_are_no_mapping_are_refused_even_when_empty(tmp_path: Path, settings: str, kind: str) -> None:
    text = f"region: eu-west-1\nstacks: {{orders_api: {settings}}}\n"
    assert problems(write(tmp_path, **{REGION: text})) == [
        f"{REGION}: stacks.orders_api is a {kind}; it maps settings to values; correct it, or leave it empty"
    ]


def test_two_files_that_make_the_same_target_would_share_a_state_and_are_refused(tmp_path: Path) -> None:
    files = {"dev/main/copy.yaml": FILES[REGION], "dev/main/other.yaml": FILES[REGION]}
    rule = "a target's name and state are its own; change env, account, region or stack in one of them"
    assert problems(write(tmp_path, **files)) == [
        f'{REGION}: target "{NAME}" is also made by dev/main/copy.yaml; {rule}',
        f'dev/main/other.yaml: target "{NAME}" is also made by {REGION}; {rule}',
    ]


def test_names_that_only_join_to_the_same_target_are_refused(tmp_path: Path) -> None:
    files = {
        "a/x/r.yaml": "env: dev-x\naccount: y\naccount_id: '123456789012'\nregion: eu-west-1\nstacks: {orders_api: }",
        "b/x/r.yaml": "env: dev\naccount: x-y\naccount_id: '123456789012'\nregion: eu-west-1\nstacks: {orders_api: }",
    }
    [problem] = problems(write(tmp_path, **files))
    assert problem.startswith('b/x/r.yaml: target "dev-x-y-eu-west-1-orders_api" is also made by a/x/r.yaml; ')


@pytest.mark.parametrize(
    "name",
    [
        "dev/eu-west-1.yaml",
        "default.yaml",
        "dev/main/eu-west-1.yml",
        "defaults.yml",
        "dev/main/eu/west.yaml",
        "dev/rollout.yaml",
    ],
)
def test_a_file_that_would_have_no_effect_is_refused(tmp_path: Path, name: str) -> None:
    assert failure(write(tmp_path, **{name: "org: acme\n"})) == (
        f"{name}: the file has no effect; there are defaults.yaml, rollout.yaml, <env>/environment.yaml, "
        "<env>/<account>/account.yaml and <env>/<account>/<region>.yaml; move or rename it"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [", "the file is not YAML (while parsing a flow node"),
        ("\t", "the file is not YAML (while scanning for the next token found character '\\t'"),
        ("- a\n", "the file holds a list; it holds a mapping of fields; correct it"),
        ("text", "the file holds a str; it holds a mapping of fields; correct it"),
        ("stacks: [orders_api]", "stacks is a list; it maps stack names to settings; correct it"),
        ("stacks: orders_api", "stacks is a str; it maps stack names to settings; correct it"),
        (
            "env: dev\nenv: prod\n",
            'the file is not YAML (the key "env" stands here twice in line 2, column 1: env: prod',
        ),
        ("stacks: {a: {x: 1, x: 2}}", 'the file is not YAML (the key "x" stands here twice'),
        ("on: x", 'the file is not YAML (the key "on" is not text: write it in quotes'),
        ("stacks: {5: {}}", 'the file is not YAML (the key "5" is not text: write it in quotes'),
        ("? [a]\n: b", 'the file is not YAML (the key "…" is not text: write it in quotes'),
        ("tags: &t {a: *t}", "the file is not YAML (found unconstructable recursive node"),
        ("tags: &t [*t]", "the file is not YAML (found unconstructable recursive node"),
        ("a: !!python/object:os.system {}", "the file is not YAML (could not determine a constructor"),
        ("a: 2026-13-01", "the file is not YAML (month must be in 1..12)"),
        ("a: !!bool x", "the file is not YAML ("),
        ("a: !!timestamp x", "the file is not YAML ("),
    ],
)
def test_what_cannot_be_read_or_is_misread_is_told_with_its_file(tmp_path: Path, text: str, expected: str) -> None:
    sentence = failure(write(tmp_path, **{"dev/environment.yaml": text}))
    assert sentence.startswith(f"dev/environment.yaml: {expected}")
    assert sentence.endswith("; correct it")
    assert "\n" not in sentence


def test_bytes_that_are_no_utf_8_are_told_with_their_file(tmp_path: Path) -> None:
    (write(tmp_path) / REGION).write_bytes(b"owner: \xff\n")
    assert failure(tmp_path).startswith(f"{REGION}: the file is not YAML ('utf-8' codec can't decode")


def test_anchors_and_merge_keys_may_be_used(tmp_path: Path) -> None:
    text = "region: eu-west-1\nstacks:\n  orders_api: {key: &k {a: 1, b: 2}, proxy: {<<: *k, b: 3}}\n"
    assert only(write(tmp_path, **{REGION: text})).settings == {"key": {"a": 1, "b": 2}, "proxy": {"a": 1, "b": 3}}


@pytest.mark.parametrize(
    ("field", "written", "shown"),
    [
        ("account_id", "012345670123", "account_id is 1402433619"),  # octal
        ("env", "no", "env is False"),
        ("env", "2026-11-21", "env is datetime.date(2026, 11, 21)"),
        ("env", "1:30", "env is 90"),  # base 60
        ("env", "1e3", ""),  # YAML 1.1 takes it for text
        ("owner", "~", "owner is None"),
        ("owner", ".inf", "owner is inf"),
    ],
)
def test_what_yaml_makes_of_bare_words_is_told(tmp_path: Path, field: str, written: str, shown: str) -> None:
    text = f"{FILES[REGION]}{field}: {written}\n"
    write(tmp_path, **{REGION: text})
    if not shown:
        assert getattr(only(tmp_path).target, field) == written
        return
    [problem] = problems(tmp_path)
    assert problem.startswith(f"{REGION}: {shown}; ")
    assert problem.endswith(("; write it in quotes", "; name a team"))


VALUES = st.recursive(
    st.sampled_from(
        ["x", "5", "yes", "~", "''", "2026-01-01", "!!binary QQ==", "*a", "&a b", "{a: b}", "!!set {a}", "${x}"]
    ),
    lambda inner: st.lists(inner, max_size=2).map(lambda members: f"[{', '.join(members)}]"),
    max_leaves=3,
)
FIELDS = st.sampled_from(
    ["org", "env", "account", "account_id", "region", "owner", "tags", "stacks", "backend", "x", "5"]
)


@CI
@given(st.lists(st.tuples(FIELDS, VALUES), max_size=4), st.sampled_from(sorted(FILES)))
def test_whatever_a_file_holds_is_read_or_refused_with_its_name(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, Any]], name: str
) -> None:
    folder = write(tmp_path_factory.mktemp("environments"))
    (folder / name).write_text("".join(f"{field}: {value}\n" for field, value in lines), encoding="utf-8")
    try:
        entries = read_targets(folder)
    except SuiteError as error:
        refused = str(error)
    else:
        assert [entry.target.region for entry in entries] in ([], ["eu-west-1"])
        return
    assert all(line.startswith((f"{name}: ", f"{REGION}: ")) for line in refused.splitlines())
