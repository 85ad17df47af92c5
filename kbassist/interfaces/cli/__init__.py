"""`kbassist` on the command line.

Exit codes: 0 fine; 1 an `ask` that ended without an answer or a `threshold` that found none (as grep does
without a match); 2 a wrong call or an error, explained on stderr; 70 a fault in kbassist itself; 130
interrupted.
"""

from kbassist.interfaces.cli.commands import app, main

__all__ = ["app", "main"]
