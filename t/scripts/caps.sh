#!/bin/sh
# No file, function, header or feature longer than agreed.
cd "$(dirname "$0")/../.." || exit 1
sh tools/caps.sh --self-test && sh tools/caps.sh
