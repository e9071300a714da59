# The commands of the course. They need make and Python 3.11 or newer; everything else is installed into .venv.

PYTHON ?= python3
RUN := .venv/bin/python
PYTEST := $(RUN) -m pytest
SITE := .venv/site/bin/python
# Matrices as small as ours gain nothing from several BLAS threads, and waiting threads slow the explorers down.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help lab test test-oracles test-mutants test-faults test-browser test-grading grade student outputs shared print \
    site test-site check-stored check-binder binder-link bench clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'make test NOTEBOOKS="notebooks/01_softmax.ipynb"     one lesson alone; also outputs, check-stored'
	@echo 'make lab PYTHON=python3.12                           choose the Python of a new .venv'
	@echo 'make lab LAB="--no-browser"                          hand options to JupyterLab'

lab: .venv/ready ## open the lessons in JupyterLab (the first time: create .venv and install into it)
	$(RUN) -m jupyterlab --config=binder/jupyter_server_config.py $(LAB)

# Every folder of tests/ is slow and has a command of its own, so pytest leaves them out (pyproject.toml).
test: tests .venv/ready ## check formatting, run the quick tests, run every notebook and compare its outputs
ifdef NOTEBOOKS
	$(PYTEST) --nbval --nbval-current-env tests/test_notebooks.py tests/test_prose.py $(NOTEBOOKS) \
	    -k "no_such_test $(foreach name,$(basename $(notdir $(NOTEBOOKS))),or $(name))"
else
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(PYTEST) -n 2 --dist loadfile --nbval --nbval-current-env tests notebooks
endif

test-oracles: .venv/tests ## compare the mathematics with SciPy
test-mutants: .venv/tests ## break every line of the mathematics and see the tests fail
test-faults: .venv/tests ## run the lessons as poor machines, browsers and careless readers do
test-browser: .venv/tests ## move the explorers in a real browser (needs Chromium)
test-grading: .venv/tests ## grade right, wrong and hostile submissions of the homework
test-grading: override PYTEST += --dist loadfile
test-oracles test-mutants test-faults test-browser test-grading:
	$(PYTEST) -n 2 tests/$(@:test-%=%)

# SUBMISSIONS and OUT reach the shell as variables, so blanks and quotes may stand in them.
grade: tests .venv/ready ## grade a folder of homework notebooks: make grade SUBMISSIONS="folder" OUT="folder"
	@[ -n "$$SUBMISSIONS" ] || { echo 'make grade SUBMISSIONS="folder" (and OUT="folder" for the results)'; exit 1; }
	@$(RUN) tests/tools/grade.py "$$SUBMISSIONS" --out "$${OUT:-$$SUBMISSIONS}"

# The files that git knows, as they are now, by way of a copy of its index; .gitattributes lists what is left out.
student: tests ## write what students get, without tests/: make student OUT="folder"
	@[ -n "$$OUT" ] || { echo 'make student OUT="folder"'; exit 1; }
	@mkdir -p "$$OUT"
	@[ ! -e "$$OUT/.git" ] || git -C "$$OUT" rm -rq --ignore-unmatch .
	@index=$$(mktemp) && trap 'rm "$$index"' EXIT && cp "$$(git rev-parse --git-path index)" "$$index" && \
	    export GIT_INDEX_FILE="$$index" && git add -u && git archive "$$(git write-tree)" | tar -x -C "$$OUT"
	@echo "$$OUT holds what students get."

outputs: tests .venv/ready ## run the notebooks and store their outputs
	$(RUN) tests/tools/store_outputs.py $(NOTEBOOKS)

shared: tests .venv/ready ## write what follows from the lessons: navigation, table and picture of README.md, pages for teaching
	$(RUN) tests/tools/book.py

print: tests .venv/ready ## write book and pages for teaching into build/: HTML without a network, and a PDF (needs Chromium)
	$(RUN) tests/tools/printed.py

check-stored: tests .venv/ready ## say what of `make shared outputs` is not current, byte for byte
	$(RUN) tests/tools/book.py --check
	$(RUN) tests/tools/store_outputs.py --check $(NOTEBOOKS)

check-binder: .venv/tests ## render what Binder would build, without building it, and lint the workflows
	@.venv/bin/jupyter-repo2docker --no-build --debug . >.venv/Dockerfile 2>&1 || { tail -n 5 .venv/Dockerfile; exit 1; }
	@grep -q 'pip install .*binder/requirements.txt' .venv/Dockerfile
	@grep -q 'python=3.12' .venv/Dockerfile
	@echo 'Binder can build this repository.'
	.venv/bin/zizmor --offline --quiet .github/workflows

binder-link: tests .venv/ready ## point the links of README.md, to site and Binder, at the git remote origin
	$(RUN) tests/tools/book.py --binder

bench: .venv/bench ## measure speed: beside SciPy and PyTorch (large), and of the explorers
	$(RUN) tests/tools/benchmark.py
	$(RUN) tests/tools/benchmark_explorers.py --browser

# A site to look at and to test is put together from PyPI and npm. PYODIDE=cdn takes the wheels that are published.
site: .venv/site/ready $(if $(filter cdn,$(PYODIDE)),,.venv/site-mirror/pyodide-lock.json) ## build the site without a server in _site/; SERVE=1 shows it
	$(SITE) binder/site/build.py _site $(if $(filter cdn,$(PYODIDE)),,--wheels .venv/site-mirror)
ifdef SERVE
	$(SITE) -m http.server --directory _site --bind 127.0.0.1
endif

test-site: site .venv/tests ## run all lessons in the built site, in a real browser without a network (needs Chromium)
	$(PYTEST) -n 2 tests/site

clean: ## remove what these commands installed, built and cached
	rm -rf .venv _site build .pytest_cache .ruff_cache .hypothesis
	find helpers tests -name __pycache__ -exec rm -rf {} +

# Each of these files is newer than the list of what it stands for, so the second time installs nothing.
define install
	@echo 'Installing $< into .venv (once; $(1))'
	@$(RUN) -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
endef

.venv/ready: requirements.txt
	@[ -x $(RUN) ] || $(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "The course needs Python 3.11 or newer with its venv module, but $(PYTHON) is not. On Debian and Ubuntu:"; \
	    echo "sudo apt-get install python3-venv. If another Python is installed, name it: make lab PYTHON=python3.12"; \
	    exit 1; }
	@[ -x $(RUN) ] || $(PYTHON) -m venv .venv
	$(call install,about a minute)

# Students get no tests/. Where the folder is, this rule has nothing to do.
tests tests/requirements.txt tests/bench-requirements.txt:
	@echo 'This command needs tests/, which is in the repository of the course, not in what students get.'; exit 1

.venv/tests: tests/requirements.txt .venv/ready
	$(call install,half a minute)

.venv/site/ready: binder/site/requirements.txt .venv/ready
	@echo 'Installing $< into .venv/site (once)'
	@$(RUN) -m venv .venv/site
	@$(SITE) -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.venv/site-mirror/pyodide-lock.json: tests/site/mirror.py binder/site/build.py .venv/site/ready
	$(SITE) tests/site/mirror.py .venv/site-mirror

.venv/bench: tests/bench-requirements.txt .venv/tests
	$(call install,minutes: PyTorch is large)
