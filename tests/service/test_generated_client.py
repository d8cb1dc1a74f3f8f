"""A client made from the OpenAPI document by a generator off the shelf: it is typed, and it works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.server_process import ServerProcess

NAME = "lanmu_client"
QUIET = "post_hooks: []\n"
"""The generator would format what it made."""

USE = """
from io import BytesIO

from lanmu_client import AuthenticatedClient as Client
from lanmu_client.api.batches import create_batch
from lanmu_client.api.classify import classify
from lanmu_client.api.files import upload_file
from lanmu_client.models import BatchAnswer, BatchRequest, BatchRequestEndpoint, ClassifyAnswer, ClassifyRequest
from lanmu_client.models import FileAnswer, FileForm, ResultAnswer
from lanmu_client.types import File


def judged(client: Client, text: str) -> ResultAnswer:
    answer = classify.sync(client=client, body=ClassifyRequest(text=text))
    assert isinstance(answer, ClassifyAnswer)
    return answer.results[0]


def ordered(client: Client, lines: bytes) -> BatchAnswer:
    form = FileForm(File(BytesIO(lines), "records.csv", "text/csv"), "batch")
    file = upload_file.sync(client=client, body=form)
    assert isinstance(file, FileAnswer)
    order = BatchRequest(file.id, BatchRequestEndpoint.VALUE_1)
    batch = create_batch.sync(client=client, body=order)
    assert isinstance(batch, BatchAnswer)
    return batch


if __name__ == "__main__":
    import sys

    with Client(sys.argv[1], token="none", raise_on_unexpected_status=True) as client:
        print(judged(client, "显然，这次涨价毫无道理。").label)
        print(ordered(client, b"id,text").status)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, server: ServerProcess) -> Path:
    """A folder with the client of a server, and a program that uses it."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_bytes(server.get("/openapi.json").body)
    (folder / "quiet.yaml").write_text(QUIET)
    (folder / "use.py").write_text(USE, "utf-8")
    target = ["--output-path", str(folder / NAME), "--meta", "none"]
    run("openapi_python_client", "generate", "--path", "openapi.json", "--config", "quiet.yaml", *target, cwd=folder)
    return folder


def run(*command: str, cwd: Path) -> str:
    """What a module of this environment prints; it must end well."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_operation_is_generated(generated: Path) -> None:
    """A module for each operation of the document: the generator passed over none."""
    document = json.loads((generated / "openapi.json").read_bytes())
    wanted = {
        f"{operation['tags'][0]}/{operation['operationId']}.py"
        for methods in document["paths"].values()
        for operation in methods.values()
    }

    made = {str(file.relative_to(generated / NAME / "api")) for file in (generated / NAME / "api").glob("*/*.py")}

    assert wanted <= made


def test_the_generated_client_is_typed(generated: Path) -> None:
    """Of mypy: it finds nothing in it, nor in a program that uses it strictly."""
    cache = ["--cache-dir", str(generated / "cache"), "--config-file", str(generated / "none.ini")]
    (generated / "none.ini").write_text("[mypy]\n")

    assert "Success" in run("mypy", *cache, "-p", NAME, cwd=generated)
    assert "Success" in run("mypy", *cache, "--strict", "--follow-imports", "silent", "use.py", cwd=generated)


def test_the_generated_client_works(generated: Path, server: ServerProcess) -> None:
    """It has a text judged, uploads a file and orders a batch."""
    printed = run("use", f"http://127.0.0.1:{server.port}", cwd=generated)

    assert ["opinion", "validating"] == printed.split()
