#!/bin/sh
# Every C file is as clang-format would write it.
cd "$(dirname "$0")/../.." || exit 1
find src tools t bench -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs clang-format --dry-run 2>&1 |
    sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: warning: code should be clang-formatted.*/\1: run clang-format -i/p' | sort | uniq -c | tee /dev/stderr | grep -q . && exit 1
exit 0
