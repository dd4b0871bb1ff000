"""What fields say by themselves, in the reader's language; the shell hands it to the script once a page."""

from __future__ import annotations

import secrets

from pages._frame import screens, translation

SERVER = secrets.token_hex(8)
"""Names this process; a page that meets another one knows that its server was started anew."""


def shared(language: str) -> dict[str, object]:
    """What the scripts of a page find in the shell."""
    paths = ["/", *(f"/{name}" for name in screens.SCREENS if name != "home")]
    seamless = [f"/{name}" for name in screens.SEAMLESS]
    return {"server": SERVER, "screens": paths, "seamless": seamless, "texts": _texts(language)}


def _texts(language: str) -> dict[str, str]:
    def say(message: str) -> str:
        return translation.translate(message, language)

    return {
        "unsaved": say("Not saved yet"),
        "saving": say("Saving …"),
        "silent": say("Not saved yet: the server does not answer. Your words are kept in this browser."),
        "offline_mark": say("No connection: kept in this browser, to be saved once there is one"),
        "offline_unkept": say("No connection, and this browser keeps nothing: leave this window open"),
        "refused": say("Not saved: {reason}"),
        "failed": say("Not saved, will be tried again: {reason}"),
        "conflict": say("Not saved: somebody else changed this answer. Choose one of the two."),
        "read_as": say("read as {value}"),
        "typed_here": say("You wrote this at {time}; it is not saved."),
        "keep_mine": say("Keep what I wrote"),
        "take_theirs": say("Take the saved text"),
        "nothing": say("(no answer)"),
        "offline": say(
            "The connection is lost. What you write is kept in this browser and saved as soon as it is back."
        ),
        "restarted": say("The server was started anew. This page reloads itself; what you wrote is kept."),
        "count": say("{length} of {limit} characters"),
        "cut": say("Only {limit} characters fit; the last {more} were cut off."),
        "calendar": say("Calendar"),
        "entry": say("Entry {number}"),
        "add": say("Add an entry"),
        "remove": say("Remove this entry"),
        "remove_ask": say("Remove entry {number}?"),
        "remove_yes": say("Yes, remove"),
        "cancel": say("Cancel"),
        "removed": say("Entry {number} was removed."),
        "undo": say("Undo"),
        "discard": say("Discard"),
        "draft": say("Your draft of {time}, not saved"),
        "meanwhile": say("Meanwhile this was saved here: {value}"),
        "choose": say("Choose"),
        "words_hint": say("Enter takes a word in; a click on one takes it out."),
        "word_out": say("Take out: {word}"),
        "words": say("What was written"),
        "unsaved_title": say("Unsaved answers"),
        "unsaved_answers": say("Unsaved answers in this browser: {count}"),
    }
