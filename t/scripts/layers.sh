#!/bin/sh
# The layers of the code (design.md section 3), in the sources and in the objects of the usual build.
cd "$(dirname "$0")/../.." || exit 1
sh tools/layers.sh --self-test && make --no-print-directory -s build/daftar && sh tools/layers.sh --objects build/release
