# Everything a day's work needs; each target sets up what it lacks, and only once.
python := .venv/bin/python
packages := advisor actions assistant bench

.PHONY: help run test faults train check audit bench lock graph thresholds
help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/: *##/\t/'

run:  ## start the assistant on http://localhost:5005/ (PORT=… for another port)
	@deploy/setup.sh
	@$(python) -m assistant run

test:  ## every test
	@deploy/setup.sh test
	@$(python) -m pytest -q

faults:  ## every fault and attack that the assistant must survive; writes docs/faults.md (half an hour)
	@deploy/setup.sh test
	@$(python) -m pytest -q -m "" tests/faults tests/security --faults-table docs/faults.md

train:  ## make the model for the content as it is now
	@deploy/setup.sh
	@$(python) -m assistant train

check: audit  ## format, lint, types and known vulnerabilities
	@deploy/setup.sh dev
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m mypy $(packages)

audit:  ## published security advisories of the locked packages
	@deploy/setup.sh audit
	@$(python) deploy/audit.py

bench:  ## how fast and how right the assistant is
	@deploy/setup.sh dev
	@$(python) -m bench

lock:  ## compile requirements.lock and requirements-dev.lock from pyproject.toml
	@deploy/setup.sh lock

graph:  ## rebuild the sentence encoder's graph
	@deploy/setup.sh dev
	@$(python) -m assistant.nlu.encoder_graph

thresholds:  ## fit the classifier's thresholds to tests/calibration
	@deploy/setup.sh dev
	@$(python) -m assistant.nlu.calibrate
