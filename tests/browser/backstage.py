"""What others do to the served company while somebody looks at it: through the data layer, beside the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine, select, text

from assistant.changes.views import proposal_view
from assistant.reply import LinkView, Reply
from core.language import Language
from core.settings import Settings
from crm import chat, handovers, proposals
from crm.actor import Actor
from crm.engine import connect
from crm.people import actor_for
from crm.proposals import Asked, Item
from crm.session import CrmSession, unit
from crm.tables import Activity
from tests.browser.served import Served


class Backstage:
    """The records of `served`."""

    def __init__(self, served: Served) -> None:
        self.engine: Engine = connect(Settings(home=served.home))

    def actor(self, login: str) -> Actor:
        """Somebody of the demo company."""
        return actor_for(self.engine, login)

    @contextmanager
    def unit(self, login: str) -> Iterator[CrmSession]:
        """A unit of work of theirs."""
        with unit(self.engine, self.actor(login)) as session:
            yield session

    def answered(self, login: str, question: str, answer: str, language: Language, **parts: object) -> str:
        """Keep a conversation of one question and its answer; its code. `parts` are further parts of the reply."""
        with self.unit(login) as session:
            conversation = chat.open_conversation(session, None, question)
            chat.add_message(session, conversation, "user", question)
            kept = chat.add_message(session, conversation, "assistant", answer)
            reply = Reply.model_validate(
                {
                    "conversation_id": conversation.code,
                    "message_id": kept.code,
                    "kind": "answer",
                    "language": language,
                    "text": answer,
                    **parts,
                }
            )
            kept.reply = reply.model_dump(mode="json")
            return conversation.code

    def linked(self, login: str, question: str, language: Language, *links: tuple[str, str]) -> str:
        """Keep a conversation whose answer offers links (label, path)."""
        views = [LinkView(label=label, url=url) for label, url in links]
        return self.answered(login, question, "→", language, links=views)

    def proposed(self, login: str, question: str, language: Language, *items: Item) -> str:
        """Keep a conversation whose answer proposes `items`; the proposal's code."""
        actor = self.actor(login)
        code, refused = proposals.propose(self.engine, actor, list(items), Asked(question, language))
        assert code is not None, [each.error.message("en") for each in refused]
        view = proposal_view(self.engine, actor, code)
        self.answered(login, question, "→", language, kind="proposal", proposal=view)
        return code

    def expires(self, proposal: str, at: datetime) -> None:
        """Let a proposal run out at `at`."""
        with self.engine.begin() as connection:
            values = {"at": at.replace(tzinfo=None).isoformat(sep=" "), "code": proposal}
            connection.execute(text("UPDATE proposals SET expires_at = :at WHERE code = :code"), values)

    def state(self, login: str, proposal: str) -> str:
        """A proposal's state as the server has it."""
        return proposals.read(self.engine, self.actor(login), proposal).state

    def activities(self, login: str, subject: str) -> int:
        """How many activities have this subject."""
        with self.unit(login) as session:
            return len(session.scalars(select(Activity).where(Activity.subject == subject)).all())

    def answers(self, login: str, words: str) -> None:
        """Answer what was handed to `login` last."""
        with self.unit(login) as session:
            handovers.answer(session, handovers.received(session)[0].code, words)
