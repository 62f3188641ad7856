"""Which control of the screen a question is about, and what pressing it does. A host's words are only quoted."""

from assistant.onscreen.words import action_in, action_of_control, resource_in, split
from assistant.screen import Control, ScreenContext

_STEM = 5
_HALF = 0.5
_MOVE = "move-"


def meant(words: tuple[str, ...], screen: ScreenContext | None, *, pointing: bool) -> Control | None:
    """The control whose label stands in `words`, a disabled one before one that works; where the question is
    `pointing` at a button without its label, the only one that is disabled."""
    if screen is None:
        return None
    stems = {word[:_STEM] for word in words}
    scored = [(_share(control, stems), not control.enabled, -at, control) for at, control in enumerate(screen.controls)]
    found = [entry for entry in scored if entry[0] > _HALF or (pointing and entry[0] == _HALF)]
    if found:
        return max(found, key=lambda entry: entry[:3])[3]
    off = [control for control in screen.controls if not control.enabled]
    return off[0] if pointing and len(off) == 1 else None


def _share(control: Control, stems: set[str]) -> float:
    """How much of the control's label stands among `stems`, 0 to 1; short words of it do not count."""
    label = [word for word in split(control.label) if len(word) > 2 and word.isalnum()]
    return sum(word[:_STEM] in stems for word in label) / len(label) if label else 0.0


def meaning(control: Control) -> tuple[str, str | None] | None:
    """The action that pressing `control` is, and the kind of record where it is not the one on screen: by its name as
    the console gives it, else by the words of its label."""
    if control.name.startswith(_MOVE):
        return "transition", None
    known = action_of_control(control.name)
    if known is not None:
        return known
    action, resource = action_in(split(control.label)), resource_in(split(control.label))
    return (action, resource) if action is not None else None


def stage_of(control: Control | None) -> str | None:
    """The stage that a control moves an opportunity to."""
    return control.name.removeprefix(_MOVE) if control and control.name.startswith(_MOVE) else None


def disabled_for(action: str, screen: ScreenContext | None) -> Control | None:
    """The one disabled control that is this action on the record shown."""
    off = [c for c in (screen.controls if screen else ()) if not c.enabled and meaning(c) == (action, None)]
    return off[0] if len(off) == 1 else None
