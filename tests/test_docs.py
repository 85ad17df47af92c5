"""The documents are true: their code prints what they show, and nothing public is missing."""

import contextlib
import io
import re
from pathlib import Path

import pytest
import typer

import kbassist
from kbassist import KnowledgeBase
from kbassist.interfaces.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICKSTART = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")

_SHOWN = re.compile(r"```python\n(.*?)```\s*```text\n(.*?)```", re.DOTALL)
_CODE = re.compile(r"```python( no-run)?\n(.*?)```", re.DOTALL)
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [README, QUICKSTART], ids=["README", "quickstart"])
def test_the_code_prints_what_is_shown(text: str) -> None:
    examples = _SHOWN.findall(text)
    assert examples
    for code, shown in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "example", "exec"), {})  # the documents are ours
        assert printed.getvalue().strip() == shown.strip()


@pytest.mark.parametrize("text", [README, QUICKSTART], ids=["README", "quickstart"])
def test_code_that_is_not_run_is_python(text: str) -> None:
    for _, code in _CODE.findall(text):
        compile(code, "example", "exec")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown(command: str) -> None:
    assert f"kbassist {command}" in README
    assert f"kbassist {command}" in QUICKSTART


@pytest.mark.parametrize("name", [name for name in kbassist.__all__ if not name.startswith("_")])
def test_every_public_name_is_in_the_api_page(name: str) -> None:
    assert f"`{name}" in API


def test_every_public_method_is_in_the_api_page() -> None:
    methods = [name for name in vars(KnowledgeBase) if not name.startswith("_")]
    assert [name for name in methods if f"`{name}(" not in API] == []


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 200


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists()
