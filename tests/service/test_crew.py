"""What server processes tell each other, and the number by which they turn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.crew import Crew, Member, forget
from service.switch import token_of


def test_processes_that_are_gone_do_not_count(tmp_path: Path) -> None:
    """A file of a dead process is passed over, and so is one that holds nothing."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = Member(os.getpid(), "small", prepared="fourth")
    for member in (own, Member(ended.pid, "small")):
        Crew(tmp_path).tell(member)
    (tmp_path / "serving-1.json").write_text("{")

    assert [own] == Crew(tmp_path).members()
    forget(tmp_path, own.pid)
    assert [] == Crew(tmp_path).members()


def test_a_process_without_a_folder_is_alone() -> None:
    """It knows of itself, once it told."""
    crew = Crew(None)
    assert [] == crew.members()

    crew.tell(Member(7, "small"))

    assert [Member(7, "small")] == crew.members()


def test_what_cannot_be_told_is_tried_again(tmp_path: Path) -> None:
    """A failing disk raises, and the same news is written when there is room."""
    crew, member = Crew(tmp_path / "later"), Member(os.getpid(), "small")
    with pytest.raises(FileNotFoundError):
        crew.tell(member)
    (tmp_path / "later").mkdir()

    crew.tell(member)

    assert [member] == crew.members()


FORKING = """
import os
from service.switch import Switch, token_of
switch = Switch(token_of("small"))
child = os.fork()
if child == 0:
    switch.token = token_of("fourth")
    os._exit(0)
os.waitpid(child, 0)
print(switch.token == token_of("fourth"))
"""


def test_a_process_sees_what_a_forked_one_stores() -> None:
    """The number is shared by all that come from one process."""
    found = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, check=True)

    assert "True\n" == found.stdout
    assert len({token_of(None), token_of("small"), token_of("fourth")}) == 3
