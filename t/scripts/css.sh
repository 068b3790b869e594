#!/bin/sh
# One style sheet for both directions (localisation.md 5.3, check 2): no physical left, right or float in our
# CSS, no italics, spacing or capitals that Arabic script does not know; line height 1.6 or more for it.
set -eu
cd "$(dirname "$0")/../.."
physical='(^|[^-a-z])(left|right)[[:space:]]*:|(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)|float[[:space:]]*:[[:space:]]*(left|right)|text-align[[:space:]]*:[[:space:]]*(left|right)|border-(top|bottom)-(left|right)-radius|clear[[:space:]]*:[[:space:]]*(left|right)'
bad=0
if grep -nE "$physical" assets/css/*.css; then echo "physical sides stand in the style sheet"; bad=1; fi
if grep -nE 'font-style[[:space:]]*:[[:space:]]*italic|text-transform[[:space:]]*:[[:space:]]*uppercase' assets/css/*.css; then
    echo "italics or capitals, which Arabic script does not have"; bad=1
fi
# A test that cannot fail proves nothing: these must be found.
for planted in 'a { margin-left: 1px }' 'a { left: 0 }' 'a { float: right }' 'a { text-align: right }'; do
    printf '%s\n' "$planted" | grep -qE "$physical" || { echo "not found: $planted"; bad=1; }
done
# Fonts that show other digits than were typed hide what is stored.
if grep -niE 'vazirmatn[-_]?(fd|nl)' assets/css/*.css package.json; then echo "a font that changes digits"; bad=1; fi
exit $bad
