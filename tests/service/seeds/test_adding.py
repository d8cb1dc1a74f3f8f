"""Adding seeds, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from models.seeds import SHIPPED_SEEDS
from models.seeds.records import read_records
from models.seeds.seed_pages import read_seed_pages
from service.seeds import Added, Decision, Delivery, Wanted, add_seeds, count_seeds, list_seeds, storable
from service.seeds.shipped import shipped_seeds
from service.store import open_store

TEXT = "钠离子电池用铝箔代替铜箔，因为钠不与铝形成合金。"
OTHER = "我不相信它能取代锂电池，说这话的人没有算过账。"


def row(text: str, label: str, **more: object) -> dict[str, object]:
    """A record."""
    return {"text": text, "label": label, **more}


def page(name: str, *sections: tuple[str, str]) -> dict[str, object]:
    """A record of a whole page."""
    return {"page": name, "sections": [row(text, label) for label, text in sections]}


def add(engine: Engine, *rows: dict[str, object], decision: str | None = None, new: tuple[str, ...] = ()) -> Added:
    """Bring records as ann."""
    reading = storable(read_records(enumerate(rows, 1), "line"))
    return add_seeds(engine, reading, Delivery("ann", "test", decision and Decision(decision), new))  # type: ignore[arg-type] # None stays None


def active(engine: Engine) -> list[tuple[str | None, str, str]]:
    """(page, label, text) of the active seeds, in order."""
    seeds, _ = list_seeds(engine, Wanted(1000, state="active"))
    return [(seed.page, seed.label, seed.text) for seed in seeds]


def test_seeds_are_added_with_who_brought_them_and_from_where(store: Engine) -> None:
    """In the order in which they came."""
    added = add(store, row(TEXT, "tech_analysis"), row(OTHER, "opinion", source="week 47"))

    seeds, _ = list_seeds(store, Wanted())
    assert added.ids == [seed.id for seed in seeds] == sorted(added.ids)
    assert [("ann", "test"), ("ann", "week 47")] == [(seed.who, seed.source) for seed in seeds]
    assert [(None, "tech_analysis", TEXT), (None, "opinion", OTHER)] == active(store)


def test_the_same_content_again_changes_nothing(store: Engine) -> None:
    """Nor does it where blanks, width or the page's name differ."""
    add(store, row(TEXT, "tech_analysis"), page("p", ("none", "首页"), ("opinion", OTHER)))
    before = active(store)

    again = add(
        store, row(f" {TEXT.replace('，', ',')}\n", "tech_analysis"), page("q", ("none", "首页"), ("opinion", OTHER))
    )

    assert ([], 3) == (again.ids, again.known)
    assert before == active(store)


def test_a_page_stays_a_page_in_its_order(store: Engine) -> None:
    """Its sections have its name and their places, also where a text stands on it twice."""
    add(store, page("p", ("none", "广告"), ("opinion", OTHER), ("none", "广告")))

    seeds, _ = list_seeds(store, Wanted(page="p"))
    assert [(0, "广告"), (1, OTHER), (2, "广告")] == [(seed.place, seed.text) for seed in seeds]


def test_what_contradicts_waits_and_the_rest_goes_in(store: Engine) -> None:
    """Both labels and places are named; nothing is lost, and offered again it waits under the same ids."""
    (first,) = add(store, row(TEXT, "tech_analysis")).ids

    added = add(store, row(TEXT, "opinion"), row(OTHER, "opinion"))
    again = add(store, row(TEXT, "opinion"))

    (conflict,) = added.conflicts
    assert f"line:1: the text is 'opinion' here and 'tech_analysis' (seed {first})" in conflict.reason
    assert (1, 1) == (len(added.ids), added.waiting)
    assert conflict.ids == again.conflicts[0].ids
    assert {"active": {"opinion": 1, "tech_analysis": 1}, "waiting": {"opinion": 1}} == count_seeds(store)


@pytest.mark.parametrize(
    ("decision", "left", "counts"),
    [
        pytest.param("keep", ["tech_analysis"], (0, 1, 0), id="keep"),
        pytest.param("replace", ["opinion"], (1, 0, 1), id="replace"),
        pytest.param("both", ["tech_analysis", "opinion"], (1, 0, 0), id="both"),
    ],
)
def test_a_decision_settles_what_waited(
    store: Engine, decision: str, left: list[str], counts: tuple[int, int, int]
) -> None:
    """And it can be given at once as well as later."""
    add(store, row(TEXT, "tech_analysis"))
    add(store, row(TEXT, "opinion"))

    added = add(store, row(TEXT, "opinion"), decision=decision)

    assert counts == (len(added.ids), added.kept, added.withdrawn)
    assert left == [label for _, label, _ in active(store)]
    assert "waiting" not in count_seeds(store)


def test_a_decided_text_is_known_from_then_on(store: Engine) -> None:
    """With either label, where both hold."""
    add(store, row(TEXT, "tech_analysis"))
    add(store, row(TEXT, "opinion"), decision="both")

    again = add(store, row(TEXT, "opinion"), row(TEXT, "tech_analysis"))

    assert ([], 2, 0) == (again.ids, again.known, again.waiting)


