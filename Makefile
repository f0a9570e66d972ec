# The whole life of a checkout: make demo, make test, make install PREFIX=…, make bench.
PREFIX ?= /usr/local
SWIFT ?= swift
# Without Lua's headers all is built but scripts. Looked up when the first build begins: `packages` comes before.
TRAITS = $(if $(wildcard /usr/include/lua5.4/lua.h /usr/include/lua.h),--traits Lua,--disable-default-traits)
RELEASE = $(SWIFT) build -c release --static-swift-stdlib $(TRAITS)
BINARY = .build/release/mporch

# How long each target of the fuzzer runs, and where it keeps the inputs that it has found.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS = yaml variables json cbor frames logs
FUZZ_FOLDER = .build/fuzz/inputs
# Every module counts which of its branches an input has reached. The linker is the one that can read what that leaves.
FUZZ_OPTIONS = -Xswiftc -O -Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link \
  -Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld

# A finding ends the test.
SANITIZED = --build-path .build/sanitize $(TRAITS) --sanitize=address \
  -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined

# How long the processes of topologies/chaos.yaml are killed at random.
CHAOS_SECONDS ?= 120
# How long random topologies are stressed.
STRESS_SECONDS ?= 300

.PHONY: demo test sanitize fuzz proof build-proof planted chaos stress models install build packages programs check-format bench docs check-docs

demo: build
	$(BINARY) up topologies/wordcount.yaml

build: packages
	$(RELEASE) --product mporch

# Every test; those of the whole program run the release binary, as a user would.
test: build programs
	$(SWIFT) build --build-tests $(TRAITS)
	MPORCH_BINARY=$(abspath $(BINARY)) $(SWIFT) test --skip-build $(TRAITS)

# The tests that start no run, with each access of memory checked, and in C all whose result the language leaves open.
# Without the search for leaks, which takes what Swift makes once and keeps for leaks.
sanitize: packages
	$(SWIFT) build $(SANITIZED) --build-tests
	ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
	  $(SWIFT) test $(SANITIZED) --skip-build --skip '^EndToEndTests\.'

# Kills and suspends an operation of each primitive wherever that may matter, and the scavenger too.
proof: build-proof
	.build/release/proof --list | xargs -n 1 -P "$$(nproc)" .build/release/proof

build-proof: packages
	$(RELEASE) --product proof

# That the proof finds faults which are put back, one by one; takes minutes, as each is built.
planted: packages
	$(call install,patch)
	Tests/Proof/planted/check

chaos: build
	python3 Tests/Chaos/run.py --binary $(BINARY) --seconds $(CHAOS_SECONDS)

# Random topologies, stopped, killed, scaled and looked at at random; what comes of them is checked to the item.
stress: build
	python3 Tests/Chaos/stress.py --binary $(BINARY) --seconds $(STRESS_SECONDS)

install: build
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/mporch
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BINARY) --generate-completion-script bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/mporch
	$(BINARY) --generate-completion-script zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_mporch
	$(BINARY) --generate-completion-script fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/mporch.fish

# Installs the Debian packages that are missing, as root or by sudo.
define install
	@for package in $(1); do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	  $$as_root apt-get update -qq && $$as_root apt-get install -y -qq $$missing; \
	fi
endef

# The libraries that the build links. It goes without Lua where that can't be had.
packages:
	$(call install,libyaml-dev)
	$(call install,liblua5.4-dev) || echo "building without scripts: liblua5.4-dev can't be had"

# What tests run as commands, and the terminal that they run in.
programs:
	$(call install,jq python3 redis-server tmux)

# Every interleaving of the shared memory's protocols, deaths at any instant included, in models of them.
models:
	$(call install,spin gcc)
	Tests/Models/check

# Coverage-guided fuzzing of all that reads what others have written; the inputs of Tests/Fuzz/Corpus are where it begins.
# Without Swift's backtraces, which keep the fuzzer from writing down the input that it ends with.
fuzz: packages
	MPORCH_FUZZ=1 $(SWIFT) build --build-path .build/fuzz --product fuzz $(FUZZ_OPTIONS) $(TRAITS)
	@set -e; for target in $(FUZZ_TARGETS); do \
	  mkdir -p $(FUZZ_FOLDER)/$$target; \
	  echo "fuzz $$target"; \
	  SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$$target .build/fuzz/debug/fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=3000 \
	    -verbosity=0 -artifact_prefix=$(FUZZ_FOLDER)/$$target- $(FUZZ_FOLDER)/$$target Tests/Fuzz/Corpus/$$target; \
	done

check-format:
	$(SWIFT) format lint --strict --configuration .swift-format -r Sources Tests Package.swift

# The page that is made from the program itself.
KINDS_PAGE = $(BINARY) tasks --format markdown

docs: build
	$(KINDS_PAGE) >docs/kinds.md

# docs/kinds.md says what the program says.
check-docs: build
	@page=$$(mktemp); trap 'rm -f "$$page"' EXIT; $(KINDS_PAGE) >"$$page"; \
	  diff -u docs/kinds.md "$$page" || { echo "docs/kinds.md is out of date: run 'make docs'" >&2; exit 1; }

bench: build
	Tests/Bench/run.py --binary $(BINARY) $(if $(PEERS),--peers $(PEERS)) $(if $(PEERS_DATA),--peers-data $(PEERS_DATA)) $(if $(TEXT),--text $(TEXT))
