#!/bin/sh
# docs/map.md names what is there, and all folders of src.
cd "$(dirname "$0")/../.." || exit 1
sh tools/map.sh --self-test && sh tools/map.sh
