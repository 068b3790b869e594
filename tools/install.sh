#!/bin/sh
# Installs the built program below DESTDIR: the binary, its manual page, licences, the systemd unit.
#   DESTDIR=… PREFIX=/usr/local VERSION=… UNITS=/lib/systemd/system tools/install.sh
# Called by `make install` and by tools/deb.sh. Nothing is started; README.md says what comes next.
set -eu
cd "$(dirname "$0")/.."
root=${DESTDIR-} prefix=${PREFIX:-/usr/local} units=${UNITS:-/etc/systemd/system}
[ -x build/daftar ] || { echo "tools/install.sh: there is no build/daftar: make first" >&2; exit 1; }
date=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)
put() { install -D -m "$1" "$2" "$root$3"; }

put 0755 build/daftar "$prefix/bin/daftar"
strip --strip-unneeded "$root$prefix/bin/daftar" 2>/dev/null || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build/daftar --help | sed -n 's/^  \([a-z_]*\)  *\(.*\)$/.TP\n.B \1\n\2/p' | sed 's/-/\\-/g' >"$work/commands"
sed -e "s/@VERSION@/$VERSION/; s/@DATE@/$date/" -e "/@COMMANDS@/{r $work/commands
d}" packaging/daftar.1 | gzip -9n >"$work/daftar.1.gz"
put 0644 "$work/daftar.1.gz" "$prefix/share/man/man1/daftar.1.gz"
for f in README.md NOTICE; do put 0644 "$f" "$prefix/share/doc/daftar/$f"; done
put 0644 LICENSE "$prefix/share/doc/daftar/copyright"
sed "s|@BIN@|$prefix/bin|" packaging/daftar.service >"$work/daftar.service"
put 0644 "$work/daftar.service" "$units/daftar.service"
