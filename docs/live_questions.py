"""Writes live-questions.md, every kind of question about records with examples: `python docs/live_questions.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.live.kinds import Kind, kinds  # noqa: E402
from assistant.live.lexicon import read_toml  # noqa: E402

TARGET = Path(__file__).with_name("live-questions.md")
_HEAD = """# Questions about records

Questions the assistant answers from the CRM's records, without a language model, under the rights of the person who
asks. This page is written by `python docs/live_questions.py` from `assistant/live/kinds.toml` and `examples.toml`;
`tests/assistant/test_live_questions.py` asks every example, and other wordings of each, and compares the figures with
ones worked out row by row.

- The answer is one sentence with the exact figure, whose records it counts, the time meant and today's date; then up
  to eight records, each linked and cited (`offer:AJ-2026-00001`), and a link to the console's list narrowed to exactly
  what was counted.
- Counts hold only what the asker may see. A record out of reach is answered like one that does not exist; a field the
  level does not see like one nobody filled in.
- Sums are of net amounts (offers: net and gross), one for each currency, never added together.
- Nothing found is said plainly, and is an answer.
- Words may be typed without accents, inflected, and with a slip of the finger; names of customers as in offers.
- A name that several customers or colleagues fit is asked about; the answer may be the choice, the code or the name.
- *Whose*: mine, my team's, everybody's (all one may see), or a colleague's by name. *Time*: today, tomorrow, this,
  last or next week, month, quarter or year, the last or next so many days, a month, a weekday, a year, or a day such
  as 2026-11-22.
- How-to questions ("how do I …", "what is a …") are not among these: the help pages answer them.
- A language model, where one is configured, gets the same kinds as one read-only tool (`count_and_list`).

How a kind is told: `concepts.toml` has the words of the three languages by what they stand for, `kinds.toml` the
concepts and values each kind needs, must not have, and takes. A kind fits only if it has a use for every word of the
message.

"""


def _takes(kind: Kind) -> str:
    return ", ".join(sorted(kind.takes)) or "–"


def render() -> str:
    """The page as Markdown."""
    lines = ["| kind | answers | narrowed by | hu | pl | en |", "| --- | --- | --- | --- | --- | --- |"]
    examples = read_toml("examples")
    for name, kind in kinds().items():
        told = examples[name]
        texts = " | ".join(str(told[language]) for language in ("hu", "pl", "en"))
        lines.append(f"| `{name}` | {told['answers']} | {_takes(kind)} | {texts} |")
    return f"{_HEAD}{len(kinds())} kinds:\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
