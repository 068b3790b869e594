#!/bin/sh
# The tests of rights must catch what they are for: a bug is planted in a copy of one source file, the
# test is linked with it, and must fail and say why. (trust.md, section 0: a test that never caught
# anything proves nothing.) Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
dir=build/plants
mkdir -p $dir
# A file more or less since then would not be in the list of objects.
make -s MODE=asan build/asan/t/test_matrix build/asan/t/test_rights build/asan/t/test_store >$dir/make.out 2>&1 ||
    { cat $dir/make.out; echo "1..0 # the tests do not build"; exit 1; }
flags=$(cat build/asan/.flags)
libs=$(make -s MODE=asan plant-libs)
n=0 bad=0
export ASAN_OPTIONS=detect_leaks=0
# A planted bug is caught on one database or it is not caught: the other would only take time.
unset DAFTAR_TEST_PG

# plant NAME FILE TEST WORDS SED: with this edit of FILE, TEST fails and its output has WORDS.
plant() {
    name=$1 file=$2 test=$3 words=$4 edit=$5
    n=$((n + 1))
    object=build/asan/${file#src/}; object=${object%.c}.o
    sed "$edit" "$file" >$dir/$name.c
    why=
    if cmp -s "$file" $dir/$name.c; then
        why="the edit finds nothing in $file"
    elif ! $flags -Wno-error -Wno-unused -It -c -o $dir/$name.o $dir/$name.c 2>$dir/$name.out; then
        why="does not compile"
    else
        others=$(tr ' ' '\n' <build/asan/.objects | grep -vxF -e "$object" -e build/asan/app/main.o)
        # shellcheck disable=SC2086
        ${flags%% *} -o $dir/$name.test build/asan/t/$test.o $dir/$name.o $others $libs 2>$dir/$name.out ||
            why="does not link"
    fi
    if [ -z "$why" ]; then
        timeout 300 $dir/$name.test >$dir/$name.out 2>&1 && why="$test did not notice"
        [ -n "$why" ] || grep -aqE "$words" $dir/$name.out || why="$test failed, but not with: $words"
    fi
    rm -f $dir/$name.test $dir/$name.o
    if [ -z "$why" ]; then
        echo "ok $n - $name"
    else
        bad=$((bad + 1))
        tail -5 $dir/$name.out | cut -c1-300 | sed 's/^/# /'
        echo "not ok $n - $name: $why"
    fi
}

# T-12: rows are read whoever asks.
plant rows src/core/entity/store_sql.c test_matrix 'may be seen|told apart|but was answered|other bytes' \
    's/^void sql_visible(struct buf \*b, const struct entity \*e) {/&\n    if (e->indexed) { buf_add_z(b, " AND (1=1 OR " "1=1" VISIBLE_PARTY ")"); return; }/'
# T-12: private notes are read by everybody who sees the client.
plant private src/core/entity/store_sql.c test_rights 'reads “(notesecret|oldsecret)”' \
    's/CAST(:see_private AS INTEGER) = 1)/CAST(:see_private AS INTEGER) IN (0, 1))/'
# T-12: one route says «not allowed» where others say «not there».
plant told_apart src/core/entity/store.c test_matrix 'told apart|other bytes' \
    's/^    if (n == 0) return MISSING;$/    if (n == 0) return id < 999999 ? DENIED : MISSING;/'
# T-12: lists know nothing of rights.
plant lists src/core/entity/list_index.c test_rights 'reads “|tells|not [0-9]' \
    's/^    if (c->who.sees == SEES_ALL) return OK;$/    if (c) return OK;/'
# T-12: the history shows changes of what is private.
plant history src/core/entity/history.c test_rights 'reads “(notesecret|oldsecret)”' \
    's/\*out = param_int("private", author ? author : PRIVATE_TO_OWNERS);/(void)author;/'
# T-12: found by the name of an organisation that one may not see.
plant guesses src/core/entity/list_index.c test_rights 'tells' \
    's/if (!fits) bits_remove/if (0) bits_remove/'
# T-13: what failed is kept.
plant half_done src/core/web/serve.c test_matrix 'refused .*but changed something' \
    's/            s = db_end(tx, s);/            s = db_end(tx, s == BUSY ? s : OK) == OK ? s : BROKEN;/'
# T-05: the private field is everybody's.
plant fields src/core/entity/entity.c test_rights 'reads “fieldsecret”' \
    's/ctx_may(c, ROLE_MEMBER)/ctx_may(c, ROLE_READER)/'
# T-05: any column of the table may be sorted by.
plant sorts src/core/entity/list.c test_rights '[?]sort=' \
    's/!(e->fields\[i\].is \& SECRET)/(e->fields[i].is \& (SECRET | is))/; s/(e->fields\[i\].is & is) && //; s/ && field_readable(c, all\[i\].field)//'
# T-15: the address of a note is enough.
plant late src/features/client/bonds.c test_rights 'after the right was gone' \
    's/TRY(store_load(&r->c, &entity_party, id, client));/r->c.who.sees = SEES_ALL; &/'
# T-28: the form takes what the program alone writes.
plant forms src/core/entity/form.c test_rights 'takes' \
    's/if (f) return !(f->is & SYSTEM) && field_readable(c, f);/if (f) return true;/'
echo "1..$n"
[ "$bad" = 0 ]
