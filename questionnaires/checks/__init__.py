"""One module a kind of mistake in a questionnaire file; each has `find(checked)`."""
