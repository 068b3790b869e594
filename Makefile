# Daftar's build. Not recursive; sources by wildcard: a new .c needs no edit.
#   make                the program: build/daftar
#   make test           everything that ./test runs
#   make units          the unit tests, with sanitizers when MODE=asan
#   make compile        every C file compiled, nothing linked
#   make parse          every C file read with all warnings, nothing made (MODE=clang: as clang sees it)
#   make fuzz           each fuzz target for FUZZ_SECONDS (60) with clang's libFuzzer
#   make fuzz-replay    each fuzz target over its corpus and its regressions
#   make po-update      new texts into po/*.po; po-check: what is not translated
#   make accept         rewrites what src/features/*/t/*.case expect; read the diff
#   make crash          the server killed CRASH_KILLS (100) times during writes, on both databases; the power
#                       failing POWER_CUTS (1000) times; 20 full disks; 10,000 slow clients
#   make install        below DESTDIR, PREFIX (/usr/local): program, manual page, systemd unit (UNITS)
#   make deb            build/daftar_VERSION_ARCH.deb
#   make bench          the figures of README.md
#   make bench-duplicates  duplicates in a register of BENCH_SIZES (1000000) invented clients: time, memory, truth
#   make bench-match    duplicates among RECORDS (1000000) invented people, straight in the engine
#   make bench-segments questions against hand-written SQL, at BENCH_SIZES clients
#   make bench-measures sums of purchases against SQL over the rows (BENCH_CLIENTS, BENCH_PURCHASES)
#   make bench-ask      100,000 random questions to text and back in each language, a million random lines
#   make lighthouse     Lighthouse 12 over ten pages, two languages, desktop and phone (downloads 185 MB once)
#   make help           this list
# MODE=release (default), asan, clang, fuzz, tsan; each has its own folder under build/.
MODE ?= release
VERSION ?= 0.5
# One short line for each command; V=1 shows them whole, -s nothing.
say = $(if $(V),,@$(if $(findstring s,$(firstword -$(MAKEFLAGS))),,echo '  $(1)' && ))
ifeq ($(origin CC),default)
  CC := gcc
endif
BUILD_CC := $(if $(findstring clang,$(CC)),clang,gcc)
OUT := build/$(MODE)
comma := ,
GEN := build/gen

WARN := -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wvla -Wwrite-strings -Wstrict-prototypes -Werror
PKGS := libmicrohttpd sqlite3 libpq icu-uc icu-i18n jansson libsodium libpcre2-8 zlib \
        libarchive libxml-2.0 xlsxwriter pangocairo pangoft2 cairo-pdf libqrencode liboath gdk-pixbuf-2.0 libseccomp
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := -Wl,--as-needed $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lroaring -lpthread -lm
SAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARDEN := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -fPIE
ifeq ($(MODE),release)
  OPT := -O2 -g $(HARDEN)
  LDFLAGS_MODE := -pie -Wl,-z,relro,-z,now
else ifeq ($(MODE),asan)
  OPT := -O1 -g1 -fPIC -fno-semantic-interposition $(SAN) -DTESTING
  LDFLAGS_MODE := $(SAN)
  SHARED := $(OUT)/libdaftar_test.so
else ifeq ($(MODE),clang)
  CC := clang
  OPT := -O1 -g $(SAN) -DTESTING
  LDFLAGS_MODE := $(SAN)
else ifeq ($(MODE),fuzz)
  CC := clang
  OPT := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -DTESTING
  LDFLAGS_MODE := -fsanitize=address,undefined
else ifeq ($(MODE),tsan)
  OPT := -O1 -g -fsanitize=thread -DTESTING
  LDFLAGS_MODE := -fsanitize=thread
else
  $(error MODE is release, asan, clang, fuzz or tsan)
endif
CFLAGS := $(WARN) $(OPT) -Isrc -I$(GEN) $(PKG_CFLAGS) -MMD -MP

