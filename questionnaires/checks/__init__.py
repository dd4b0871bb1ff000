"""One module a kind of mistake in a questionnaire file; each has `find_problems(checked)`, `reach` has `search(checked)`."""
