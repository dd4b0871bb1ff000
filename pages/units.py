"""The units in which one administers, as a tree, and what belongs to each: add, rename, move."""

from __future__ import annotations

from assessments import roster
from pages._admin import door, places
from pages._frame import database, markup, shared
from pages._frame.shared import _

actor = shared.acting()
door.open_for_administrators("units", actor)
with database.reading() as session:
    administered = roster.places_administered(session, actor)
text = _(
    "A role holds in the unit where it is given and in all units below it. Nobody sees what belongs to other units."
)
markup.show(markup.quiet(text))
for place in administered:
    places.show(place, administered)
shared.draw(
    "frame/command.html.j2",
    text=_("Another top unit is added where the server runs:"),
    command="haetae unit add NAME --top",
)
