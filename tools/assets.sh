#!/bin/sh
# assets.sh OUT.c: gathers what the browser gets and hands it to build/tools/embed. Called by the
# Makefile from the root of the tree. Makes, in build/assets:
#   app.css    assets/css/*.css in the order of their names (cascade layers make the order harmless)
#   app.js     assets/js/*.js
#   PART.css, PART.js   assets/css/PART/*.css, assets/js/PART/*.js: what only some pages bring: list (of
#              clients), client (one of them), more (all but the list); core/web/answer.c says which
#   htmx.js, vazirmatn-*.woff2   from node_modules
#   icons.svg  one <symbol id="i-NAME"> for each line "NAME lucide-name" of assets/icons.txt
#   and all of assets/files/ and assets/favicon.*
# Our own style sheets and scripts go through esbuild, which takes out comments, spaces and long local
# names (it needs no network); t/unit/test_assets.c says how much all of it may weigh.
# In style sheets url("asset:NAME") and url("font:latin") become hashed paths.
set -eu
LC_ALL=C
export LC_ALL
out=$1
dir=build/assets
modules=node_modules
lucide=$modules/lucide-static/icons
fonts=$modules/@fontsource-variable/vazirmatn/files

rm -rf "$dir"
mkdir -p "$dir"

# small FILE NAME: esbuild changes neither what a rule means nor what a browser must know (esnext).
small() {
    "$modules/.bin/esbuild" "$1" --minify --charset=utf8 --target=esnext --legal-comments=none \
        --log-level=warning --outfile="$dir/$2"
}

# joined NAME FOLDER KIND: the files of a folder as one, build/assets/NAME.KIND.
joined() {
    for f in "$2"/*."$3"; do
        [ -f "$f" ] || continue
        sed 's/\(url(["'\'']*\)font:\([a-z-]*\)/\1asset:vazirmatn-\2.woff2/g' "$f"
        echo
    done >"$dir/whole.$3"
    small "$dir/whole.$3" "$1.$3"
    rm "$dir/whole.$3"
}
for kind in css js; do
    joined app "assets/$kind" "$kind"
    for part in "assets/$kind"/*/; do
        [ -d "$part" ] && joined "$(basename "$part")" "$part" "$kind"
    done
done

cp "$modules/htmx.org/dist/htmx.min.js" "$dir/htmx.js"
for subset in arabic latin latin-ext; do
    cp "$fonts/vazirmatn-$subset-wght-normal.woff2" "$dir/vazirmatn-$subset.woff2"
done

# A drawing of lucide is <svg …attributes…> shapes </svg>: the shapes alone go into the symbol; the
# style sheet's .icon says how thick and of what colour the lines are.
symbol() {
    [ -f "$lucide/$2.svg" ] || {
        echo "assets/icons.txt: lucide has no icon $2" >&2
        return 1
    }
    printf '<symbol id="i-%s" viewBox="0 0 24 24">' "$1"
    tr '\n' ' ' <"$lucide/$2.svg" |
        sed 's/<!--[^>]*-->//; s/.*<svg[^>]*>//; s/<\/svg>.*//; s/>  *</></g; s/^ *//; s/ *$//; s/ \/>/\/>/g'
    printf '</symbol>\n'
}
{
    printf '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide icons, ISC licence, https://lucide.dev/license -->\n'
    if [ -f assets/icons.txt ]; then
        while read -r name file rest; do
            case $name in '' | '#'*) continue ;; esac
            symbol "$name" "${file:-$name}"
        done <assets/icons.txt
    fi
    printf '</svg>\n'
} >"$dir/icons.svg"

for f in assets/favicon.* assets/files/*; do
    case $f in
    *'*') ;;
    *.css|*.js) small "$f" "${f##*/}" ;;
    *) cp "$f" "$dir/" ;;
    esac
done

exec build/tools/embed "$out" assets "$dir"/*
