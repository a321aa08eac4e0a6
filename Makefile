# The two commands: `make demo` and `make test`. Everything else is listed by `make help`.
#
# PYTHON=/path/to/python3   the interpreter to build .venv with (default: the newest of 3.11 or later)
# VENV=folder               where the environment lives (default: .venv)
# PYQT6_VENV=folder         where PyQt6 lives, on top of it (default: .venv-pyqt6)

SHELL := bash
VENV ?= .venv
PYQT6_VENV ?= $(VENV)-pyqt6
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PACKAGES := core training viewer_plugins app resources tests benchmarks scripts
IMPORTED := medvlp_resources medvlp medvlp_training medvlp_widgets medvlp_napari medvlp_viewer

# One thread for each test process: two of them share the machine.
TEST_ENVIRONMENT := OMP_NUM_THREADS=1 QT_API=pyside6 LIBGL_ALWAYS_SOFTWARE=1
TEST_OPTIONS ?= -n 2 --dist loadfile
WITH_DISPLAY := scripts/with-display.sh

.DEFAULT_GOAL := help
.PHONY: help demo test lint format unit test-pyqt6 bench bench-viewer bench-colipri quality sample train train-smoke compare wheel clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.installed-viewer ## open the viewer on the bundled scan with a query (a picture of it, without a display)
	$(BIN)/medvlp-viewer --demo

test: $(VENV)/.installed-test ## everything that CI runs: ruff, mypy, import-linter, pytest
	$(MAKE) --no-print-directory lint unit

lint: $(VENV)/.installed-test ## ruff, mypy and import-linter
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-test ## rewrite the code in the project's format
	$(BIN)/ruff check --fix $(PACKAGES)
	$(BIN)/ruff format $(PACKAGES)

unit: $(VENV)/.installed-test ## pytest alone; for one test: make unit TEST_OPTIONS="tests/core/test_geometry.py -k oblique"
	$(TEST_ENVIRONMENT) $(WITH_DISPLAY) $(BIN)/python -m pytest $(TEST_OPTIONS)

test-pyqt6: $(PYQT6_VENV)/.installed ## the panels and the napari plugin under PyQt6 instead of PySide6
	$(TEST_ENVIRONMENT) QT_API=pyqt6 PYTEST_QT_API=pyqt6 \
	  $(WITH_DISPLAY) $(PYQT6_VENV)/bin/python -m pytest tests/napari tests/widgets

bench: $(VENV)/.installed-test ## the speed and memory tables (see benchmarks/README.md)
	$(WITH_DISPLAY) $(BIN)/python -m benchmarks.run

bench-viewer: $(VENV)/.installed-test ## the viewer's speed, memory and start in a real window
	$(WITH_DISPLAY) $(BIN)/python -m benchmarks.viewer

bench-colipri: $(VENV)/.installed-test ## encoding in turns with COLIPRI's encoder, in an environment of its own (minutes, gigabytes)
	benchmarks/colipri/environment.sh
	$(BIN)/python -m benchmarks.run encode_ct

quality: $(VENV)/.installed-test ## how right the default model is, bar by bar (needs MEDVLP_DATA; goes on where it stopped)
	$(BIN)/python -m benchmarks.quality

sample: $(VENV)/.installed-test ## simulate the bundled sample again
	$(BIN)/python -m medvlp_training.simulation.sample --out resources/medvlp_resources/samples

train: $(VENV)/.installed-test ## train the default model again (hours; needs MEDVLP_DATA)
	scripts/train-default.sh

train-smoke: $(VENV)/.installed-test ## every pre-training method learns something in a minute at most, on the CPU
	$(BIN)/python -m medvlp_training.pretraining.smoke

compare: $(VENV)/.installed-test ## the five methods under the same data, encoder and steps (many hours; goes on where it stopped)
	scripts/compare.sh

wheel: $(VENV)/.installed-test ## build dist/medvlp-*.whl
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove the environment and what was built
	rm -rf $(VENV) $(PYQT6_VENV) build dist

# Environments. A stamp is made anew only when a version or an extra changes, so that the second
# `make demo` starts at once. The install is editable: the code that runs is the code in this tree.

$(VENV)/bin/python:
	@scripts/make-venv.sh $(VENV)

$(VENV)/.installed-viewer: pyproject.toml constraints.txt scripts/install-system-packages.sh | $(VENV)/bin/python
	@scripts/install-system-packages.sh viewer
	@echo 'Installing the project and what it needs (minutes, the first time)'
	@$(PIP) install --quiet -c constraints.txt -e '.[viewer]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt scripts/install-system-packages.sh | $(VENV)/bin/python
	@scripts/install-system-packages.sh viewer test
	@echo 'Installing the project and what its tests need (minutes, the first time)'
	@$(PIP) install --quiet -c constraints.txt -e '.[viewer,napari,train,test]'
	@touch $@ $(VENV)/.installed-viewer

$(PYQT6_VENV)/.installed: $(VENV)/.installed-test scripts/make-pyqt6-venv.sh
	@echo 'Installing PyQt6 on top of $(VENV)'
	@scripts/make-pyqt6-venv.sh $(VENV) $(PYQT6_VENV)
	@touch $@
