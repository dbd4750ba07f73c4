"""Lists the concepts' models so that Django finds them. A test proves that none is missing."""

from reporting.cases.categories import Category, Question
from reporting.cases.envelopes import AppealIdentity, NotifyAddress, ProtectedIdentity
from reporting.cases.models import Answer, Assignment, Case, Inquiry, Note, Reading, Reply, Report, Term, Withdrawal
from reporting.events.models import Event, FeedEntry, Restore, Scope
from reporting.gateways.models import DayKey, Nonce, Part, Replies, Seen
from reporting.media.models import Medium
from reporting.mediation.models import FollowUp, Opening
from reporting.people.models import AccessRecord, Grant, GroupKey, LoginMemory, Membership, Office, Profile, User
from reporting.places.models import Boundary, Dataset, Place
from reporting.routing.models import Alarm, Copy, Rule
from reporting.sync.models import Operation, Partial, Quarantined, SyncKey

__all__ = [
    "AccessRecord",
    "Alarm",
    "Answer",
    "AppealIdentity",
    "Assignment",
    "Boundary",
    "Case",
    "Category",
    "Copy",
    "Dataset",
    "DayKey",
    "Event",
    "FeedEntry",
    "FollowUp",
    "Grant",
    "GroupKey",
    "Inquiry",
    "LoginMemory",
    "Medium",
    "Membership",
    "Nonce",
    "Note",
    "NotifyAddress",
    "Office",
    "Opening",
    "Operation",
    "Part",
    "Partial",
    "Place",
    "Profile",
    "ProtectedIdentity",
    "Quarantined",
    "Question",
    "Reading",
    "Replies",
    "Reply",
    "Report",
    "Restore",
    "Rule",
    "Scope",
    "Seen",
    "SyncKey",
    "Term",
    "User",
    "Withdrawal",
]
