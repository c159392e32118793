# Common tasks; each target installs what it needs, once.
python := .venv/bin/python
packages := advisor actions assistant console bench

.PHONY: help run test faults train check audit bench lock graph adapter thresholds contacts
help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/: *##/\t/'

run:  ## start the assistant on http://localhost:5005/ (PORT=… for another port)
	@deploy/setup.sh
	@$(python) -m assistant run

test:  ## run all tests
	@deploy/setup.sh test
	@$(python) -m assistant train
	@$(python) -m pytest -q

faults:  ## run all fault and attack tests; writes docs/faults.md (half an hour)
	@deploy/setup.sh test
	@$(python) -m pytest -q -m "" tests/faults tests/security --faults-table docs/faults.md

train:  ## train the model for the current content
	@deploy/setup.sh
	@$(python) -m assistant train

check: audit  ## check format, lint, types and known vulnerabilities
	@deploy/setup.sh dev
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m mypy $(packages)

audit:  ## check the locked packages for security advisories
	@deploy/setup.sh audit
	@$(python) deploy/audit.py

bench:  ## benchmark speed and resource usage against stock Rasa
	@deploy/setup.sh dev
	@$(python) -m bench

lock:  ## compile requirements.lock and requirements-dev.lock from pyproject.toml
	@deploy/setup.sh lock

graph:  ## rebuild the sentence encoder's graph
	@deploy/setup.sh dev
	@$(python) -m assistant.nlu.encoder_graph

adapter:  ## fit the encoder to topics and to company facts (an hour; installs torch)
	@deploy/setup.sh adapter
	@.adapter/bin/python -m assistant.nlu.adapting

thresholds:  ## fit the classifier's thresholds to tests/calibration
	@deploy/setup.sh dev
	@$(python) -m assistant.nlu.calibrate

contacts:  ## fit the reader of contact details to data/contacts (ten minutes; installs torch)
	@deploy/setup.sh adapter
	@.adapter/bin/python -m assistant.contacts.fitting
