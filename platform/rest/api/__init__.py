"""What the API does for everybody: oneself, the company, its people, its admission, a history."""

from rest.api.admission import routes as admission
from rest.api.company import routes as company
from rest.api.history import routes as history
from rest.api.me import routes as me
from rest.api.people import routes as people

ROUTES = (me, company, people, admission, history)
