"""The stored nouns, by topic. QuerySets carry the vocabulary of lists."""

from .batches import Attempt, Batch, Decision
from .connections import Connection
from .events import HistoryEvent
from .jobs import ImportJob, RowSlice, SourceFile

__all__ = ["Attempt", "Batch", "Connection", "Decision", "HistoryEvent", "ImportJob", "RowSlice", "SourceFile"]
