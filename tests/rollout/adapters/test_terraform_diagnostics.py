from __future__ import annotations

from rollout.adapters.terraform_diagnostics import Diagnostic, diagnostics_in_text, failure

# As `terraform init -no-color` of 1.11.4 prints them.
INIT = """\

Warning: Incomplete lock file information for providers

Due to your customized provider installation methods, Terraform was forced to
calculate lock file checksums locally for the following providers:
  - hashicorp/aws

To calculate additional checksums for another platform, run:
  terraform providers lock -platform=linux_amd64
Terraform has been successfully initialized!

You may now begin working with Terraform.
"""
BROKEN = """\
Error: Terraform encountered problems during initialisation, including problems
with the configuration, described below.

The Terraform configuration must be valid before initialization so that
Terraform can determine which modules and providers need to be installed.


Error: Unclosed object

  on cdk.tf.json line 1:
   1: {"resource": 

No closing brace was found for this JSON object.

Error: Missing required argument

  on cdk.tf.json line 12, in resource.aws_sqs_queue.orders:
  12: "orders": {

The argument "name" is required, but no definition was found.
"""  # noqa: W291  as Terraform prints it


def test_a_warning_ends_before_the_farewell() -> None:
    (warning,) = diagnostics_in_text(INIT)
    assert (warning.severity, warning.summary) == (
        "warning",
        "Incomplete lock file information for providers",
    )
    assert warning.detail.endswith("terraform providers lock -platform=linux_amd64")


def test_errors_for_people_are_read_with_place_and_address() -> None:
    preamble, unclosed, missing = diagnostics_in_text(BROKEN)
    assert preamble.summary.endswith("including problems with the configuration, described below.")
    assert str(unclosed) == ("cdk.tf.json line 1: Unclosed object. No closing brace was found for this JSON object.")
    assert str(missing) == (
        "aws_sqs_queue.orders (cdk.tf.json line 12): Missing required argument. "
        'The argument "name" is required, but no definition was found.'
    )


def test_the_preamble_is_told_only_when_nothing_else_is() -> None:
    def told(*diagnostics: Diagnostic) -> str:
        return str(
            failure(
                command="init",
                folder="orders",
                returncode=1,
                diagnostics=diagnostics,
                output="",
                provider_source="",
            )
        )

    preamble, unclosed, _ = diagnostics_in_text(BROKEN)
    assert told(preamble, unclosed) == (
        'terraform init in "orders" failed: cdk.tf.json line 1: Unclosed object. '
        "No closing brace was found for this JSON object."
    )
    assert told(preamble).startswith('terraform init in "orders" failed: Terraform encountered problems')


def test_a_summary_alone_and_a_question_stay_sentences() -> None:
    assert str(Diagnostic("error", "execution halted")) == "execution halted."
    assert str(Diagnostic("error", "No such argument", "Did you mean name?")) == "No such argument. Did you mean name?"
    assert Diagnostic.from_json({}) == Diagnostic("error", "")


def test_text_without_diagnostics_has_none() -> None:
    assert diagnostics_in_text("Initializing the backend...\nsome Error: in a line\n") == []
