"""Talking to an OpenAI-compatible language model: cited answers and typed offer requests, or a `ModelFault`.

Importing this is cheap; the model libraries are loaded when a model is first asked.
"""

from assistant.model.answering import AnsweringModel
from assistant.model.contract import Answered, FaultReason, ModelFault, PastTurn, Piece, ReadTools

__all__ = ["Answered", "AnsweringModel", "FaultReason", "ModelFault", "PastTurn", "Piece", "ReadTools"]
