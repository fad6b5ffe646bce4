"""The stored nouns, by topic. QuerySets carry the vocabulary of lists."""

from .approvals import Approval
from .batches import Attempt, Batch
from .connections import Connection
from .corrections import Correction
from .decisions import Decision, Evidence, Proposal
from .destructions import Destruction, DestructionKind
from .events import HistoryEvent, HistoryLink
from .invitations import Invitation
from .jobs import ImportJob, RowSlice, SourceFile
from .links import SharedLink
from .people import MailWish, Notice, Preferences
from .policies import Policy
from .preparedfiles import PreparedFile
from .presets import Preset
from .refusals import ErrorNote, RefusalTally
from .searches import PersonSearch
from .secrets import LastingSecret
from .sent import SentPeople
from .signing import ForgottenPassword, SignedIn
from .signs import WorkerSign
from .stops import SendingStop
from .sweeps import SweepRun
from .teams import FIRST_TEAM, Person, Reach, Team, home_team, reach_of, standing_of

__all__ = [
    "Approval",
    "Attempt",
    "Batch",
    "Connection",
    "Correction",
    "Decision",
    "Destruction",
    "DestructionKind",
    "ErrorNote",
    "Evidence",
    "FIRST_TEAM",
    "ForgottenPassword",
    "HistoryEvent",
    "HistoryLink",
    "ImportJob",
    "Invitation",
    "LastingSecret",
    "MailWish",
    "Notice",
    "Person",
    "PersonSearch",
    "Policy",
    "Preferences",
    "PreparedFile",
    "Preset",
    "Proposal",
    "Reach",
    "RefusalTally",
    "RowSlice",
    "SendingStop",
    "SentPeople",
    "SharedLink",
    "SignedIn",
    "SourceFile",
    "SweepRun",
    "WorkerSign",
    "Team",
    "home_team",
    "reach_of",
    "standing_of",
]
