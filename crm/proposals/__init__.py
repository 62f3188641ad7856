"""Changes a chat asked for, from their proposal to their undoing: what was shown is what is done, once, or nothing."""

from crm.proposals.confirming import confirm, reject
from crm.proposals.items import (
    Assign,
    Bound,
    CompleteActivity,
    Convert,
    Effect,
    Item,
    MoveStage,
    NewActivity,
    NewContact,
    NewOpportunity,
    Problem,
    Reschedule,
    SetField,
)
from crm.proposals.reading import Kept, kept, own, read
from crm.proposals.storing import Asked, Refused, propose, propose_again
from crm.proposals.undoing import undo, undoable

__all__ = [
    "Asked",
    "Assign",
    "Bound",
    "CompleteActivity",
    "Convert",
    "Effect",
    "Item",
    "Kept",
    "MoveStage",
    "NewActivity",
    "NewContact",
    "NewOpportunity",
    "Problem",
    "Refused",
    "Reschedule",
    "SetField",
    "confirm",
    "kept",
    "own",
    "propose",
    "propose_again",
    "read",
    "reject",
    "undo",
    "undoable",
]
