#!/bin/sh
# A feature can go, with those that need it: without their folders and their names in app/features.c
# the program still builds. Tried for each in turn, in a copy with the objects of the usual build.
set -u
cd "$(dirname "$0")/../.." || exit 1
# Every workspace has these; the rest relies on them.
house='setup sign_in settings member party'

needs_of() {
    tr '\n' ' ' <"src/features/$1/feature.c" | grep -oE 'needs(\[\])? *= *(\([^)]*\) *)?\{[^}]*\}' | grep -o '"[a-z_]*"' | tr -d '"'
}
with_needers() { # a feature and all that need it, directly or not
    going=$1
    while :; do
        before=$going
        for folder in src/features/*/; do
            name=$(basename "$folder")
            case " $going " in *" $name "*) continue ;; esac
            for need in $(needs_of "$name"); do
                case " $going " in *" $need "*) going="$going $name"; break ;; esac
            done
        done
        [ "$going" != "$before" ] || break
    done
    echo "$going"
}
take_out() { # take_out NAME: its folder and its names; the folder waits in $temp/out
    mv "$temp/x/src/features/$1" "$temp/out/"
    symbols=$(grep -hoE 'extern const struct (entity|job_kind) [a-z_, ]+;' "src/features/$1"/*.h 2>/dev/null |
        grep -oE '\b(entity|job)_[a-z_]+' | grep -vx job_kind | sort -u)
    sed -i "/#include \"features\/$1\//d" "$temp/x/src/app/features.c"
    for symbol in "feature_$1" $symbols; do
        sed -i -E "s/&?\b$symbol\b *(,|(;))/\2/g" "$temp/x/src/app/features.c"
    done
    sed -i -zE 's/,(\s*;)/\1/g' "$temp/x/src/app/features.c"
}

make --no-print-directory -s build/daftar || exit 1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
mkdir -p "$temp/out" "$temp/x/build/release"
cp -a src tools po data migrations assets Makefile package.json package-lock.json "$temp/x/"
ln -s "$PWD/node_modules" "$temp/x/node_modules"
for part in build/release/* build/release/.[!.]*; do
    case $part in */t|*/fuzz|*/bench|*/read|*/daftar) ;; *) cp -a "$part" "$temp/x/build/release/" ;; esac
done
cp -a build/gen build/tools "$temp/x/build/"
tried=0
for folder in src/features/*/; do
    leaf=$(with_needers "$(basename "$folder")")
    for name in $house; do
        case " $leaf " in *" $name "*) continue 2 ;; esac
    done
    for name in $leaf; do take_out "$name"; done
    if ! make --no-print-directory -C "$temp/x" build/daftar >"$temp/log" 2>&1; then
        echo "without $leaf it does not build:"
        grep -E 'error|undefined' "$temp/log" | head -n 20
        exit 1
    fi
    "$temp/x/build/daftar" --help >/dev/null || exit 1
    mv "$temp/out"/* "$temp/x/src/features/" && cp src/app/features.c "$temp/x/src/app/features.c" || exit 1
    tried=$((tried + 1))
    echo "without $leaf it builds"
done
[ $tried -gt 0 ] || { echo "nothing was tried"; exit 1; }
