"""`kbassist` on the command line.

Exit codes: 0 fine; 1 an `ask` that ended without an answer (as grep does without a match); 2 a wrong call
or an error, explained on stderr; 70 a fault in kbassist itself; 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kbassist.errors import (
    InvalidArgumentError,
    KBAssistError,
    NotAKnowledgeBaseError,
    SourceError,
    UnsafeAddressError,
)
from kbassist.interfaces.rendering import (
    LISTED,
    answer_lines,
    hit_lines,
    info_lines,
    report_lines,
    snippet_lines,
)
from kbassist.interfaces.screen import Screen
from kbassist.protocols import ProgressCallback
from kbassist.types import IngestReport

if TYPE_CHECKING:
    from kbassist.knowledge_base import KnowledgeBase

NO_ANSWER = 1
FAILED = 2
FAULT = 70
INTERRUPTED = 130
