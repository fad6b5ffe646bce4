"""The stored nouns, by topic. QuerySets carry the vocabulary of lists."""

from .batches import Attempt, Batch
from .connections import Connection
from .decisions import Decision, Evidence, Proposal
from .events import HistoryEvent
from .jobs import ImportJob, RowSlice, SourceFile
from .stops import SendingStop
from .sweeps import SweepRun

__all__ = [
    "Attempt",
    "Batch",
    "Connection",
    "Decision",
    "Evidence",
    "HistoryEvent",
    "ImportJob",
    "Proposal",
    "RowSlice",
    "SendingStop",
    "SourceFile",
    "SweepRun",
]