SRC := $(shell find src -name '*.c' | LC_ALL=C sort)
HTML := $(shell find src -name '*.html' | LC_ALL=C sort)
PO := $(wildcard po/*.po)
HTML_C := $(HTML:src/%.html=$(GEN)/%.html.c)
GEN_C := $(HTML_C) $(GEN)/po.c $(GEN)/assets.c $(GEN)/faces.c $(GEN)/phone_table.c $(GEN)/name_table.c $(GEN)/password_table.c $(GEN)/migrations.c
OBJ := $(SRC:src/%.c=$(OUT)/%.o) $(GEN_C:$(GEN)/%.c=$(OUT)/gen/%.o)
OBJ_NO_MAIN := $(filter-out $(OUT)/app/main.o,$(OBJ))
# Test programs: t/FOLDER/test_NAME.c gives $(OUT)/t/test_NAME. Shared helpers stand in t/*.c.
TEST_SRC := $(wildcard t/*/test_*.c)
TESTS := $(patsubst %.c,$(OUT)/t/%,$(notdir $(TEST_SRC)))
FUZZ_SRC := $(wildcard t/fuzz/fuzz_*.c)
FUZZERS := $(patsubst t/fuzz/%.c,$(OUT)/fuzz/%,$(FUZZ_SRC))
HELPERS := $(patsubst t/%.c,$(OUT)/t/help/%.o,$(wildcard t/*.c))
vpath test_%.c $(sort $(dir $(TEST_SRC)))
# The program on a disk whose power fails: t/crash/power.mjs.
vpath power_serve.c t/crash

.PHONY: all test check clean help install deb units compile parse accept crash fuzz fuzz-replay fuzzers bench bench-ask bench-duplicates bench-measures lighthouse generated po-update po-prune po-check FORCE bench-segments
.DELETE_ON_ERROR:
.SECONDARY:
all: build/daftar

build/daftar: $(OUT)/daftar
	@mkdir -p build && cp -f $< $@.new && mv -f $@.new $@
$(OUT)/daftar: $(OBJ) $(OUT)/.objects
	$(call say,link $@)$(CC) $(LDFLAGS_MODE) -o $@ $(OBJ) $(PKG_LIBS)

$(OUT)/%.o: src/%.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(CFLAGS) -c -o $@ $<
$(OUT)/gen/%.o: $(GEN)/%.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(CFLAGS) -c -o $@ $<
$(OUT)/app/cli.o $(OUT)/read/src/app/cli: CFLAGS += -DDAFTAR_VERSION='"$(VERSION)"'
$(OUT)/app/cli.o: $(OUT)/.version
compile: $(OBJ) $(TESTS:$(OUT)/t/%=$(OUT)/t/%.o) $(FUZZ_SRC:t/fuzz/%.c=$(OUT)/fuzz/%.o)
# Warnings come from reading; what follows, code with sanitizers, takes ten times as long.
parse: $(patsubst %.c,$(OUT)/read/%,$(SRC) $(wildcard t/*.c t/*/*.c bench/*.c)) $(GEN_C:$(GEN)/%.c=$(OUT)/read/gen/%)
READ = $(CC) $(CFLAGS) -It -MF $@.d -MT $@ -fsyntax-only $<
$(OUT)/read/gen/%: $(GEN)/%.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,read $<)$(READ) && touch $@
$(OUT)/read/%: %.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,read $<)$(READ) && touch $@

# Two files that change only when their text does: other flags compile anew, a removed source links anew.
define write_if_changed
	@mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' > $@
endef
$(OUT)/.flags: FORCE
	$(call write_if_changed,$(CC) $(CFLAGS))
$(OUT)/.objects: FORCE
	$(call write_if_changed,$(OBJ) $(HELPERS))

$(OUT)/.version: FORCE
	$(call write_if_changed,$(VERSION))

# What must be there before anything compiles; changed headers reach objects by the .d files.
generated: $(GEN_C)

# Tools that the build runs itself: plain C, built first, output never committed.
TOOL_BASE := $(wildcard src/lib/base/*.c)
build/tools/tplc build/tools/poscan: src/lib/html/tpl_parse.c src/lib/html/tpl_context.c
build/tools/poc build/tools/poscan: tools/po_file.c tools/po_file.h tools/forms.c tools/forms.h src/lib/locale/locale.c
build/tools/poscan: src/lib/locale/placeholder.c
build/tools/namec: src/lib/text/fold.c src/lib/text/csv.c src/lib/text/namekey_words.c src/lib/text/namekey_skeleton.c $(wildcard src/lib/text/*.h)
build/tools/namec: TOOL_LIBS := $(shell pkg-config --libs icu-uc 2>/dev/null)
build/tools/%: tools/%.c $(TOOL_BASE) $(wildcard src/lib/base/*.h src/lib/html/*.h src/lib/locale/*.h)
	@mkdir -p $(@D)
	$(call say,tool $@)$(BUILD_CC) $(WARN) -O1 -g -Isrc -o $@ $(filter %.c,$^) -ljansson -lz -lbrotlienc -lsodium -lpthread $(TOOL_LIBS)
$(GEN)/%.html.c $(GEN)/%.html.h: src/%.html build/tools/tplc
	@mkdir -p $(@D)
	$(call say,template $<)build/tools/tplc $< $(GEN)/$*.html.c $(GEN)/$*.html.h
$(GEN)/po.c: $(PO) po/words.txt build/tools/poc
	@mkdir -p $(@D)
	build/tools/poc $@ po/words.txt $(PO)
# Translations: po-update adds new texts to po/*.po, po-check fails while one is not translated.
PO_SOURCES = $(shell find src -name '*.c' -o -name '*.def' -o -name '*.html' | LC_ALL=C sort)
po-update po-prune po-check: po-%: build/tools/poscan po/words.txt
	build/tools/poscan --$* po/ar.po po/fa.po po/fr.po po/words.txt -- $(PO_SOURCES)
$(GEN)/migrations.c: $(wildcard migrations/*.sql) build/tools/embed
	@mkdir -p $(@D)
	build/tools/embed $@ migrations $(sort $(wildcard migrations/*.sql))
NAMES := data/names/persian_given_names.csv data/names/arabic_given_names.csv data/names/nicknames.csv
$(GEN)/name_table.c: $(NAMES) build/tools/namec
	@mkdir -p $(@D)
	build/tools/namec $@ $(NAMES)
build/tools/passwordc: src/lib/text/fold.c $(wildcard src/lib/text/*.h)
build/tools/passwordc: TOOL_LIBS := $(shell pkg-config --libs icu-uc 2>/dev/null)
$(GEN)/password_table.c: node_modules/.ok build/tools/passwordc
	@mkdir -p $(@D)
	build/tools/passwordc $@ node_modules/zxcvbn/lib/frequency_lists.js
$(GEN)/phone_table.c: node_modules/.ok build/tools/phonec
	@mkdir -p $(@D)
	build/tools/phonec $@ node_modules/libphonenumber-js/metadata.max.json
$(GEN)/assets.c: node_modules/.ok tools/assets.sh build/tools/embed $(shell find assets -type f 2>/dev/null)
	@mkdir -p $(@D)
	sh tools/assets.sh $@
FACES := Regular Bold
$(GEN)/faces.c: node_modules/.ok build/tools/embed
	@mkdir -p $(@D)
	build/tools/embed $@ faces $(FACES:%=node_modules/vazirmatn/fonts/ttf/Vazirmatn-%.ttf)
node_modules/.ok: package.json package-lock.json
	npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

# Unit tests: each is a program that links all objects but main.o (never an archive: it would drop
# files that nobody names, and with them their SQL statements). With sanitizers, where some 130 of them
# are made, they share one library of those objects: 40 MB each are not linked and written each time.
TEST_PARTS := $(or $(SHARED),$(OBJ_NO_MAIN))
$(OUT)/libdaftar_test.so: $(OBJ_NO_MAIN) $(OUT)/.objects
	$(call say,link $@)$(CC) $(LDFLAGS_MODE) -shared -Wl,-Bsymbolic -o $@ $(OBJ_NO_MAIN) $(PKG_LIBS)
TEST_LDFLAGS := $(LDFLAGS_MODE) $(if $(SHARED),-Wl$(comma)-rpath$(comma)'$$ORIGIN/..')
units: $(TESTS) $(OUT)/t/power_serve
$(OUT)/t/help/%.o: t/%.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(CFLAGS) -It -c -o $@ $<
$(OUT)/t/%.o: %.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(CFLAGS) -It -c -o $@ $<
$(OUT)/t/%: $(OUT)/t/%.o $(TEST_PARTS) $(HELPERS) $(OUT)/.objects
	$(call say,link $@)$(CC) $(TEST_LDFLAGS) -o $@ $< $(HELPERS) $(TEST_PARTS) $(PKG_LIBS) -lcmocka

# Benches that call the program's own parts.
$(OUT)/bench/%: $(OUT)/bench/%.o $(OBJ_NO_MAIN) $(OUT)/.objects
	$(call say,link $@)$(CC) $(LDFLAGS_MODE) -o $@ $< $(OBJ_NO_MAIN) $(PKG_LIBS)
$(OUT)/bench/%.o: bench/%.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(CFLAGS) -c -o $@ $<

# What t/scripts/plants.sh links the tests with, when it has planted a bug.
plant-libs:
	@echo $(LDFLAGS_MODE) $(PKG_LIBS) -lcmocka

# Tests of the tools include what the tools made of fixtures.
$(GEN)/t/%.html.c $(GEN)/t/%.html.h: t/unit/tplc/%.html build/tools/tplc
	@mkdir -p $(@D)
	$(call say,template $<)build/tools/tplc $< $(GEN)/t/$*.html.c $(GEN)/t/$*.html.h
$(OUT)/t/test_tplc.o $(OUT)/read/t/unit/test_tplc: $(GEN)/t/page.html.c
$(GEN)/t/po.c: $(wildcard t/unit/po/*) build/tools/poc
	@mkdir -p $(@D)
	build/tools/poc $@ t/unit/po/words.txt $(sort $(wildcard t/unit/po/*.po))
$(OUT)/t/test_catalogue.o $(OUT)/read/t/unit/test_catalogue: $(GEN)/t/po.c build/tools/poscan

# Fuzz targets: with libFuzzer (MODE=fuzz), or with a plain main that replays files (any other mode).
fuzzers: $(FUZZERS)
$(OUT)/fuzz/%.o: t/fuzz/%.c $(OUT)/.flags | generated
	@mkdir -p $(@D)
	$(call say,cc $<)$(CC) $(CFLAGS) -It -c -o $@ $<
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer,$(OUT)/fuzz/replay.o)
$(OUT)/fuzz/fuzz_%: $(OUT)/fuzz/fuzz_%.o $(OUT)/fuzz/replay.o $(TEST_PARTS) $(OUT)/.objects
	$(call say,link $@)$(CC) $(TEST_LDFLAGS) $(filter -%,$(FUZZ_MAIN)) -o $@ $< $(filter %.o,$(FUZZ_MAIN)) $(TEST_PARTS) $(PKG_LIBS)
fuzz:
	$(MAKE) MODE=fuzz fuzzers
	sh t/run.sh fuzz-live
fuzz-replay:
	sh t/run.sh fuzz

test:
	./test
check: test
# CASES=client/t/form: only files whose path holds that.
accept:
	$(MAKE) MODE=asan build/asan/t/test_cases
	DAFTAR_ACCEPT=1 build/asan/t/test_cases $(CASES)
CRASH_KILLS ?= 100
POWER_CUTS ?= 1000
crash:
	$(MAKE) MODE=asan build/asan/daftar build/asan/t/power_serve
	CRASH_KILLS=$(CRASH_KILLS) POWER_CUTS=$(POWER_CUTS) FULL_DISKS=20 SLOW_CLIENTS=10000 \
	  TEST_SECONDS=7200 sh t/run.sh crash power full_disk slow
bench:
	sh bench/run.sh
# MODE=asan does the same with sanitizers, ten times slower.
bench-ask: $(OUT)/t/test_ask_text
	DAFTAR_ASK_TREES=100000 DAFTAR_ASK_LINES=1000000 $(OUT)/t/test_ask_text
# The record linkage engine alone on invented people: RECORDS (1000000), THREADS (2).
RECORDS ?= 1000000
THREADS ?= 2
$(OUT)/bench_match: bench/match.c $(OBJ_NO_MAIN) $(OUT)/.flags
	$(call say,link $@)$(CC) $(CFLAGS) -MF $@.d $(LDFLAGS_MODE) -o $@ $< $(OBJ_NO_MAIN) $(PKG_LIBS)
bench-duplicates: $(OUT)/daftar
	sh bench/duplicates.sh $(OUT)/daftar $${BENCH_SIZES:-1000000}
bench-match: $(OUT)/bench_match
	$(OUT)/bench_match $(RECORDS) $(THREADS)
bench-segments: build/daftar $(OUT)/bench/segments
	sh bench/segments.sh $(OUT)/bench/segments
bench-measures: $(OUT)/bench/measures
	mkdir -p build/bench/measures
	$< build/bench/measures $${BENCH_CLIENTS:-1000000} $${BENCH_PURCHASES:-10000000}
build/lighthouse/.ok: tools/lighthouse/package.json tools/lighthouse/package-lock.json
	@mkdir -p $(@D) && cp $^ $(@D)
	cd $(@D) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@
lighthouse: build/daftar build/lighthouse/.ok
	DAFTAR=build/daftar node tools/lighthouse/run.mjs $(ONLY)

PREFIX ?= /usr/local
UNITS ?= /etc/systemd/system
install: build/daftar
	DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' UNITS='$(UNITS)' VERSION='$(VERSION)' sh tools/install.sh
deb: build/daftar
	VERSION='$(VERSION)' sh tools/deb.sh build

clean:
	rm -rf build

help:
	@sed -n '/^#   make/s/^# *//p' Makefile

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
