#!/bin/sh
# The box as it is shipped, and hostile workbooks in it: with a sanitizer the address space cannot be
# limited, so test_box and test_xlsx are built here a second time, without one, from lib alone.
set -eu
cd "$(dirname "$0")/../.."
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
build() { # build NAME SOURCES… -- LIBRARIES…
    gcc -std=gnu17 -D_GNU_SOURCE -O2 -Isrc -It $(pkg-config --cflags libxml-2.0) -o "$temp/$1" "t/unit/$1.c" $2 $3
    "$temp/$1"
}
base="src/lib/box/*.c src/lib/base/*.c"
build test_box "$base" "-lcmocka -lseccomp -lpthread"
build test_xlsx "$base src/lib/archive/*.c src/lib/text/xlsx.c src/lib/text/xlsx_sheet.c src/lib/text/xlsx_number.c src/lib/text/csv.c" \
    "-lcmocka -lseccomp -lxml2 -larchive -lz -lm -lpthread"
