"""No secret stands in the environment of a function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.plan import UNKNOWN, Links, Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import function, merged, resource
from policies.shared.secret_references import secrets_among
from policies.shared.secret_values import secret_in
from policies.view import View

_PATH = "environment.variables"
Found = tuple[list[str], list[str]]
"""What is a secret for certain, and what may be one."""


def judge(view: View) -> Iterator[Verdict]:
    """Each function by names, values and references of its variables; messages never hold a value."""
    for entry in view.functions:
        problems, doubts = _of_function(view, entry)
        if problems:
            yield failed(entry, "; ".join(problems))
        elif doubts:
            yield unknown(entry, "; ".join(doubts))
        else:
            yield passed(entry)


def _of_function(view: View, function: Resource) -> Found:
    variables = function.get(_PATH)
    if variables is UNKNOWN and not view.plan.is_configured(function, "environment"):
        return [], []
    written = [entry for entry in view.plan.constants(function, _PATH) if isinstance(entry, Mapping)]
    texts = dict(written[0]) if len(written) == 1 else {}
    values = dict(variables) if isinstance(variables, Mapping) else dict.fromkeys(texts, UNKNOWN)
    problems, doubts = list[str](), list[str]()
    for name in sorted(values):
        found = _of_variable(view, function, name, values[name], str(texts.get(name, "")))
        problems += found[0]
        doubts += found[1]
    if not texts:
        secrets, others = secrets_among(view.plan.links(function, _PATH))
        problems += [f"a variable refers to {text}, which is a secret" for text in secrets]
        if variables is UNKNOWN:
            doubts.append(f"the values of {_PATH} are known only after apply")
        elif UNKNOWN in values.values():
            doubts += [f"{text}, which a variable refers to, is known only after apply" for text in others]
    return problems, doubts


def _of_variable(view: View, function: Resource, name: str, value: Any, text: str) -> Found:
    is_expression = "${" in text
    links = view.plan.text_links(function, text) if is_expression else Links()
    secrets, others = secrets_among(links, text)
    if secrets:
        return [f"{name} refers to {', '.join(secrets)}, which is a secret"], []
    known = text if value is UNKNOWN and text and not is_expression else value
    if isinstance(known, str | int | float):  # JSON may write a number
        kind = secret_in(view.plan, name, str(known))
        return ([f"{name} holds {kind}"] if kind else []), []
    if others and is_expression:
        return [], [f"what {name} holds is known only after apply ({', '.join(others)})"]
    return [], []


_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sample-orders-AbCdEf"
_AWS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
"""AWS's own example of an access key ID, in two parts so that scanners of this file stay silent."""
_RANDOM = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"
"""AWS's own example of a secret access key."""


def _with(name: str, variables: Mapping[str, str]) -> Sample:
    return function(name, environment={"variables": dict(variables)})


_EXAMPLE = "correct-horse"
_CLUSTER = {
    "cluster_identifier": "sample-orders",
    "engine": "aurora-postgresql",
    "master_username": "orders",
    "master_password": _EXAMPLE,
    "skip_final_snapshot": True,
}
_VALUE = {
    "secret_id": "${aws_secretsmanager_secret.orders.id}",
    "secret_string": '{"host":"db","token":"correct-horse"}',
}
_SECRET = resource("aws_secretsmanager_secret", "orders", name="sample-orders", recovery_window_in_days=0)
_PART = "${{jsondecode(aws_secretsmanager_secret_version.orders.secret_string).{}}}"

POLICY = Policy(
    id="CKV2_LNET_704",
    title="No secret stands in the environment of a function",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Whoever may read the function's configuration, the plan or the state reads the secret, and nobody can rotate "
    "it without a deployment.",
    source="Lambda guide, environment variables: use Secrets Manager for database credentials and other secrets",
    fix="Keep it in Secrets Manager, pass its ARN, and let the code read it; sign in to databases by IAM.",
    judge=judge,
    samples=(
        merged(
            _SECRET,
            resource("terraform_data", "values", input={"where": _ARN, "what": "correct horse"}),
            function("passes_without"),
            _with("passes_by_arn", {"DB_SECRET_ARN": "${aws_secretsmanager_secret.orders.arn}", "TABLE": "orders"}),
            _with(
                "passes_by_name",
                {"DB_SECRET": "sample-orders", "API_TOKEN": "prod/orders/token", "DB_PASSWORD": _ARN},
            ),
            _with(
                "passes_by_meaning",
                {"TOKEN_TTL": "3600", "MAX_TOKENS": "400", "TOKEN_URL": "https://auth.example.com/token"},
            ),
            _with("passes_by_reference", {"DB_PASSWORD": "${aws_secretsmanager_secret.orders.arn}"}),
            _with("passes_with_a_hash", {"CODE_SHA256": "rlkM8ggSGc3317wtdVMXeMrwM2vpOdNDHGTRGnx73YI="}),
            _with("fails_by_name", {"DB_PASSWORD": "hunter2"}),
            _with("fails_in_camel_case", {"dbPassword": "hunter2"}),
            _with("fails_by_token", {"STRIPE_API_KEY": "not-a-real-key"}),
            _with("fails_by_form", {"WHATEVER": _AWS_KEY}),
            _with("fails_by_url", {"DATABASE_URL": "postgres://orders:hunter2@db.example.com/orders"}),
            _with("fails_by_entropy", {"SOMETHING": _RANDOM}),
            _with("unknown_then_passes_value", {"DB_PASSWORD": "${terraform_data.values.output.where}"}),
            _with("unknown_then_fails_value", {"DB_PASSWORD": "${terraform_data.values.output.what}"}),
        ),
        merged(
            resource("aws_rds_cluster", "orders", **_CLUSTER),
            _SECRET,
            resource("aws_secretsmanager_secret_version", "orders", **_VALUE),
            _with("fails_by_reference", {"SIGN_IN": "${aws_rds_cluster.orders.master_password}"}),
            _with("passes_by_endpoint", {"DB_HOST": "${aws_rds_cluster.orders.endpoint}"}),
            _with("fails_by_secret", {"STRIPE": "${aws_secretsmanager_secret_version.orders.secret_string}"}),
            _with("passes_by_part", {"DB_HOST": _PART.format("host")}),
            _with("fails_by_part", {"SIGN_IN": _PART.format("token")}),
        ),
    ),
    replaces={
        "CKV_AWS_45": "It knows forms of keys only, and passes DB_PASSWORD and references to passwords; this one knows "
        "the same forms of AWS keys.",
    },
)
