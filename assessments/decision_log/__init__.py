"""The organisation's own decision log: what people decided on what the AI said, read, counted and held against the claim.

    importing.read_log(path, mapping, key=…)      → ImportedLog    reads a file, streaming; refuses or lists what is bad
    analysis.analyse(imported, settings)          → LogAnalysis    numpy only; frozen, JSON-able, small
    findings.contributions(analysis, claimed, triggers) → LogContribution per part   pure
    rules.involvement.examine(…, log=contributions)     → ClaimFinding               pure

`columns` says which column means what (and suggests it from headers), `making` writes made logs for demonstration
and tests. Statistics stand in one small module a topic; whole numbers are counted exactly, so that the order of
rows never matters. Reviewers' names are pseudonymised while reading; reasons are kept as digests only; nothing here
writes a file except `making`.
"""
