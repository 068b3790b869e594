#!/bin/sh
# The box as it is shipped: with a sanitizer the address space cannot be limited, so test_box is
# built here a second time, without one, from lib/base and lib/box alone.
set -eu
cd "$(dirname "$0")/../.."
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
gcc -std=gnu17 -D_GNU_SOURCE -O2 -Isrc -o "$temp/test_box" t/unit/test_box.c src/lib/box/*.c src/lib/base/*.c -lcmocka -lseccomp -lpthread
"$temp/test_box"
