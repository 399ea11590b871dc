"""`python -m eservices.sandbox`: the sandbox alone."""

import sys

from base import clock, logs
from base.errors import OperatorError
from base.settings import Settings
from eservices.sandbox.process import serve


def main() -> None:
    """Serves as the settings say; what an operator can mend is said in one line."""
    try:
        settings = Settings.load()
        logs.configure(settings.log_format)
        clock.freeze(settings.clock)
        serve(settings)
    except OperatorError as error:
        sys.exit(f"sandbox: {error}")


if __name__ == "__main__":
    main()
