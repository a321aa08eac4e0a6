"""``accelerate launch -m medvlp_training.pretraining CONFIG``: the command line of each process."""

from __future__ import annotations

import argparse
import logging
import os
import sys

from medvlp.errors import MedVLPError
from medvlp_training.engine.cli import find_config
from medvlp_training.pretraining.processes import check_launch
from medvlp_training.pretraining.run import train

_LOG = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Train; the exit status is that of the error, if there is one."""
    parser = argparse.ArgumentParser(prog="python -m medvlp_training.pretraining")
    parser.add_argument("config", help="YAML file, or the name of a shipped one")
    parser.add_argument("--cpu", action="store_true", help="leave accelerators alone")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        check_launch(os.environ)
        train(find_config(options.config), options.cpu)
    except MedVLPError as error:
        _LOG.error("%s", error)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
