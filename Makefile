# make run    set-up and server on this machine (PORT=8501, EXAMPLES=0 leaves the example organisation out)
# make test   set-up and every test · make check  the quick part, green in every commit
# make test-engines  logs counted inside DuckDB, PostgreSQL and Spark
# make bench  figures · make torture  long runs · make upgrade  backup, then migrate the database
# make reliability  what is broken on purpose, and many at once: docs/reliability.md (PEOPLE=100 MINUTES=10)
# make audit  bill of materials, advisories
# make bench FULL=1  a million assessments too, which take most of an hour to make
# make gallery  pictures of every screen, in docs/gallery
PORT ?= 8501
EXAMPLES ?= 1
FUZZ ?= 1800
BIN = .venv/bin

# Also where the surroundings forbid it: each process that a test starts would compile the whole program anew.
check test-quick test-rest test-postgresql test-browser test-engines torture: export PYTHONDONTWRITEBYTECODE =

.PHONY: audit reliability run test test-engines test-rest test-postgresql test-browser check test-quick lint types bench torture gallery gallery-sizes upgrade lock set-up set-up-test

run: set-up
	@PORT=$(PORT) EXAMPLES=$(EXAMPLES) $(BIN)/haetae serve

set-up:
	@./setup.sh run

set-up-test:
	@./setup.sh test

# What takes a second comes first; types and walls are looked at beside the tests. What each printed comes when it has ended.
check: lint
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types test-quick

test-quick:
	@HAETAE_DRAWS=10 $(BIN)/python -m pytest -q -n 2 --dist worksteal --ignore=tests/browser -m "not slow"

lint: set-up-test
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .

types: set-up-test
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/haetae check
	@find app.py assessments commands exports pages questionnaires -name '*.py' ! -path '*/versions/*' -exec wc -l {} + \
	  | awk '$$1 > 400 && $$2 != "total" {print "Remark: " $$2 " has " $$1 " lines. Does it hold two responsibilities?"}'

# Chromium waits more than it works.
test: lint
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target types test-rest test-browser
	@$(MAKE) --no-print-directory test-postgresql

# What fails is tried once more, by itself, and counts as failed if it fails again: DECISIONS.md says why.
AGAIN = --last-failed --last-failed-no-failures none
REST = HAETAE_DRAWS=60 $(BIN)/python -m pytest -q -o addopts=--strict-markers -o cache_dir=.pytest_cache/rest --ignore=tests/browser
test-rest:
	@$(REST) -n 2 --dist worksteal || { echo "Once more, alone, what failed:"; $(REST) $(AGAIN); }

# The same on PostgreSQL: what an office keeps, by the quick tests.
test-postgresql:
	@HAETAE_TEST_DATABASE=postgresql HAETAE_DRAWS=10 $(BIN)/python -m pytest -q -n 2 --dist worksteal --ignore=tests/browser -m "not slow"

# By its folder, so that its processes need not collect all others.
BROWSER = $(BIN)/python -m pytest -q -o addopts=--strict-markers -o cache_dir=.pytest_cache/browser
test-browser:
	@$(BROWSER) -n 3 --dist worksteal tests/browser || { \
	  echo "Once more, alone, what failed in the browser:"; $(BROWSER) $(AGAIN) tests/browser; }

# Logs counted where they lie: in DuckDB, PostgreSQL and a Spark of two workers; only those who need it install the packages.
test-engines: set-up-test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-engines.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements-spark.lock
	@HAETAE_ENGINES=1 $(BIN)/python -m pytest -q -o addopts=--strict-markers -o cache_dir=.pytest_cache/engines -n 2 --dist worksteal tests/engines

torture: set-up-test
	@HAETAE_DRAWS=20000 HAETAE_TORTURE=1 $(BIN)/python -m pytest -q -o faulthandler_timeout=0 -n 2 --dist worksteal --ignore=tests/browser
	@HAETAE_TORTURE=1 $(BIN)/python -m pytest -q -o faulthandler_timeout=0 tests/browser
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
	  -r requirements-torture.lock || echo "Logs are not fuzzed: atheris has no wheel for this Python."
	@$(BIN)/python -m tests.fuzz_logs $(FUZZ)

# FIGURES=file.json keeps what was measured; `pyperf compare_to` compares two such files.
FIGURES ?= .bench/figures.json
bench: set-up-test
	@mkdir -p .bench && rm -f $(FIGURES)
	@for part in rules reports seals collection logs lists dashboards rescoring screens; do more=; case $$part in lists|dashboards) more="$(if $(FULL),--full)";; esac; $(BIN)/python -m tests.bench.$$part --quiet $$more --append=$(FIGURES) >.bench/log || exit 1; done
	@$(BIN)/python -m tests.bench.limits $(FIGURES)

PEOPLE ?= 100
MINUTES ?= 10
reliability: set-up-test
	@$(BIN)/python -m tests.reliability.suite
	@$(BIN)/python -m tests.reliability.walls_cost
	@$(BIN)/python -m tests.reliability.load --people $(PEOPLE) --minutes $(MINUTES)

# VIEWS="home portfolio" makes only these; AT=2026-12-01T09:30+09:00 moves the moment that they show.
gallery: set-up-test
	@$(BIN)/python -m tests.gallery.make

# Bills of materials (CycloneDX) in .audit/, and what is known against the pinned packages; ends well only if all were looked up.
audit: set-up-test
	@$(BIN)/python -m tests.audit

upgrade: set-up
	@$(BIN)/haetae upgrade

# The dashboards with nothing, few and very many assessments, to look at: .bench/sizes. SIZES="0 300" makes only these.
gallery-sizes: set-up-test
	@$(BIN)/python -m tests.gallery.sizes

# Writes the lock files anew, without any address of an index.
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: set-up-test
	$(COMPILE) --output-file=requirements.lock pyproject.toml
	$(COMPILE) --extra=dev --constraint=requirements.lock --output-file=requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint=requirements.lock --output-file=requirements-s3.lock requirements-s3.in
	$(COMPILE) --output-file=requirements-torture.lock requirements-torture.in
	$(COMPILE) --constraint=requirements.lock --output-file=requirements-workers.lock requirements-workers.in
	$(COMPILE) --constraint=requirements-dev.lock --output-file=requirements-engines.lock requirements-engines.in
	$(COMPILE) --constraint=requirements-dev.lock --constraint=requirements-engines.lock --output-file=requirements-spark.lock requirements-spark.in
