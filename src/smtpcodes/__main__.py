"""Run the command line as `python -m smtpcodes`."""

import sys

from smtpcodes._cli import main

if __name__ == "__main__":
    sys.exit(main())
