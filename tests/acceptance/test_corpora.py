"""Real and hostile files through the upload door of a running server: each ends in text or in a reason, in time, and
the server never notices. A fourth of the files here; all of them: `python -m benchmarks.uploads`."""

from pathlib import Path

import pytest

from benchmarks.uploads import KINDS, files_of, run
from core.errors import catalogue
from retrieval.parsing.limits import Limits

pytestmark = pytest.mark.acceptance

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
REASONS = {code for code in catalogue() if code.startswith("file_")} | {"document_twice"}
# What may be added to reading: waiting for a reader, receiving, storing.
_AROUND = 30.0
_EVERY = 4


def test_every_file_ends_in_text_or_a_typed_error_and_the_server_stays_alive() -> None:
    done = run(CORPORA, every=_EVERY)
    for folder in done.folders:
        assert folder.files == len(files_of(CORPORA, folder.name, _EVERY)) > 0
        assert set(folder.outcomes) <= {"read", *REASONS}
        assert folder.longest < Limits().seconds + _AROUND, folder.slowest_file
        assert 0 < folder.child_peak < Limits().memory / 1000
    assert [folder.name for folder in done.folders] == list(KINDS)
    assert done.health.alive and done.health.answered == done.health.asked > 0
    # Readers may take a gigabyte each; the server only ever holds their text.
    assert done.health.peak - done.health.before < 300_000
    assert done.ready == sum(folder.outcomes["read"] for folder in done.folders)
