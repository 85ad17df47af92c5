"""`python -m kbassist.interfaces.cli`, for where the script is not on the path."""

from kbassist.interfaces.cli import main

main()
