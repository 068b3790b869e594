#!/bin/sh
# Makes a Debian package of the built program: tools/deb.sh [OUTPUT-FOLDER]   (VERSION in the environment)
# Called by `make deb`; needs dpkg and binutils only. What the package depends on is read from the binary: the
# packages that own the libraries it is linked to. Needs no root: the files belong to root in the package.
# packaging/deb holds what runs when it is installed, upgraded (a copy of the data first), removed.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build} version=${VERSION:?}
arch=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
umask 022
chmod 0755 "$stage"
DESTDIR=$stage PREFIX=/usr UNITS=/lib/systemd/system VERSION=$version sh tools/install.sh
install -D -m 0644 packaging/default "$stage/etc/default/daftar"

owner() { # the package of one library: by its path, or by the other name of /lib
    path=$(readlink -f "$1")
    { dpkg -S "$path" || dpkg -S "${path#/usr}" || dpkg -S "$1"; } 2>/dev/null | head -n 1 | cut -d: -f1
}
depends=
for lib in $(objdump -p build/daftar | sed -n 's/^ *NEEDED *//p'); do
    path=$(ldd build/daftar | sed -n "s|^[[:space:]]*$lib => \([^ ]*\) .*|\1|p")
    [ -n "$path" ] || continue # the loader
    package=$(owner "$path")
    [ -n "$package" ] || { echo "tools/deb.sh: no package owns $path" >&2; exit 1; }
    case ", $depends, " in *", $package, "*) ;; *) depends=${depends:+$depends, }$package ;; esac
done

mkdir "$stage/DEBIAN"
cat >"$stage/DEBIAN/control" <<EOF
Package: daftar
Version: $version
Architecture: $arch
Maintainer: The Daftar authors <daftar@daftar.example>
Section: misc
Priority: optional
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$stage" | cut -f1)
Depends: $depends, tzdata, passwd, util-linux
Recommends: poppler-utils, fonts-dejavu-core
Suggests: postgresql, nginx
Description: client book for freelancers and small firms
 Keeps who your clients are, how to reach them, what was agreed and what changed,
 in Persian, Arabic, French and English, each with its own alphabet, calendar and
 digits. One program with its data in one folder, or in PostgreSQL; people use it
 with a browser, programs by its API.
EOF
echo /etc/default/daftar >"$stage/DEBIAN/conffiles"
for script in preinst postinst prerm postrm; do install -m 0755 "packaging/deb/$script" "$stage/DEBIAN/$script"; done
(cd "$stage" && find usr lib etc -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
mkdir -p "$out"
find "$stage" -newermt "@${SOURCE_DATE_EPOCH:-$(date +%s)}" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" {} +
dpkg-deb --root-owner-group -Zxz --build "$stage" "$out/daftar_${version}_$arch.deb" >/dev/null
echo "$out/daftar_${version}_$arch.deb"
