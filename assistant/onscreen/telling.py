"""An answer about the screen as it is put together: sentences, each with its sources behind it, and links."""

from dataclasses import dataclass, field, replace

from assistant.context import Turn
from assistant.evidence import Evidence
from assistant.onscreen.sources import passage
from assistant.outcome import Outcome
from assistant.reply import LinkView
from core.errors import say
from crm.actor import Actor
from crm.session import CrmSession
from crm.settings_grants import level_name

_MOST_LINKS = 4


@dataclass
class Telling:
    """An answer to `turn` under way."""

    turn: Turn
    sentences: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    links: list[LinkView] = field(default_factory=list)

    @property
    def reader(self) -> Actor:
        """The asker, spoken to in the language of the answer."""
        return replace(self.turn.actor, language=self.turn.language)

    def add(self, sentence: str) -> None:
        """A sentence as it stands."""
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def say(self, code: str, **values: object) -> None:
        """The sentence `code` in the language of the answer."""
        self.add(say(code, self.turn.language, **values))

    def cite(self, name: str) -> None:
        """Put the help passage called `name` behind the last sentence as its source, if the asker may read it."""
        found = passage(self.turn, name, len(self.evidence) + 1)
        if found is not None:
            self.source(found)

    def source(self, evidence: Evidence) -> None:
        """Put `evidence` behind the last sentence, under the next number."""
        numbered = replace(evidence, n=len(self.evidence) + 1)
        self.evidence.append(numbered)
        self.sentences[-1] += f" [{numbered.n}]"

    def link(self, *links: LinkView | None) -> None:
        """Offer `links`, each address once."""
        there = {link.url for link in self.links}
        self.links += [link for link in links if link is not None and link.url not in there]

    def outcome(self) -> Outcome:
        """The answer."""
        citations = tuple(source.citation() for source in self.evidence)
        text = "\n".join(self.sentences)
        return Outcome("answer", text, citations=citations, links=tuple(self.links[:_MOST_LINKS]))

    def levels(self, session: CrmSession, codes: tuple[str, ...]) -> str:
        """The names of levels, as a choice."""
        language = self.turn.language
        names = [self.marked(level_name(session, code, language)) for code in codes]
        if len(names) < 2:
            return "".join(names)
        return say("list_or", language, first=", ".join(names[:-1]), last=names[-1])

    def marked(self, label: str) -> str:
        """The label of a button or the like between the language's quotation marks."""
        return f"“{label}”" if self.turn.language == "en" else f"„{label}”"

    def named(self, kind: str, value: str) -> str:
        """What people call a resource or an action, where `kind` is `resource` or `action`."""
        return say(f"{kind}_{value}", self.turn.language)
