#!/bin/sh
# tools/deps: finds nothing missing here (./test has just run it), and where something is missing and
# cannot be installed it says so and stops: tried with an empty PATH.
cd "$(dirname "$0")/../.." || exit 1
for what in build test; do
    sh tools/deps $what --check || { echo "tools/deps $what --check finds something missing"; exit 1; }
done
bare=$(mktemp -d) || exit 1
trap 'rm -rf "$bare"' EXIT
for tool in sh sed grep id echo cat mktemp rm dirname; do ln -s "$(command -v $tool)" "$bare/$tool"; done
said=$(PATH=$bare sh tools/deps build 2>&1) && { echo "ended well without a compiler"; exit 1; }
for word in 'gcc' 'make' 'Node.js' 'apt-get install -y --no-install-recommends'; do
    case $said in *"$word"*) ;; *) echo "did not say $word: $said"; exit 1 ;; esac
done
