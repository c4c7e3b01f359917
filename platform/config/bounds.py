"""How much, how often and how long: the house's own settings that are numbers."""

import os

from config.days_told import days_told, worked_weekends

BONDPOOL_LEASE_SECONDS = int(os.environ.get("BONDPOOL_LEASE_SECONDS") or 120)
BONDPOOL_MAX_ATTEMPTS = int(os.environ.get("BONDPOOL_MAX_ATTEMPTS") or 20)
BONDPOOL_JOBS_AT_ONCE = int(os.environ.get("BONDPOOL_JOBS_AT_ONCE") or 1)

# Item codes looked up in a minute, by one address (a mobile network may show many people as
# one) and by all together.
BONDPOOL_LOOKUPS_PER_ADDRESS = int(os.environ.get("BONDPOOL_LOOKUPS_PER_ADDRESS") or 120)
BONDPOOL_LOOKUPS_PER_MINUTE = int(os.environ.get("BONDPOOL_LOOKUPS_PER_MINUTE") or 6000)
# Requests to the API in a minute by one token, and refused tokens from one address.
BONDPOOL_API_PER_MINUTE = int(os.environ.get("BONDPOOL_API_PER_MINUTE") or 600)
# A file of 20 MB and the form around it.
BONDPOOL_API_MOST_BYTES = 21 * 1024 * 1024
BONDPOOL_API_FAILURES = int(os.environ.get("BONDPOOL_API_FAILURES") or 30)
# Notices, sent e-mails and delivered webhook messages are deleted after so many days.
BONDPOOL_NOTICES_KEPT_DAYS = int(os.environ.get("BONDPOOL_NOTICES_KEPT_DAYS") or 400)
# What orders say of their buyers is erased so many days after they came to their end: three years,
# which is the least that E-commerce Law art. 31 lets.
BONDPOOL_BUYER_RETENTION_DAYS = int(os.environ.get("BONDPOOL_BUYER_RETENTION_DAYS") or 1096)

# How long the plan of a round may be looked for, and when a part of it is good enough.
SOLVER_SECONDS = float(os.environ.get("BONDPOOL_SOLVER_SECONDS") or 30)
SOLVER_GAP = 0.005

# From the 15th day on there is a late fee. That completing a two-step declaration and handing in
# the list of what went in first have the same days could not be confirmed.
BONDPOOL_CUSTOMS_DAYS = int(os.environ.get("BONDPOOL_CUSTOMS_DAYS") or 14)
# Days off of the State Council's calendar that are no weekend; each year's is announced in autumn.
BONDPOOL_HOLIDAYS = days_told("BONDPOOL_HOLIDAYS", os.environ.get("BONDPOOL_HOLIDAYS", ""))
# Saturdays and Sundays that the same calendar makes working days.
BONDPOOL_WORKED_WEEKENDS = worked_weekends(
    "BONDPOOL_WORKED_WEEKENDS",
    os.environ.get("BONDPOOL_WORKED_WEEKENDS", ""),
    off=BONDPOOL_HOLIDAYS,
)
BONDPOOL_DEADLINE_DAYS = int(os.environ.get("BONDPOOL_DEADLINE_DAYS") or 3)
# The single window is said to take 50; no rule in force could be read that says so.
BONDPOOL_DECLARATION_LINES = int(os.environ.get("BONDPOOL_DECLARATION_LINES") or 50)
# Tax of a list that customs has is held against its guarantee until customs bills it, and no longer
# than so many days: a list that is never billed does not bind it for ever. Customs is said to bill
# a month and more after the release; how long it takes could not be confirmed.
BONDPOOL_BILLED_DAYS = int(os.environ.get("BONDPOOL_BILLED_DAYS") or 60)
# Buyers' years asked after by an identity number: by one person in an hour, by a company in a day.
# Whoever could ask at will could find out what strangers buy.
BONDPOOL_YEARS_PER_PERSON = int(os.environ.get("BONDPOOL_YEARS_PER_PERSON") or 120)
BONDPOOL_YEARS_PER_COMPANY = int(os.environ.get("BONDPOOL_YEARS_PER_COMPANY") or 2000)
# Signs of supervision conditions whose permit's number is asked for before goods are declared.
# Which of them are waived for goods into bond (mode 1210) could not be confirmed.
BONDPOOL_PERMIT_SIGNS = os.environ.get("BONDPOOL_PERMIT_SIGNS", "127FILOPQSWXZt")
# Customs districts (four digits, or their first two) outside the pilot of cross-border retail:
# goods enter bond there in mode 1239, in all others in 1210. The pilot was widened several times.
BONDPOOL_1239_DISTRICTS = tuple(os.environ.get("BONDPOOL_1239_DISTRICTS", "").split())
# Modes that count where the positive list takes goods from bond only. That 1239, bonded as well,
# is one of them could not be confirmed.
BONDPOOL_BONDED_ONLY_MODES = tuple(os.environ.get("BONDPOOL_BONDED_ONLY_MODES", "1210").split())
