"""From a question to the stored answer, against the least a semantic search can do: embed it, one exact query."""

import asyncio
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np

import assistant.answering
import assistant.turn
import offers.draft
from assistant.ask import Ask
from assistant.context import Parts as AppParts
from assistant.reply import Reply
from assistant.turn import reply_to
from benchmarks.figures import Figure, Parts, figure, milliseconds
from benchmarks.questions import QUESTIONS
from core.errors import AppError
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import Actor
from crm.people import actor_for
from demo.load import load
from knowledge.pages import help_pages
from offers.service import Offers
from retrieval.embed import make_embedder
from retrieval.index import Knowledge
from retrieval.snapshot import read_snapshot
