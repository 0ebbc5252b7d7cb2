"""`python -m network.bench [--only PREFIX]`: the same as `lajur bench`."""

from __future__ import annotations

import sys

from network.cli.start import main

if __name__ == "__main__":
    sys.argv[1:1] = ["bench"]
    main()
