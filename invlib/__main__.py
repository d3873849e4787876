"""`python -m invlib` is the same as `invlib`."""

import sys

from invlib.cli.main import main

sys.exit(main())
