"""``python -m medvlp_viewer``."""

import sys

from medvlp_viewer.main import main

sys.exit(main())
