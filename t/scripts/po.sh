#!/bin/sh
# Every text that people read is translated into all languages, with the same {names} and all plurals.
cd "$(dirname "$0")/../.." || exit 1
exec make --no-print-directory -s po-check
