# The commands of the course. They need make and Python 3.11 or newer; everything else is installed into .venv.

IN_VENV := .venv/bin/python
ELSEWHERE := --ignore=tests/browser --ignore=tests/grading --ignore=tests/oracles
INSTALL := -m pip install --quiet --disable-pip-version-check --requirement

.PHONY: help lab test test-oracles test-browser test-grade grade outputs check-stored book binder-link check-binder bench clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'PYTHON=python3.12 make lab       choose the Python of a new .venv'
	@echo 'make lab LAB="--no-browser"      hand options to JupyterLab'
	@echo 'make outputs NOTEBOOKS="notebooks/01_softmax.ipynb"'

lab: .venv/ready ## open the lessons in JupyterLab (the first time: create .venv and install into it)
	JUPYTER_CONFIG_PATH="binder$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" $(IN_VENV) -m jupyterlab \
	    --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(LAB)

test: .venv/ready ## check formatting, run the tests, run every notebook and compare its outputs
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m pytest --nbval --nbval-current-env $(ELSEWHERE) tests notebooks

test-oracles: .venv/ready-oracles ## compare the mathematics with SciPy
	$(IN_VENV) -m pytest tests/oracles

test-browser: .venv/ready-browser ## move the explorers in a real browser (needs Chromium)
	@command -v chromium >/dev/null || \
	    { echo 'make test-browser needs Chromium; on Debian and Ubuntu: sudo apt-get install chromium'; exit 1; }
	$(IN_VENV) -m pytest tests/browser

test-grade: .venv/ready .venv-grade/ready ## grade right, wrong and hostile submissions of the homework
	$(IN_VENV) -m pytest tests/grading

# SUBMISSIONS and OUT reach the shell as variables, so blanks and quotes may stand in them.
grade: .venv-grade/ready ## grade a folder of homework notebooks: make grade SUBMISSIONS="folder" OUT="folder"
	@[ -n "$$SUBMISSIONS" ] || { echo 'make grade SUBMISSIONS="folder" (and OUT="folder" for the results)'; exit 1; }
	@.venv-grade/bin/python tests/grade.py "$$SUBMISSIONS" --out "$${OUT:-$$SUBMISSIONS}"

outputs: .venv/ready ## run the notebooks and store their outputs
	$(IN_VENV) tests/store_outputs.py $(NOTEBOOKS)

book: .venv/ready ## write what pages share: navigation, the table and the picture of README.md
	$(IN_VENV) tests/book.py

check-stored: .venv/ready ## say what of `make book outputs` is not current, byte for byte
	$(IN_VENV) tests/book.py --check
	$(IN_VENV) tests/store_outputs.py --check $(NOTEBOOKS)

binder-link: .venv/ready ## point the Binder links of README.md at the git remote origin
	$(IN_VENV) tests/book.py --binder

check-binder: .venv-binder/ready ## render what Binder would build, without building it, and lint the workflows
	@.venv-binder/bin/jupyter-repo2docker --no-build --debug . >.venv-binder/Dockerfile 2>&1 || \
	    { tail -n 5 .venv-binder/Dockerfile; exit 1; }
	@grep -q 'pip install .*binder/requirements.txt' .venv-binder/Dockerfile
	@grep -q 'python=3.12' .venv-binder/Dockerfile
	@echo 'Binder can build this repository.'
	.venv-binder/bin/zizmor --offline --quiet .github/workflows

bench: .venv-bench/ready .venv/ready-browser ## measure speed: beside SciPy and PyTorch (in .venv-bench; large), and of the explorers
	.venv-bench/bin/python tests/benchmark.py
	$(IN_VENV) tests/benchmark_explorers.py --browser

clean: ## remove what these commands installed and cached
	rm -rf .venv .venv-bench .venv-binder .venv-grade .pytest_cache .ruff_cache .hypothesis
	find helpers tests -name __pycache__ -exec rm -rf {} +

# The file `ready` in an environment is newer than the list of what it holds, so the second time installs nothing.
.venv/ready: requirements.txt
	@set -e; \
	usable='import pip, sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! .venv/bin/python -c "$$usable" 2>/dev/null; then \
	    if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; \
	    else set -- python3 python3.14 python3.13 python3.12 python3.11; fi; \
	    for python in "$$@"; do \
	        if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	        python=; \
	    done; \
	    if [ -z "$$python" ]; then \
	        echo "The course needs Python 3.11 or newer, but $$1 is $$("$$1" --version 2>/dev/null || echo missing)." \
	            "Install one, or name it: PYTHON=/path/to/python make lab"; \
	        exit 1; \
	    fi; \
	    if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	        echo "$$python has no venv module; on Debian and Ubuntu: sudo apt-get install python3-venv"; \
	        exit 1; \
	    fi; \
	    echo "Creating .venv with $$("$$python" --version)"; \
	    "$$python" -m venv --clear .venv; \
	fi
	@echo 'Installing requirements.txt into .venv (a minute the first time)'
	@$(IN_VENV) $(INSTALL) requirements.txt
	@touch $@

.venv/ready-browser: tests/browser-requirements.txt .venv/ready
	@echo 'Installing tests/browser-requirements.txt into .venv'
	@$(IN_VENV) $(INSTALL) tests/browser-requirements.txt
	@touch $@

.venv/ready-oracles: tests/oracles-requirements.txt .venv/ready
	@echo 'Installing tests/oracles-requirements.txt into .venv'
	@$(IN_VENV) $(INSTALL) tests/oracles-requirements.txt
	@touch $@

# What a lesson imports (the list for Binder) and the peers. Not requirements.txt: PyTorch needs an older mpmath.
.venv-bench/ready: binder/requirements.txt tests/oracles-requirements.txt tests/bench-requirements.txt | .venv/ready
	@echo 'Installing what lessons import, SciPy and PyTorch into .venv-bench (minutes the first time)'
	@$(IN_VENV) -m venv .venv-bench
	@.venv-bench/bin/python $(INSTALL) binder/requirements.txt \
	    --requirement tests/oracles-requirements.txt --requirement tests/bench-requirements.txt
	@touch $@

# What a student's notebook imports (the list for Binder) and nbgrader.
.venv-grade/ready: binder/requirements.txt tests/grade-requirements.txt | .venv/ready
	@echo 'Installing binder/requirements.txt and tests/grade-requirements.txt into .venv-grade (a minute the first time)'
	@$(IN_VENV) -m venv .venv-grade
	@.venv-grade/bin/python $(INSTALL) binder/requirements.txt --requirement tests/grade-requirements.txt
	@touch $@

.venv-binder/ready: tests/binder-requirements.txt | .venv/ready
	@echo 'Installing tests/binder-requirements.txt into .venv-binder'
	@$(IN_VENV) -m venv .venv-binder
	@.venv-binder/bin/python $(INSTALL) tests/binder-requirements.txt
	@touch $@
