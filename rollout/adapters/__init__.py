"""The outside world: Terraform and its provider, reached only from here."""
