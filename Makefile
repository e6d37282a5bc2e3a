# Two commands matter: `make demo` prints the example packets, `make test` checks everything.

PYTHON ?= python3
BIN := .venv/bin
DECISIVE := handouts/model.py,handouts/press/*,handouts/run/*,handouts/layout/measures.py,handouts/layout/varying.py,handouts/layout/packet.py,handouts/layout/composition.py,handouts/layout/forms.py
UNMEASURED := tests/run/test_folder.py::test_a_full_disk_ends_in_a_clear_error_and_a_folder_that_resumes \
	tests/scan/test_bad_files.py::test_the_name_of_a_file_reaches_no_terminal_as_it_is \
	tests/scan/test_interrupted.py::test_stopped_by_a_person_it_says_so_and_ends_as_undisturbed_when_it_is_done_again \
	tests/security/test_scans.py::test_a_fault_in_the_process_that_opens_files_tells_no_value
SOURCES := pyproject.toml cli.py $(shell find handouts templates -type f ! -name '*.pyc')

.PHONY: demo test soak coverage mutation lint bench fuzz verapdf lock fonts codes clean

demo: .venv/program
	$(BIN)/handouts generate examples/appointments.csv --clinic examples/clinic.yaml

test: lint
	$(BIN)/python -m pytest

# What takes too long for every day: 10,000 packets read page by page, runs killed at 200 moments, every write failing.
soak: .venv/tools
	$(BIN)/python -m pytest -m soak

# Which branches the tests reach, those of workers and started commands too: 90 % of all, and every one of those by which
# a patient's values reach a page. Takes twice as long as the tests, without four: on a full disk, and in a
# process that may not write, there is no room for measurements.
coverage: .venv/tools
	$(BIN)/coverage erase
	COVERAGE_FILE=$(CURDIR)/.coverage $(BIN)/coverage run -m pytest $(addprefix --deselect ,$(UNMEASURED))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include="$(DECISIVE)" --fail-under=100

# Whether the tests notice small changes of the same modules: make mutation MUTANTS=4 (of each module). Some hours.
mutation: .venv/mutator
	$(BIN)/python -m tests.mutation $(or $(MUTANTS),4)

lint: .venv/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The program beside what a user would pick instead; writes docs/performance.md and .json. Some twenty minutes.
bench: .venv/peers
	$(BIN)/python -m benchmarks

# Foreign files made up at random, for what they break: make fuzz SECONDS=600. Each kind gets as many seconds.
fuzz: .venv/fuzzer
	$(BIN)/python -m tests.fuzz $(or $(SECONDS),60)

# Say which rules of PDF/UA-1 and PDF/A-2a files break: make verapdf FILES="output/*/packets/*.pdf"
verapdf: .venv/tools
	$(BIN)/python -m tests.accessibility $(FILES)

.venv/program: .venv/installed $(SOURCES)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	touch $@

.venv/installed: requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/tools: requirements-dev.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ .venv/installed

.venv/peers: .venv/tools benchmarks/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	touch $@

.venv/fuzzer: .venv/tools tests/fuzz/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/fuzz/requirements.lock
	touch $@

.venv/mutator: .venv/tools tests/mutation/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/mutation/requirements.lock
	touch $@

# Pin the newest versions that pyproject.toml allows.
lock: .venv/tools
	$(BIN)/python -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra bench -c requirements-dev.lock -o benchmarks/requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra fuzz -c requirements-dev.lock -o tests/fuzz/requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra mutation -c requirements-dev.lock -o tests/mutation/requirements.lock pyproject.toml

# Make the shipped font subsets anew, after a change of font, layout/families.py or layout/subsets.py.
fonts: .venv/tools
	$(BIN)/python -m handouts.layout.subsets

# Make the shipped parts of QR symbols anew, after a change of layout/codes.py or layout/symbols.py.
codes: .venv/tools
	$(BIN)/python -m handouts.layout.symbols

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
