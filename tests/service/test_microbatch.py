"""Requests that are ready at the same time are judged in one call, and each gets its own answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import gevent
import pytest
from flask import Flask

from models.model import Model
from models.versions import SHIPPED_MODELS, Registry
from service.microbatch import MOST, SINGLY, MicroBatcher
from service.parts import EXTENSION, Parts
from service.policy import Policy
from tests.service.server_process import ServerProcess

if TYPE_CHECKING:
    from gevent import Greenlet

    from models.judging.decision import Meaning, Words

MODEL, OTHER_MODEL = cast("list[Model]", ["a model", "another"])
POLICY, OTHER_POLICY = cast("list[Policy]", ["a policy", "another"])


@pytest.fixture(autouse=True)
def under_gevent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a worker, where gevent replaced the blocking calls."""
    monkeypatch.setattr("service.microbatch.monkey.is_module_patched", lambda _name: True)


class Lengths:
    """Judges texts by their lengths, and keeps what it was asked in one call."""

    def __init__(self) -> None:
        self.calls: list[tuple[Model, Policy, list[list[str]]]] = []
        self.batcher = MicroBatcher(self._judge)

    def _judge(self, model: Model, policy: Policy, requests: Sequence[Sequence[str]]) -> list[list[int]]:
        self.calls.append((model, policy, [[*texts] for texts in requests]))
        if any("不能判断" in texts for texts in requests):
            raise ValueError("no judgement")
        if any("停" in texts for texts in requests):
            raise SystemExit(1)
        if any("走" in texts for texts in requests):
            raise gevent.GreenletExit
        return [[*map(len, texts)] for texts in requests]

    def ask(self, *texts: str, model: Model = MODEL, policy: Policy = POLICY) -> Greenlet[..., list[int]]:
        """A request, ready as soon as the loop turns."""
        return gevent.spawn(self.batcher.judged, model, policy, texts)

    def sizes(self) -> list[int]:
        """How many requests each call held."""
        return [len(requests) for _, _, requests in self.calls]


def test_requests_that_are_ready_are_judged_in_one_call() -> None:
    """Each gets what its own texts are given, the one without texts too; the next ones are judged anew."""
    lengths = Lengths()
    asked = [["一"], [], ["二二", "三三三"], ["四四四四"]]

    requests = [lengths.ask(*texts) for texts in asked]
    gevent.joinall(requests)
    later = lengths.ask("五")
    gevent.joinall([later])

    assert [[1], [], [2, 3], [4]] == [request.get() for request in requests]
    assert [1] == later.get()
    assert [(MODEL, POLICY, asked), (MODEL, POLICY, [["五"]])] == lengths.calls


def test_a_call_has_one_model_and_one_policy() -> None:
    """Those that began before a swap, or before a new policy, are judged by theirs."""
    lengths = Lengths()

    requests = [
        lengths.ask("一"),
        lengths.ask("二"),
        lengths.ask("三", model=OTHER_MODEL),
        lengths.ask("四", model=OTHER_MODEL, policy=OTHER_POLICY),
        lengths.ask("五"),
    ]
    gevent.joinall(requests)

    assert [[1]] * 5 == [request.get() for request in requests]
    assert [(MODEL, POLICY), (OTHER_MODEL, POLICY), (OTHER_MODEL, OTHER_POLICY), (MODEL, POLICY)] == [
        call[:2] for call in lengths.calls
    ]
    assert [2, 1, 1, 1] == lengths.sizes()


