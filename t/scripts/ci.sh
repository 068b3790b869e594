#!/bin/sh
# CI runs what a person runs, and the runner counts what fails: tried on a small tree of its own.
cd "$(dirname "$0")/../.." || exit 1
grep -q 'exec \./test$' .ci/run || { echo ".ci/run does not run ./test"; exit 1; }
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
mkdir -p "$temp/t/scripts" "$temp/t/browser" "$temp/build/asan/t"
cp t/run.sh "$temp/t/run.sh"
printf 'all:\n\t@true\n%%:\n\t@true\n' >"$temp/Makefile"
expect() { # expect LAST-LINE EXIT-CODE
    said=$(cd "$temp" && sh t/run.sh 2>&1)
    code=$?
    last=$(echo "$said" | tail -n 1)
    [ "$last $code" = "$1 $2" ] || { echo "expected $1 and $2, got $last and $code: $said"; exit 1; }
}
echo 'exit 0' >"$temp/t/scripts/good.sh"
expect "4 passed, 0 failed" 0
echo 'echo "1..2"; echo "ok 1 - a"; echo "not ok 2 - b"' >"$temp/t/scripts/tap.sh"
expect "5 passed, 1 failed" 1
echo 'echo "1..2"; echo "ok 1 - a"' >"$temp/t/scripts/tap.sh" # stops in the middle
expect "5 passed, 1 failed" 1
echo 'echo "ok 1 - a"; echo "x.c:1:2: runtime error: bad" >&2' >"$temp/t/scripts/tap.sh"
expect "5 passed, 1 failed" 1
echo 'echo "ok 1 - a"; exit 3' >"$temp/t/scripts/tap.sh"
expect "5 passed, 1 failed" 1
echo 'exit 1' >"$temp/t/scripts/tap.sh"
expect "4 passed, 1 failed" 1
echo 'console.log("hello")' >"$temp/t/scripts/quiet.mjs" # no result at all
rm "$temp/t/scripts/tap.sh"
expect "4 passed, 1 failed" 1
rm "$temp/t/scripts/quiet.mjs"
printf 'int main(void) { return 0; }\n' >"$temp/t/scripts/test_gone.c" # a program that was not built
expect "4 passed, 1 failed" 1
said=$(cd "$temp" && sh t/run.sh nothing-like-it) && { echo "an unknown name ended well: $said"; exit 1; }
# What a failed build says first is its errors, however far above the end they stand.
printf 'all:\n\t@true\nparse:\n\t@echo "x.c:3:1: error: here"; seq 500; false\n%%:\n\t@true\n' >"$temp/Makefile"
said=$(cd "$temp" && sh t/run.sh 2>&1) && { echo "a failed build ended well"; exit 1; }
echo "$said" | grep -A 1 '^FAIL  build-clang' | grep -q 'error: here' || { echo "the error is not shown first: $said"; exit 1; }
# The tests that are begun first are there.
sh t/run.sh --names >"$temp/names"
grep -v '^#' t/slow.txt | cut -d' ' -f2 | grep -vxFf "$temp/names" && { echo "t/slow.txt names what is no test"; exit 1; }
exit 0
