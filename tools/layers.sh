#!/bin/sh
# Checks who may include whom and the other rules of design.md section 3 that a text shows.
#   tools/layers.sh [--root DIR] [--objects DIR]   says what breaks a rule, exit 1
#   tools/layers.sh --self-test                    plants breaches, and expects each to be found
# Called by t/scripts/layers.sh. The lists below are the rules; a change of them is a change of the
# house and is read as such. --objects: compiled files (build/release) to look for mutable globals in.
set -u

# FOLDER MAY-INCLUDE…   its own folder is understood; what is not listed may not be included.
# lib: base < text < locale < html; db and http see little.
LIB='
lib/base
lib/text    lib/base lib/archive
lib/match   lib/base lib/text
lib/locale  lib/base lib/text
lib/html    lib/base lib/text lib/locale
lib/db      lib/base
lib/http    lib/base lib/text
lib/net     lib/base
lib/box     lib/base
lib/archive lib/base
lib/image   lib/base lib/box
lib/mail    lib/base lib/text lib/net
lib/pdf     lib/base lib/text lib/locale lib/html lib/image
'
# core: in this order; each sees those before it and all of lib.
CORE='core/search core/measure core/entity core/ask core/app core/job core/exchange core/document core/web core/api'

# HEADER FILE…          a foreign header and its home. What is neither here nor in POSIX is a breach.
HOMES='
microhttpd.h        src/lib/http/server.c
sqlite3.h           src/lib/db/sqlite.c src/lib/db/checksum.c
libpq-fe.h          src/lib/db/pg.h src/lib/db/pg_check.c src/lib/db/pg_conn.c src/lib/db/postgres.c
jansson.h           src/lib/text/json.c
unicode/*           src/lib/text/fold.c src/lib/text/charset.c src/lib/locale/collate.c src/lib/locale/region.c
roaring/*           src/core/search/bits.c
sodium.h            src/core/app/secret.c
liboath/*           src/core/app/factor.c
qrencode.h          src/lib/image/qr.c
archive.h           src/lib/archive/*
archive_entry.h     src/lib/archive/*
libxml/*            src/lib/text/xlsx.c
xlsxwriter.h        src/lib/text/xlsx_write.c
gdk-pixbuf/*        src/lib/image/raster.c
pango/*             src/lib/pdf/*
cairo.h             src/lib/pdf/*
cairo-pdf.h         src/lib/pdf/*
fontconfig/*        src/lib/pdf/*
seccomp.h           src/lib/box/*
linux/landlock.h    src/lib/box/*
zlib.h              src/lib/http/zip.c
malloc.h            src/app/cli_serve.c
linux/*             src/lib/http/peer.c
sanitizer/*         src/lib/base/arena.c
'
POSIX='arpa/inet.h assert.h ctype.h dirent.h errno.h fcntl.h float.h fnmatch.h getopt.h inttypes.h
    libgen.h limits.h locale.h math.h netdb.h netinet/in.h netinet/tcp.h poll.h pthread.h pwd.h sched.h
    sys/prctl.h semaphore.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
    string.h strings.h sys/eventfd.h sys/epoll.h sys/file.h sys/mman.h sys/random.h sys/resource.h sys/socket.h
    sys/stat.h sys/statvfs.h sys/syscall.h sys/time.h sys/types.h sys/uio.h sys/un.h sys/vfs.h sys/wait.h
    spawn.h termios.h time.h unistd.h'

# Files that make SQL at run time, from constant tables and bound values.
MAKES_SQL='src/core/entity/list.c src/core/entity/list_index.c src/core/entity/list_plain.c src/core/entity/store.c src/core/entity/store_sql.c src/core/entity/store_index.c
    src/core/entity/refer.c src/core/ask/run_*.c src/lib/db/db.c src/lib/db/db.h'
# Files that hold SQL text outside SQL(): those, the drivers, and what serves them.
HOLDS_SQL="$MAKES_SQL src/lib/db/*"
# Tables of core that are called like a feature: its machinery writes them, not the feature's pages.
CORE_TABLES='import import_refused import_mapping'
# FILE SYMBOL           what may change for all: none but what a process has once (a signal, a clock).
GLOBALS='
'

root=$(dirname "$0")/.. objects=
matches() { # matches TEXT PATTERN…
    text=$1; shift
    for pattern; do case $text in $pattern) return 0 ;; esac; done
    return 1
}

# Every #include of src as "FILE HEADER-WITH-ITS-QUOTES".
includes() { find src -name '*.[ch]' | LC_ALL=C sort | xargs grep -H '^[ \t]*#[ \t]*include' | sed 's/^\([^:]*\):[^"<]*\(["<][^">]*[">]\).*/\1 \2/'; }
layer_of() { case $1 in */*/*) echo "$1" | cut -d/ -f1,2 ;; *) echo "${1%/*}" ;; esac; } # lib/base/str.h: lib/base

may_include() { # may_include FROM-FILE (without src/) TO-HEADER
    from=$(layer_of "$1") to=$(layer_of "$2")
    [ "$from" != "$to" ] || return 0
    case $from in
    lib/*)
        allowed=$(echo "$LIB" | awk -v f="$from" '$1 == f { $1 = ""; print; found = 1 } END { if (!found) print "?" }')
        matches "$to" $allowed ;;
    core/*)
        case $to in lib/*) return 0 ;; core/*) ;; *) return 1 ;; esac
        for folder in $CORE; do
            [ "$folder" != "$from" ] || return 1
            [ "$folder" != "$to" ] || return 0
        done
        return 1 ;;
    features/*)
        case $to in
        lib/*|core/*) return 0 ;;
        features/*)
            other=${to#features/}
            [ "$2" = "features/$other/$other.h" ] && needs "${from#features/}" | grep -qx "$other" ;;
        *) return 1 ;;
        esac ;;
    app)
        case $to in
        lib/*|core/*) return 0 ;;
        features/*) [ "$1" = app/features.c ] ;;
        *) return 1 ;;
        esac ;;
    *) return 1 ;;
    esac
}
# The features that the record of one names: needs[] = { "note", "category", NULL }.
needs() {
    [ -e "src/features/$1/feature.c" ] || return 0
    tr '\n' ' ' <"src/features/$1/feature.c" | grep -oE 'needs(\[\])? *= *(\([^)]*\) *)?(\{[^}]*\}|"[^"]*")' |
        grep -oE '"[a-z_ ]*"|feature_[a-z_]*' | sed 's/"//g; s/^feature_//' | tr ' ' '\n' | grep .
}

# What a folder includes is judged once, not once for each of its files.
check_includes() {
    includes | awk '{ folder = $1; sub(/\/[^\/]*$/, "", folder) }
        !seen[($2 ~ /^</ || folder == "src/app" ? $1 : folder) " " $2]++' | while read -r file header; do
        case $header in
        \"*)
            header=${header#?}; header=${header%?}
            case $header in
            *.html.h) # a compiled page: only its own folder
                [ "$(dirname "$file")" = "src/$(dirname "$header")" ] || echo "$file: includes the page $header of another folder"
                continue ;;
            esac
            [ -e "src/$header" ] || { echo "$file: includes \"$header\", which is not there by its whole path"; continue; }
            may_include "${file#src/}" "$header" || echo "$file: may not include $header"
            ;;
        *)
            header=${header#?}; header=${header%?}
            matches "$header" $POSIX && continue
            homes=$(set -f; echo "$HOMES" | while read -r pattern files; do
                [ -n "$pattern" ] && matches "$header" "$pattern" && echo "$files"; done)
            if [ -z "$homes" ]; then echo "$file: <$header> has no home in tools/layers.sh"
            elif ! matches "$file" $homes; then echo "$file: <$header> belongs in $homes"
            fi ;;
        esac
    done
}

check_features() {
    for folder in src/features/*/; do
        [ -d "$folder" ] || continue
        name=$(basename "$folder")
        [ -e "src/features/$name/feature.c" ] || echo "src/features/$name: has no feature.c"
        for other in $(needs "$name"); do
            [ -d "src/features/$other" ] || echo "src/features/$name/feature.c: needs $other, which is not there"
            echo "$name $other" >&3
        done
    done 3>"$pairs"
    tsort "$pairs" >/dev/null 2>"$pairs.said" ||
        echo "features need each other in a circle:" $(sed '1d; s/^tsort: //' "$pairs.said")
    # Only app/features.c names the features of others (a feature names those that it needs).
    for folder in src/features/*/; do
        [ -d "$folder" ] || continue
        name=$(basename "$folder")
        grep -rlE "\bfeature_$name\b" src --include='*.[ch]' | grep -vE "^src/(app/features\.c|features/$name/)" | while read -r file; do
            case $file in
            src/features/*) needs "$(echo "$file" | cut -d/ -f3)" | grep -qx "$name" && continue ;;
            esac
            echo "$file: names feature_$name; only app/features.c may"
        done
    done
}

# SQL stands in SQL() or SQL2() at the left margin (or in a #define of columns for it); elsewhere only in the files that make it.
check_sql() {
    set -f
    find src -name '*.[ch]' | LC_ALL=C sort | while read -r file; do
        if grep -Eq 'db_(query|insert|each)_made *\(' "$file" && ! matches "$file" $MAKES_SQL; then
            echo "$file: calls db_query_made; only these may: $MAKES_SQL"
        fi
        matches "$file" $HOLDS_SQL && continue
        awk -v file="$file" '
            { line = $0; sub(/[ \t]*\/\*.*\*\/[ \t]*$/, "", line) }
            define { define = line ~ /\\$/; next }
            /^#define / { define = line ~ /\\$/; next }
            !inside && line ~ /^SQL2?\(/ { inside = 1 }
            !inside && line ~ /"[ (]*(SELECT |INSERT INTO |INSERT OR |UPDATE [a-z_]+ SET|DELETE FROM |CREATE (TABLE|INDEX|UNIQUE)|DROP |ALTER |PRAGMA |WITH [a-z_]+ (\(|AS))/ {
                print file ":" NR ": SQL outside SQL()" }
            inside && line ~ /\);[ \t]*$/ { inside = 0 }' "$file"
    done
    set +f
}

# A table is written by the store or by its own feature: table "note" or "note_…" is that of features/note.
check_writes() {
    features=$(ls src/features 2>/dev/null)
    find src -name '*.c' | LC_ALL=C sort | while read -r file; do
        case $file in src/core/entity/*|src/lib/*) continue ;; esac
        own=
        case $file in src/features/*) own=$(echo "$file" | cut -d/ -f3) ;; esac
        # strings that go on in the next line are joined first
        tr '\n' ' ' <"$file" | sed 's/" *"//g' | grep -oE '(INSERT INTO|INSERT OR [A-Z]+ INTO|UPDATE|DELETE FROM) +[a-z_]+' |
            awk '{ print $NF }' | LC_ALL=C sort -u | while read -r table; do
            if [ -z "$own" ] && matches "$table" $CORE_TABLES; then continue; fi
            for feature in $features; do
                [ "$feature" != "$own" ] || continue
                case $table in
                "$feature"|"$feature"_*)
                    case $table in "$own"_*) continue ;; esac
                    echo "$file: writes table $table of feature $feature" ;;
                esac
            done
        done
    done
}

# Objects with a section that can be written: .data, .bss and their kin (constant tables with
# addresses inside stand in .data.rel.ro, the list of statements in daftar_sql).
check_globals() {
    [ -n "$objects" ] || return 0
    found=$(find "$objects" -name '*.o' ! -path '*/t/*' ! -path '*/fuzz/*' 2>/dev/null)
    [ -n "$found" ] || { echo "$objects holds no objects: build first"; return; }
    for object in $found; do
        objdump -t "$object" | awk -v file="${object#"$objects"/}" '
            $0 !~ / d / && $0 ~ /[ \t](\.data|\.bss|\.tdata|\.tbss|\*COM\*|COMMON)/ && $0 !~ /\.data\.rel\.ro/ {
                name = $NF; sub(/\.[0-9]+$/, "", name); print file, name }'
    done | while read -r file name; do
        echo "$GLOBALS" | grep -qx "${file%.o}.c $name" || echo "src/${file%.o}.c: $name is a global that can be changed"
    done
}

check() {
    cd "$root" || exit 2
    pairs=$(mktemp) || exit 2
    check_includes
    check_features
    check_sql
    check_writes
    check_globals
    rm -f "$pairs" "$pairs.said"
}

# ---- self-test ----
put() { mkdir -p "$temp/$(dirname "$1")"; cat >"$temp/$1"; }
house() { # a small house in order
    rm -rf "$temp"; mkdir -p "$temp/o"
    echo '#include <string.h>' | put src/lib/base/str.h
    echo '#include "lib/base/str.h"' | put src/lib/text/fold.h
    echo '#include <sqlite3.h>' | put src/lib/db/sqlite.c
    echo '#include "lib/text/fold.h"' | put src/core/entity/entity.h
    printf '#include "core/entity/entity.h"\n' | put src/core/web/req.h
    printf '#include "core/web/req.h"\nstruct note;\n' | put src/features/note/note.h
    printf '#include "features/note/note.h"\n#include "features/note/list.html.h"\nSQL(note_make,\n    "INSERT INTO note (a) "\n    "VALUES (:a)");\n' | put src/features/note/note.c
    printf 'const struct feature feature_note = { .name = "note" };\n' | put src/features/note/feature.c
    printf '#include "features/note/note.h"\n' | put src/features/party/party.c
    printf 'struct party;\n' | put src/features/party/party.h
    printf 'struct feature feature_party = { .name = "party",\n    .needs = { "note", NULL } };\n' | put src/features/party/feature.c
    printf '#include "features/note/note.h"\nextern struct feature feature_note, feature_party;\n' | put src/app/features.c
    printf 'static const int t[] = { 1 };\nstatic const char *const names[] = { "a" };\nconst void *f(int i) { return i ? (const void *)&names[i] : &t[i]; }\n' | put src/lib/base/good.c
}
expect() { # expect WORDS FILE TEXT: with TEXT (a printf format) in FILE, a breach with these words is said
    house
    printf "$3\n" | put "$2"
    for object in lib/base/good lib/base/bad; do
        [ ! -e "$temp/src/$object.c" ] || { mkdir -p "$temp/o/lib/base"; gcc -fPIE -c -o "$temp/o/$object.o" "$temp/src/$object.c" || exit 1; }
    done
    said=$(sh "$0" --root "$temp" --objects "$temp/o")
    if [ -z "$1" ]; then
        [ -z "$said" ] || { echo "self-test: said of what is right: $said"; exit 1; }
    else
        case $said in *"$1"*) ;; *) echo "self-test: not said: $1 (said: $said)"; exit 1 ;; esac
        [ "$(echo "$said" | wc -l)" -le 2 ] || { echo "self-test: said too much: $said"; exit 1; }
    fi
}
self_test() {
    temp=$(mktemp -d) || exit 2
    trap 'rm -rf "$temp"' EXIT
    expect '' t/x.c 'int nothing;'
    expect 'may not include lib/text' src/lib/base/bad.h '#include "lib/text/fold.h"'
    expect 'may not include core/web' src/lib/text/bad.c '#include "core/web/req.h"'
    expect 'may not include lib/base' src/lib/unknown/bad.c '#include "lib/base/str.h"'
    expect 'may not include core/web' src/core/entity/bad.c '#include "core/web/req.h"'
    expect 'may not include features/note' src/core/web/bad.c '#include "features/note/note.h"'
    expect 'may not include features/note' src/app/bad.c '#include "features/note/note.h"'
    expect 'may not include features/party' src/features/note/bad.c '#include "features/party/party.h"'
    expect 'not there' src/features/party/bad.c '#include "features/note/note_inside.h"'
    expect 'not there by its whole path' src/features/note/bad.c '#include "note.h"'
    expect 'of another folder' src/features/party/bad.c '#include "features/note/list.html.h"'
    expect 'belongs in' src/core/entity/bad.c '#include <sqlite3.h>'
    expect 'has no home' src/lib/http/bad.c '#include <openssl/ssl.h>'
    expect 'only app/features.c may' src/core/web/bad.c 'x feature_note;'
    expect 'in a circle' src/features/note/feature.c 'f = { .needs = { "party" } };'
    expect 'needs gone' src/features/note/feature.c 'f = { .needs = "gone" };'
    expect 'has no feature.c' src/features/task/x.h 'int x;'
    expect 'calls db_query_made' src/features/note/bad.c '    db_query_made(tx, s, &r, p, 1);'
    expect 'SQL outside SQL()' src/features/note/bad.c '    buf_printf(&b, "SELECT %%s FROM t", name);'
    expect 'writes table note' src/features/party/bad.c 'SQL(a,\n    "DELETE "\n    "FROM note");'
    expect 'writes table party_phone' src/core/exchange/bad.c 'SQL(a, "UPDATE party_phone SET a = 1");'
    expect 'counter is a global' src/lib/base/bad.c 'int counter;'
    expect 'n is a global' src/lib/base/bad.c 'int *f(void) { static int n = 3; return &n; }'
    expect 'n is a global' src/lib/base/bad.c '_Thread_local int n;'
    echo "layers.sh finds what it must"
}

case ${1-} in --self-test) self_test; exit 0 ;; esac
while [ $# -ge 2 ]; do
    case $1 in --root) root=$2 ;; --objects) objects=$2 ;; *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;; esac
    shift 2
done
problems=$(check)
[ -z "$problems" ] || { echo "$problems"; exit 1; }
