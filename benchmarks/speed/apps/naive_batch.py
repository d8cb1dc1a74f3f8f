"""`python -m benchmarks.speed.apps.naive_batch MODEL IN OUT`: what most would write to label a file of records."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import joblib

from benchmarks.speed.peers import private_jieba

AT_A_TIME = 1000


def main(model: Path, source: Path, target: Path) -> None:
    """Label the texts of a file of JSON Lines, a thousand at a time, with their probabilities."""
    private_jieba()
    pipeline = joblib.load(model)
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        records = [json.loads(line) for line in lines]
        for start in range(0, len(records), AT_A_TIME):
            part = records[start : start + AT_A_TIME]
            chances = pipeline.predict_proba([record["text"] for record in part])
            for record, row in zip(part, chances.tolist(), strict=True):
                by_label = dict(zip(pipeline.classes_.tolist(), row, strict=True))
                label = max(by_label, key=by_label.__getitem__)
                out.write(json.dumps({"id": record["id"], "label": label, "probabilities": by_label}) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
