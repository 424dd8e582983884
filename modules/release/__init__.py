"""Safe releases: an alias that CodeDeploy shifts from version to version."""
