"""The `lanmu` command.

Exit codes: 0 done; 1 it could not be done, and the message says why; 2 the command line or a setting is wrong;
3 done, but some records are bad (`batch`) or some versions are not to be trusted (`models verify`); 130 Ctrl-C.
"""

from service.cli.main import main

__all__ = ["main"]