def test_a_contradiction_within_one_call_is_found(store: Engine) -> None:
    """The first stands, unless the later one is to replace it."""
    rows = row(TEXT, "tech_analysis"), row(OTHER, "opinion"), row(TEXT, "none")

    waiting = add(store, *rows)
    replaced = add(store, *rows, decision="replace")

    assert (2, 1) == (len(waiting.ids), waiting.waiting)
    assert 1 == replaced.withdrawn
    assert {"none", "opinion"} == {label for _, label, _ in active(store)}


def test_replacing_in_the_call_that_brought_it_leaves_one(store: Engine) -> None:
    """What is not yet written can be withdrawn, too."""
    add(store, row(TEXT, "tech_analysis"), row(TEXT, "none"), decision="replace")

    assert [(None, "none", TEXT)] == active(store)
    assert {"active": {"none": 1}, "withdrawn": {"tech_analysis": 1}} == count_seeds(store)


def test_shipped_seeds_are_contradicted_too(store: Engine) -> None:
    """Their file and line are named; with `replace` the new label is marked to hold alone."""
    labels = next(found for found in shipped_seeds().labels.values() if "opinion" in found)
    text = shipped_text(labels["opinion"])

    known = add(store, row(text, "opinion"))
    waits = add(store, row(text, "tech_analysis"))
    add(store, row(text, "tech_analysis"), decision="replace")

    assert (1, []) == (known.known, known.ids)
    assert f"and 'opinion' ({labels['opinion']})" in waits.conflicts[0].reason
    (seed,), _ = list_seeds(store, Wanted(state="active"))
    assert "replace" == seed.on_conflict


def shipped_text(place: str) -> str:
    """The text of a shipped seed."""
    name = place.partition(":")[0]
    lines = (SHIPPED_SEEDS / name).read_text("utf-8").split("\n")
    return next(seed.text for each in read_seed_pages(lines, name).pages for seed in each.seeds if seed.place == place)


def test_a_page_whose_section_contradicts_waits_as_a_whole(store: Engine) -> None:
    """It would have a hole otherwise; with `keep` the rest of it goes in."""
    add(store, row(TEXT, "tech_analysis"))
    offered = page("p", ("none", "首页"), ("opinion", TEXT), ("opinion", OTHER))

    waiting = add(store, offered)
    kept = add(store, offered, decision="keep")

    assert (3, 0) == (waiting.waiting, len(waiting.ids))
    assert (2, 1) == (len(kept.ids), kept.kept)
    assert [("p", "none", "首页"), ("p", "opinion", OTHER)] == active(store)[1:]


def test_another_page_of_the_same_name_waits(store: Engine) -> None:
    """With `replace` the old page goes, with `both` the new one gets another name."""
    first, second = (
        page("p", ("none", "首页"), ("opinion", OTHER)),
        page("p", ("none", "导航"), ("tech_analysis", TEXT)),
    )
    add(store, first)

    waiting = add(store, second)
    add(store, second, decision="both")

    assert "a page is called 'p' already" in waiting.conflicts[0].reason
    assert ["p", "p", "p-2", "p-2"] == [name for name, _, _ in active(store)]


def test_a_shipped_page_keeps_its_name(store: Engine) -> None:
    """A training takes no two pages of one name."""
    added = add(store, page("a-001", ("none", "首页"), ("opinion", OTHER)))

    assert "a shipped page is called 'a-001' already" in added.conflicts[0].reason


def test_labels_that_cannot_be_meant_are_bad_rows(store: Engine) -> None:
    """Each is named with its line, and the others are added."""
    wrong = {
        "Opinion": "'Opinion' is no label: write it like our_label",
        "": "'' is no label",
        "opinon": "the label 'opinon' is new and looks like 'opinion'; mend it, or declare it",
        "x" * 65: "is no label",
    }

    added = add(store, row(OTHER, "opinion"), *(row(TEXT, label) for label in wrong))

    assert 1 == len(added.ids)
    assert [f"line:{number}" for number in range(2, 6)] == [problem.place for problem in added.problems]
    for problem, reason in zip(added.problems, wrong.values(), strict=True):
        assert reason in problem.reason


def test_a_fourth_label_is_taken_and_told_of(store: Engine) -> None:
    """One that looks like another has to be declared, once."""
    added = add(store, row(TEXT, "recipe"), row(OTHER, "opinions"), new=("opinions",))
    again = add(store, row("第三段话", "opinions"), row("第四段话", "recipe"))

    assert ["recipe", "opinions"] == added.new_labels
    assert ([], 2) == (again.new_labels, len(again.ids))


def test_two_who_bring_the_same_at_once_add_it_once(store: Engine, store_url: str) -> None:
    """Whoever is second finds it there."""
    rows = [row(f"第{number}段：{TEXT}", "tech_analysis") for number in range(40)]
    engines = [open_store(store_url) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda engine: add(engine, *rows), engines))

    assert 40 == sum(len(added.ids) for added in found)
    assert 120 == sum(added.known for added in found)
    assert 40 == len(active(store))
    for engine in engines:
        engine.dispose()
