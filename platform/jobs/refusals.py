"""What jobs refuse."""

from __future__ import annotations

from core.errors import DomainError, InputError


class NothingChosen(InputError):
    """Choose at least one row of the list first."""

    code = "jobs.nothing_chosen"


class TooManyChosen(InputError):
    """That are more rows than are done at once; narrow the list."""

    code = "jobs.too_many_chosen"


class NotLookedAt(InputError):
    """Say of each row what you saw of it, so that what changed since is not done unseen."""

    code = "jobs.not_looked_at"


class NameThem(InputError):
    """What releases money is not done to whatever matches: name the rows."""

    code = "jobs.name_them"


class TooManyJobs(DomainError):
    """So many jobs of yours are waiting already; let them end or cancel them."""

    code = "jobs.too_many_jobs"


class JobIsOver(DomainError):
    """The job has ended already and cannot be cancelled."""

    code = "jobs.job_is_over"


class ResultGone(DomainError):
    """The file of this job is no longer kept; make it again."""

    code = "jobs.result_gone"


class TooManyForXlsx(DomainError):
    """An XLSX sheet holds 1,048,575 rows at most; take CSV, or narrow the list."""

    code = "jobs.too_many_for_xlsx"


class NoLongerMember(DomainError):
    """The person who asked for this job no longer acts for the company in that role."""

    code = "jobs.no_longer_member"


class TokenOver(DomainError):
    """The API token with which this job was asked for has been revoked, or is too old."""

    code = "jobs.token_over"


class RowGone(DomainError):
    """The row is not there any more."""

    code = "jobs.row_gone"


class RowFault(DomainError):
    """This row could not be done; the fault is ours, and nothing of it was changed."""

    code = "jobs.row_fault"
