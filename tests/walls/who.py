"""Who walks through the house, and for whom an address is."""

from __future__ import annotations

from dataclasses import dataclass

SELLER, IMPORTER, WAREHOUSE, FINANCE, OPERATOR = (
    "seller",
    "importer",
    "warehouse",
    "finance",
    "operator",
)
EVERYBODY = frozenset({SELLER, IMPORTER, WAREHOUSE, FINANCE, OPERATOR})


@dataclass(frozen=True)
class Person:
    """Somebody who walks: ``role`` is empty for who acts for nobody.

    ``is_of_canary``: of the company whose rows the addresses name (for finance and operators: of
    the platform that keeps the house).
    """

    name: str
    role: str = ""
    is_of_canary: bool = False
    is_admin: bool = False
    is_signed_in: bool = True


#: The admin and the clerk of each company of the canary's, the same role of a strange company, and
#: those who have no company at all, none yet, or none any more.
PEOPLE = (
    Person("nobody", is_signed_in=False),
    *(Person(role, role, is_of_canary=True, is_admin=True) for role in sorted(EVERYBODY)),
    *(Person(f"{role}'s clerk", role, is_of_canary=True) for role in sorted(EVERYBODY)),
    *(Person(f"strange {role}", role, is_admin=True) for role in sorted(EVERYBODY)),
    Person("strange seller's clerk", SELLER),
    Person("homeless"),
    Person("left"),
    Person("applicant", SELLER, is_admin=True),
)


@dataclass(frozen=True)
class Address:
    """``read`` and ``write`` are the roles that may GET and POST; ``public`` needs no role.

    ``owner``: it names the canary's own row, of the company of this role. Of the other roles that
    may open it, those that work for the whole platform do; sellers and importers get 404.
    ``mine``: it names a row of one person (who made a job, whose notice it is), and nobody else's,
    a colleague's neither. ``admins``: only for who manages the people of the company.
    ``is_file``: what a reader gets there is a file to keep, not a page.
    ``nobody``: also for a person who acts for no company. ``wide``: the platform's roles that may
    open any company's row; without it finance and operators, as far as the page is for them.
    """

    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    public: bool = False
    owner: str = ""
    mine: bool = False
    admins: bool = False
    nobody: bool = False
    is_file: bool = False
    wide: frozenset[str] = frozenset({FINANCE, OPERATOR})
    #: Beside the owner: roles of the canary's other companies whose own the row is as well.
    also: frozenset[str] = frozenset()

    @property
    def is_owned(self) -> bool:
        return bool(self.owner)

    def is_for(self, person: Person, method: str) -> bool:
        """Whether this person finds something there."""
        roles = self.read if method in {"GET", "HEAD"} else self.write
        if self.public:
            return True
        if person.role not in roles:
            return self.nobody and not person.role and person.is_signed_in
        if self.admins and not person.is_admin and person.role not in self.wide:
            return False
        if not self.owner or (person.is_of_canary and person.role in {self.owner, *self.also}):
            return not (self.mine and person.name != self.owner)
        return not self.mine and person.role in self.wide
