"""Writes scoreboard.md, today's scores, from the JSON that `robo eval ... --out FILE` keeps:
`python -m docs.scoreboard answers.json attacks.json ...`."""

import json
import sys
from pathlib import Path

from pydantic import BaseModel

TARGET = Path(__file__).with_suffix(".md")
_HEAD = """# Scoreboard

Today's scores, and the command behind each. This page is written by `python -m docs.scoreboard FILE...` from what the
commands keep with `--out FILE`; each works on a copy of the demo company, so nothing measured stays.

- **answers**: `demo/cases/questions.jsonl`, 240 questions in people's own words, a fifth of them unanswerable, a fifth
  about the screen. *Sentences supported*: whose figures, names, labels and words stand in the page cited
  (`assistant/model/support.py`), of answers from pages. *Unanswerable admitted* and *not wrongly refused*: the curve
  below has the trade-off by the search's own certainty, which was learned on these very questions, so both flatter: the
  cross-validated curve stands in [0013](decisions/0013-calibrated-abstaining.md). *No leak*: nothing of a record or
  page the asker may not read.
- **live**: `demo/cases/live.jsonl` by `robo eval answers`, questions answered from records, without a model.
- **offers**: `demo/cases/offers.jsonl`, prompts that come to the right offer or the right question.
- **attacks**: `demo/cases/attacks.jsonl`, texts that give orders, planted in notes, mails and documents, before a model
  that obeys them all. *Delivered*: the text did reach the model.
- **sentences**: `demo/cases/sentences.jsonl`, how well the check tells supported sentences from others. Its thresholds
  were chosen on this set, so it flatters.
"""


class Share(BaseModel):
    """How many of how many."""

    right: int
    of: int
    share: float | None


class Measured(BaseModel):
    """What a measurement came to, as `assistant.scoring.board.Board.as_dict` gives it."""

    name: str
    measured: str
    groups: dict[str, dict[str, Share]]
    figures: dict[str, float]
    curve: list[dict[str, float]] = []


def _cell(share: Share | None) -> str:
    if share is None or share.share is None:
        return "–"
    return f"{100 * share.share:.1f} % ({share.right}/{share.of})"


def section(title: str, measured: Measured) -> str:
    """One measurement as a section: a row a metric counted, a column a group, and the curve where there is one."""
    names = list(measured.groups)
    counted = {m for shares in measured.groups.values() for m, share in shares.items() if share.of}
    metrics = [m for m in next(iter(measured.groups.values()), {}) if m in counted]
    lines = [f"\n## {title}\n", f"`robo eval {measured.name}`, measured on {measured.measured}.\n"]
    lines += [f"| measured | {' | '.join(names)} |", f"| --- |{' ---: |' * len(names)}"]
    for metric in metrics:
        cells = [_cell(measured.groups[name].get(metric)) for name in names]
        lines.append(f"| {metric} | {' | '.join(cells)} |")
    if measured.figures:
        lines += ["", "; ".join(f"{name}: {value:g}" for name, value in measured.figures.items()) + "."]
    if measured.curve:
        columns = list(measured.curve[0])
        lines += ["", f"| {' | '.join(columns)} |", f"|{' ---: |' * len(columns)}"]
        lines += [f"| {' | '.join(f'{point[c]:.2f}' for c in columns)} |" for point in measured.curve]
    return "\n".join(lines) + "\n"


def render(files: list[Path]) -> str:
    """The page of these files' measurements, each under the name of its file."""
    found = [(file.stem, Measured.model_validate(json.loads(file.read_text(encoding="utf-8")))) for file in files]
    return _HEAD + "".join(section(title, one) for title, one in found)


if __name__ == "__main__":
    TARGET.write_text(render([Path(name) for name in sys.argv[1:]]), encoding="utf-8")
