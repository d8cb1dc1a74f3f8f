"""A Dockerfile's steps, read and run without an engine.

A stage becomes a folder: its `/usr/local` is a virtual environment with this Python, and every other absolute path
that a step names lies below the folder. What needs an engine (the base image, users, volumes, the read-only root) is
left out.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

MOUNT = re.compile(r"--mount=type=bind,from=(\S+?),source=(\S+?),target=(\S+) ")
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?=[a-z])")
OWNER = re.compile(r" -[og] \d+")
LEFT_TO_AN_ENGINE = {"EXPOSE", "USER", "VOLUME"}


@dataclass(frozen=True)
class Stage:
    """One `FROM … AS name` and the instructions below it, each as (word, rest).

    parent : the stage it starts from, or None where that is an image from elsewhere, named `base`.
    """

    name: str
    base: str
    parent: Stage | None = None
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        """What each instruction of this word says, those of the parent first."""
        inherited = self.parent.all(word) if self.parent else []
        return inherited + [rest for other, rest in self.steps if other == word]

    def last(self, word: str) -> str:
        """What the last instruction of this word says: the one that counts."""
        return self.all(word)[-1]


def read_stages(dockerfile: Path) -> dict[str, Stage]:
    """The stages by name, in order."""
    stages: dict[str, Stage] = {}
    current = Stage("", "")
    for line in dockerfile.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            base, name = rest.split(" AS ")
            current = stages[name] = Stage(name, base, stages.get(base))
        else:
            current.steps.append((word, rest))
    return stages


class Build:
    """Builds stages in a folder, from a context folder, in an environment that holds nothing but package sources.

    packages : folder of downloaded packages; pip asks elsewhere only where one is missing there.
    """

    def __init__(self, stages: dict[str, Stage], context: Path, folder: Path, packages: Path) -> None:
        self.stages = stages
        self.context = context
        self.folder = folder
        self.packages = packages

    def build(self, name: str) -> Path:
        """Build the stage and those it is made from, each once; its folder."""
        stage, top = self.stages[name], self.top(name)
        if top.exists():
            return top
        workdir = self.begin(stage)
        for word, rest in stage.steps:
            if word == "WORKDIR":
                workdir = Path(self.inside(rest, top))
                workdir.mkdir(parents=True, exist_ok=True)
            elif word == "COPY":
                self.copy(rest, top, workdir)
            elif word == "RUN":
                self.run(rest, top, workdir)
            elif word not in LEFT_TO_AN_ENGINE | {"CMD", "ENV", "HEALTHCHECK"}:
                raise ValueError(f"{name}: no rule for {word} {rest!r}; add one, or write the step in another way")
        return top

    def begin(self, stage: Stage) -> Path:
        """Make what the stage starts from: a bare Python, or its parent's copy. The folder that its steps start in."""
        top = self.top(stage.name)
        if stage.parent is None:
            subprocess.run([sys.executable, "-m", "venv", top / "usr/local"], check=True)
            return top
        before = self.build(stage.parent.name)
        shutil.copytree(before, top, symlinks=True)
        for script in (top / "usr/local/bin").iterdir():
            if not script.is_symlink():
                script.write_text(script.read_text("utf-8").replace(f"{before}/", f"{top}/"), "utf-8")
        return Path(self.inside(stage.last("WORKDIR"), top))

    def top(self, name: str) -> Path:
        """The folder that is the stage's root."""
        return self.folder / name

    def environment(self, name: str) -> dict[str, str]:
        """What a process in the stage sees: the stage's `ENV` and no more."""
        top = self.top(name)
        pairs = [pair.split("=", 1) for rest in self.stages[name].all("ENV") for pair in shlex.split(rest)]
        home, path = str(top / "home"), f"{top / 'usr/local/bin'}:/usr/bin:/bin"
        return {"HOME": home, "PATH": path, "LANG": "C.UTF-8"} | {key: self.inside(value, top) for key, value in pairs}

    def copy(self, rest: str, top: Path, workdir: Path) -> None:
        """COPY files or one folder of the context; a target that ends in `/` is a folder."""
        *sources, target = shlex.split(self.inside(rest, top))
        if target.endswith("/"):
            (workdir / target).mkdir(parents=True, exist_ok=True)
        for source in (self.context / name for name in sources):
            if source.is_dir():
                shutil.copytree(source, workdir / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, workdir / target)

    def run(self, rest: str, top: Path, workdir: Path) -> None:
        """RUN a command line in the stage."""
        for other, source, target in MOUNT.findall(rest):
            link = Path(self.inside(target, top))
            link.symlink_to(self.inside(source, self.build(other)))
        command = OWNER.sub("", ABSOLUTE.sub(f"{top}/", MOUNT.sub("", rest)))
        environment = self.environment(top.name) | from_caller("PIP_")
        done = shell(command, workdir, environment | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.packages)})
        if done.returncode and command.startswith("pip "):
            done = shell(command, workdir, environment)
        if done.returncode:
            raise RuntimeError(f"{top.name}: RUN {rest!r} ended with {done.returncode}:\n{done.stdout[-6000:]}")

    @staticmethod
    def inside(path: str, top: Path) -> str:
        """An absolute path of the stage, as this machine sees it; anything else unchanged."""
        return ABSOLUTE.sub(f"{top}/", path)


def from_caller(prefix: str) -> dict[str, str]:
    """Variables of this process's environment whose names start so."""
    return {name: value for name, value in os.environ.items() if name.startswith(prefix)}


def shell(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command line as RUN does; its output and messages in one."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def exec_form(rest: str) -> list[str]:
    """The arguments of `CMD ["…"]` or `HEALTHCHECK … CMD ["…"]`."""
    arguments: list[str] = json.loads(rest[rest.index("[") :])
    return arguments
