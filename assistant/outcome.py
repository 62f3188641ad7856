"""What a way of answering comes to, before it is kept and sent as a reply."""

from dataclasses import dataclass

from assistant.reply import ChangeView, Citation, ClarificationView, LinkView, ProposalView, ReplyKind
from assistant.waiting import ChangePending, RevisePending
from offers.answers import Pending
from offers.requests.view import RequestView
from offers.view import OfferView


@dataclass(frozen=True)
class Outcome:
    """The content of a reply. `pending` is kept so that the next message can answer a clarification; `from_screen`
    says that the text may repeat what stood on the asker's screen, beyond its sources."""

    kind: ReplyKind
    text: str
    abstained: bool = False
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    clarification: ClarificationView | None = None
    offer: OfferView | None = None
    proposal: ProposalView | None = None
    links: tuple[LinkView, ...] = ()
    pending: Pending | ChangePending | RevisePending | None = None
    from_screen: bool = False
    offer_changes: tuple[ChangeView, ...] = ()
    request: RequestView | None = None
