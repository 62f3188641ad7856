"""What a user sends: the message and where they are."""

from dataclasses import dataclass, replace

from assistant.screen import ScreenContext
from core.errors import AppError
from core.language import Language
from core.text import storable

LONGEST = 10_000


@dataclass(frozen=True)
class Ask:
    """One message. `language` is the answer's language if the user fixed it, else the question's own is used;
    `wants_offer` says that the user chose to make an offer, so that nothing has to be decided. `thread` is a
    client's own name for the conversation, used where it keeps no `conversation_id`. A follow-up that was made to
    stand by itself has the language its words are in as `read_in`, and in `about`, where pages are known to answer it,
    what to search for in place of the message."""

    message: str
    conversation_id: str | None = None
    screen: ScreenContext | None = None
    language: Language | None = None
    wants_offer: bool = False
    thread: str | None = None
    read_in: Language | None = None
    about: str = ""

    def checked(self) -> "Ask":
        """This ask in NFC. Raises `AppError` for an empty or overlong message."""
        message = storable(self.message).strip()
        if not message:
            raise AppError("empty_message", 422)
        if len(message) > LONGEST:
            raise AppError("message_too_long", 422, length=len(message), most=LONGEST)
        return replace(self, message=message)
