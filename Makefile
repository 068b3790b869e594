# Daftar's build. Not recursive; sources by wildcard: a new .c needs no edit.
#   make            the program: build/daftar
#   make test       everything that ./test runs        make help   what else there is
MODE ?= release
CC ?= gcc
OUT := build/$(MODE)
GEN := build/gen

WARN := -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wvla -Wwrite-strings -Wstrict-prototypes -Werror
PKGS := libmicrohttpd sqlite3 libpq icu-uc icu-i18n jansson libsodium libpcre2-8 zlib
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lroaring -lpthread -lm
SAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
ifeq ($(MODE),release)
  OPT := -O2 -g $(HARDEN)
  LDFLAGS_MODE := -pie -Wl,-z,relro,-z,now
else ifeq ($(MODE),asan)
  OPT := -O1 -g $(SAN) -DTESTING
  LDFLAGS_MODE := $(SAN)
else ifeq ($(MODE),clang)
  CC := clang
  OPT := -O1 -g $(SAN) -DTESTING
  LDFLAGS_MODE := $(SAN)
else ifeq ($(MODE),fuzz)
  CC := clang
  OPT := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -DTESTING
  LDFLAGS_MODE := -fsanitize=fuzzer,address,undefined
else ifeq ($(MODE),tsan)
  OPT := -O1 -g -fsanitize=thread -DTESTING
  LDFLAGS_MODE := -fsanitize=thread
endif
CFLAGS := $(WARN) $(OPT) -Isrc -I$(GEN) $(PKG_CFLAGS) -MMD -MP

SRC := $(shell find src -name '*.c' | LC_ALL=C sort)
HTML := $(shell find src -name '*.html' | LC_ALL=C sort)
PO := $(wildcard po/*.po)
HTML_C := $(HTML:src/%.html=$(GEN)/%.html.c)
GEN_C := $(HTML_C) $(GEN)/po.c $(GEN)/assets.c $(GEN)/phone_table.c $(GEN)/migrations.c
OBJ := $(SRC:src/%.c=$(OUT)/%.o) $(GEN_C:$(GEN)/%.c=$(OUT)/gen/%.o)
OBJ_NO_MAIN := $(filter-out $(OUT)/app/main.o,$(OBJ))
TESTS := $(patsubst t/unit/%.c,$(OUT)/t/%,$(wildcard t/unit/test_*.c))

.PHONY: all test check clean help units
.DELETE_ON_ERROR:
.SECONDARY:
all: build/daftar

build/daftar: $(OUT)/daftar
	@mkdir -p build && cp -f $< $@
$(OUT)/daftar: $(OBJ)
	$(CC) $(LDFLAGS_MODE) -o $@ $^ $(PKG_LIBS)

$(OUT)/%.o: src/%.c | generated
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<
$(OUT)/gen/%.o: $(GEN)/%.c | generated
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

.PHONY: generated
generated: $(GEN_C)

# Tools that the build runs itself: plain C, built first, output never committed.
TOOL_BASE := $(wildcard src/lib/base/*.c)
build/tools/%: tools/%.c $(TOOL_BASE) $(wildcard src/lib/html/tpl_parse.c src/lib/base/*.h src/lib/html/*.h)
	@mkdir -p $(@D)
	$(if $(filter release,$(MODE)),$(CC),gcc) $(WARN) -O1 -g -Isrc -o $@ $(filter %.c,$^) -ljansson -lz -lbrotlienc -lpthread
$(GEN)/%.html.c: src/%.html build/tools/tplc
	@mkdir -p $(@D)
	build/tools/tplc $< $@ $(GEN)/$*.html.h
$(GEN)/po.c: $(PO) build/tools/poc
	@mkdir -p $(@D)
	build/tools/poc $@ $(PO)
$(GEN)/migrations.c: $(wildcard migrations/*.sql) build/tools/embed
	@mkdir -p $(@D)
	build/tools/embed $@ migrations $(sort $(wildcard migrations/*.sql))
$(GEN)/phone_table.c: node_modules/.ok build/tools/phonec
	@mkdir -p $(@D)
	build/tools/phonec $@ node_modules/libphonenumber-js/metadata.min.json
$(GEN)/assets.c: node_modules/.ok tools/assets.sh build/tools/embed $(shell find assets -type f)
	@mkdir -p $(@D)
	sh tools/assets.sh $@
node_modules/.ok: package.json package-lock.json
	npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

# Unit tests: each t/unit/test_*.c is a program that links all objects but main.o (never an archive).
units: $(TESTS)
$(OUT)/t/%: t/unit/%.c $(OBJ_NO_MAIN)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -It -MF $@.d $(LDFLAGS_MODE) -o $@ $< $(OBJ_NO_MAIN) $(PKG_LIBS) -lcmocka

clean:
	rm -rf build

help:
	@sed -n '/^#   make/s/^# *//p' Makefile

-include $(shell find build -name '*.d' 2>/dev/null)