def test_a_full_batch_is_answered_before_the_next_is_judged() -> None:
    """Many long requests do not keep the first ones waiting for the last."""
    lengths = Lengths()
    judged_when_answered: list[int] = []

    def ask() -> None:
        lengths.batcher.judged(MODEL, POLICY, ["长" * (MOST // 2)])
        judged_when_answered.append(len(lengths.calls))

    gevent.joinall([gevent.spawn(ask) for _ in range(5)])

    assert [2, 2, 1] == lengths.sizes()
    assert [1, 1, 2, 2, 3] == judged_when_answered


def test_one_that_cannot_be_judged_fails_alone() -> None:
    """What goes wrong with one request is told to that one."""
    lengths = Lengths()

    requests = [lengths.ask(text) for text in ("一", "不能判断", "二二")]
    gevent.joinall(requests)

    assert [1] == requests[0].get()
    assert [2] == requests[2].get()
    with pytest.raises(ValueError, match="no judgement"):
        requests[1].get()


def test_all_learn_that_their_worker_is_ended() -> None:
    """What gunicorn's master makes of a worker that is stuck reaches every request, for the watchdog to answer."""
    lengths = Lengths()
    ended: list[object] = []

    def ask(text: str) -> None:
        try:
            lengths.batcher.judged(MODEL, POLICY, [text])
        except SystemExit as error:
            ended.append(error.code)

    gevent.joinall([gevent.spawn(ask, text) for text in ("一", "停")])

    assert [1, 1] == ended


def test_a_batch_that_breaks_off_does_not_keep_the_next_from_being_judged() -> None:
    """Not even where what ends it is none of the errors that are told to its requests."""
    lengths = Lengths()

    lost, left = lengths.ask("走"), lengths.ask("二二", model=OTHER_MODEL)
    gevent.joinall([left], timeout=5)
    later = lengths.ask("三三三")
    gevent.joinall([later], timeout=5)
    lost.kill()

    assert [2] == left.get(block=False)
    assert [3] == later.get(block=False)


def test_one_that_gives_up_leaves_the_others_alone() -> None:
    """A request that its watchdog ended while it waited."""
    lengths = Lengths()
    requests = [lengths.ask(text) for text in ("一", "二二")]
    gevent.spawn(requests[0].kill, block=False)

    gevent.joinall(requests)
    later = lengths.ask("三三三")
    gevent.joinall([later])

    assert [2] == requests[1].get()
    assert [3] == later.get()


def test_requests_that_come_singly_are_judged_at_once() -> None:
    """After a while most do not wait for the loop to turn; the one that looks finds others, which are then batched."""
    lengths = Lengths()
    turns: list[bool] = []

    def ask_alone() -> None:
        other = gevent.spawn(int)
        lengths.batcher.judged(MODEL, POLICY, ["一"])
        turns.append(other.dead)

    for _ in range(3 * SINGLY):
        gevent.joinall([gevent.spawn(ask_alone)])
    together = [lengths.ask("二二") for _ in range(2 * SINGLY)]
    gevent.joinall(together)
    gevent.joinall([gevent.spawn(ask_alone)])

    assert turns == [True] * SINGLY + ([False] * (SINGLY - 1) + [True]) * 2 + [True]
    assert [[2]] * 2 * SINGLY == [request.get() for request in together]
    assert [1] * (3 * SINGLY + SINGLY - 1) + [SINGLY + 1, 1] == lengths.sizes()


def test_without_gevent_a_request_is_judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under another server, or in a test client, there is no loop to wait in."""
    monkeypatch.setattr("service.microbatch.monkey.is_module_patched", lambda _name: False)
    lengths = Lengths()

    assert [1, 2] == lengths.batcher.judged(MODEL, POLICY, ["一", "二二"])
    assert [1] == lengths.sizes()


def test_what_is_watched_of_a_request_is_its_own(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its texts, what they were given, and how many of their words training knew."""
    app = make_app(models_dir=SHIPPED_MODELS)
    client, parts = app.test_client(), cast("Parts", app.extensions[EXTENSION])
    model = parts.champion.model()
    watched: list[Any] = []

    def watch(model: Model, texts: Sequence[str], given: Sequence[Meaning], words: Callable[[], Words]) -> None:
        watched.append((model.version, texts, given, words()))

    monkeypatch.setattr(parts.observer, "watch", watch)
    asked = [["显然，这种做法毫无道理。"], ["猜你喜欢", "处理器的三级缓存从 32 MB 增加到 96 MB。"], ["魑魅魍魉"]]

    gevent.joinall([gevent.spawn(client.post, "/v1/classify", json={"texts": texts}) for texts in asked])

    expected = [(texts, model.verdicts(texts)) for texts in asked]
    assert [(model.version, texts, its.given(), its.words()) for texts, its in expected] == watched


def test_callers_of_one_worker_get_their_own_answers(tmp_path: Path) -> None:
    """Many at once, of different sizes, on a real server: each answer is what its texts are given one by one."""
    texts = [f"显然，第 {number} 次涨价毫无道理。" + "处理器的缓存变大了。" * (number % 7) for number in range(160)]
    registry = Registry(SHIPPED_MODELS)
    model = Model.load(registry.folder(registry.champion()))
    expected = [result.probability for text in texts for result in model.classify([text])]

    with ServerProcess.started(tmp_path, LANMU_WORKERS="1") as server:

        def ask(first: int) -> list[tuple[str, list[Any]]]:
            answers = []
            for number in range(first, len(texts), 16):
                body = {"texts": texts[number : number + number % 5], "data_id": str(number)}
                answer = server.post("/v1/classify", body)
                assert 200 == answer.status
                answers.append((answer.json["data_id"], [each["probability"] for each in answer.json["results"]]))
            return answers

        with ThreadPoolExecutor(16) as pool:
            told = [answer for answers in pool.map(ask, range(16)) for answer in answers]
        counted = server.get("/metrics").body.decode()

    assert {str(number): expected[number : number + number % 5] for number in range(160)} == dict(told)
    sections = [float(line.split()[-1]) for line in counted.splitlines() if line.startswith("lanmu_sections_total")]
    assert sum(sections) == sum(len(results) for _, results in told)
