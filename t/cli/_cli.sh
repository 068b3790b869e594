# What every test of the command line starts with; sourced from the root of the tree:
#   . t/cli/_cli.sh
#   ok NAME TEST…; is A B; on_both FUNCTION…; finish
# $daftar is the program, $temp a folder that goes at the end, $temp/password a password.
daftar=${DAFTAR:-build/daftar}
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
echo 'correct horse battery staple' >"$temp/password"
test_n=0
failed=0
database=
schemas=

ok() { # ok NAME TEST…: one TAP line; what the test and the program last said, when it fails
    name=${database:+$database: }$1; shift
    test_n=$((test_n + 1))
    if "$@" >"$temp/told" 2>&1; then echo "ok $test_n - $name"
    else
        echo "not ok $test_n - $name"; failed=1
        cat "$temp/told" "$temp/err" 2>/dev/null | tail -n 5 | sed 's/^/# /'
    fi
}
is() { [ "$1" = "$2" ] || { echo "\"$1\" is not \"$2\""; false; }; }

# --- on SQLite and on PostgreSQL ---
on_both() { # on_both FUNCTION…: each on either database, named in $database; `begin` makes their workspaces
    for database in sqlite postgres; do
        if [ $database = postgres ] && [ -z "${DAFTAR_TEST_PG-}" ]; then
            test_n=$((test_n + 1)); echo "ok $test_n - postgres # SKIP no DAFTAR_TEST_PG"; continue
        fi
        for tests; do $tests; done
        for schema in $schemas; do psql -q -X "$DAFTAR_TEST_PG" -c "DROP SCHEMA $schema CASCADE" >/dev/null 2>&1; done
    done
}
begin() { # begin NAME: a workspace of its own, which is the one of the moment
    if [ "$database" = sqlite ]; then place="--data $temp/$1"
    else
        schema=$(basename "$0" .sh)_$1_$$
        psql -q -X "$DAFTAR_TEST_PG" -c "CREATE SCHEMA $schema" >/dev/null || exit 1
        schemas="$schemas $schema"
        separator='?'; case $DAFTAR_TEST_PG in *\?*) separator='&' ;; esac
        place="--data $temp/pg_$1 --database $DAFTAR_TEST_PG${separator}options=-csearch_path%3D$schema"
    fi
    run init --name Firm --email owner@example.org --password-file "$temp/password" --language en
    [ $code = 0 ] || { cat "$temp/err"; echo "Bail out! no workspace"; exit 1; }
}
run() { # run COMMAND…: on the workspace of the moment; output in $out, its exit code in $code
    command=$1; shift
    # shellcheck disable=SC2086 (the place is words)
    out=$("$daftar" "$command" $place "$@" 2>"$temp/err"); code=$?
}
last() { printf '%s\n' "$out" | tail -n 1; }

finish() { echo "1..$test_n"; exit $failed; }
