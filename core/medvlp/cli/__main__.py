"""``python -m medvlp.cli``: the same as the ``medvlp`` command."""

import sys

from medvlp.cli import main

if __name__ == "__main__":
    sys.exit(main())
