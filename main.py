"""Synthesize every target of `environments/` (or the one that LAMBDANET_TARGET names) into `cdktf.out/`.

Run it with `lambdanet synth`, with `python main.py`, or through the stock `cdktf synth`.
"""

import gc
import os
import sys
from pathlib import Path

from cli.checked import checked_targets
from modules.core.errors import SuiteError
from stacks import STACKS


def main() -> int:
    """Check everything first, start the engine only then."""
    gc.disable()  # in a process of a second, looking for cycles costs more than it frees
    checked = checked_targets(
        Path(os.environ.get("LAMBDANET_ENVIRONMENTS", "environments")), only=os.environ.get("LAMBDANET_TARGET", "")
    )
    import modules.core.engine  # noqa: PLC0415  # starts Node, so only once the configuration holds

    from cdktf import App  # noqa: PLC0415  # after the engine

    app = App()
    for entry in checked.entries:
        STACKS[entry.target.stack].stack_class()(app, entry.target).build(checked.configs[entry.target.name])
    app.synth()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
