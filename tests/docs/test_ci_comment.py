"""The script that comments on a pull request, run by Node with GitHub's answers put in its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.processes import wheel_node
from tests.synth.project import clean_environment, run

MARKER = "<!-- lambdanet review -->"
LONGEST = 65_536
HARNESS = """
const given = JSON.parse(process.argv[1]);
const done = { outputs: {}, said: [] };
const call = (name) => async (options) => { done[name] = options; };
const rest = {
  pulls: { list: 'pulls' },
  issues: { listComments: 'comments', createComment: call('created'), updateComment: call('updated') },
};
const paginate = async (what, options) => { done[what] = options; return given[what]; };
const core = { setOutput: (name, value) => { done.outputs[name] = value; }, info: (text) => done.said.push(text) };
const context = { repo: { owner: 'acme', repo: 'shop' }, payload: { workflow_run: given.run } };
const script = async (github, core, context) => { SCRIPT };
script({ rest, paginate }, core, context).then(() => console.log(JSON.stringify(done)));
"""


def script() -> str:
    workflow = yaml.safe_load(Path(".github/workflows/comment.yml").read_text(encoding="utf-8"))
    [found] = [step["with"]["script"] for step in workflow["jobs"]["comment"]["steps"] if step.get("id") == "comment"]
    return str(found)


def comment(
    folder: Path, *, page: str | None = "a page", comments: tuple[Any, ...] = (), head: str = "abc", fork: bool = False
) -> Any:
    """What the script does."""
    (folder / "review").mkdir()
    if page is not None:
        (folder / "review" / "page.md").write_text(page, encoding="utf-8")
        (folder / "review" / "check.sarif").write_text("{}", encoding="utf-8")
    owner = "stranger" if fork else "acme"
    repository = {"full_name": f"{owner}/shop", "owner": {"login": owner}}
    ended = {"head_sha": "abc", "head_branch": "change", "head_repository": repository, "conclusion": "success"}
    given = {
        "run": {**ended, "html_url": "https://github.com/acme/shop/actions/runs/1"},
        "pulls": [{"number": 7, "head": {"sha": head}}],
        "comments": comments,
    }
    code = HARNESS.replace("SCRIPT", script())
    result = run([wheel_node(), "-e", code, json.dumps(given)], cwd=folder, environment=clean_environment())
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def by_bot(number: int, body: str) -> dict[str, Any]:
    return {"id": number, "user": {"login": "github-actions[bot]"}, "body": body}


def test_a_comment_is_written(tmp_path: Path) -> None:
    done = comment(tmp_path)

    assert done["created"]["issue_number"] == 7
    assert done["created"]["body"].startswith(f"{MARKER}\na page\n\n[The run](https://")
    assert done["created"]["body"].endswith("ended with success.")
    assert done["outputs"] == {"number": 7, "judged": True}


def test_the_same_comment_is_written_anew(tmp_path: Path) -> None:
    others = ({**by_bot(1, f"{MARKER}\nold"), "user": {"login": "somebody"}}, by_bot(2, "a word of another workflow"))
    done = comment(tmp_path, page=f"{MARKER}\nnew", comments=(*others, by_bot(3, f"{MARKER}\nold")))

    assert "created" not in done
    assert done["updated"]["comment_id"] == 3
    assert done["updated"]["body"].count(MARKER) == 1


def test_a_run_that_a_newer_commit_has_overtaken_says_nothing(tmp_path: Path) -> None:
    done = comment(tmp_path, head="def")

    assert not {"created", "updated"} & set(done)
    assert done["outputs"] == {}


def test_a_run_without_a_page_is_told(tmp_path: Path) -> None:
    done = comment(tmp_path, page=None)

    assert "Nothing could be judged." in done["created"]["body"]
    assert done["outputs"]["judged"] is False


def test_a_fork_is_told_and_its_pull_request_found_by_its_own_branch(tmp_path: Path) -> None:
    done = comment(tmp_path, fork=True)

    assert done["pulls"] == {"owner": "acme", "repo": "shop", "head": "stranger:change", "state": "open"}
    assert "Written by code of a fork, without plans." in done["created"]["body"]


@pytest.mark.parametrize("lines", [6_000, 60_000])
def test_a_long_page_is_cut_at_a_line(tmp_path: Path, lines: int) -> None:
    body = comment(tmp_path, page="ten words!\n" * lines)["created"]["body"]

    assert len(body) <= LONGEST
    assert "ten words!\n\n[The run]" in body
    assert body.endswith("its artifact holds the rest of this page.")
