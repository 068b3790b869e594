#!/bin/sh
# The package: what stands in it, and (as root, in a copy of this machine that nothing leaves: an overlay in a
# mount namespace of its own) that it installs, starts, upgrades with a copy of the data first, and removes
# without taking people's data. The systemd unit is judged by systemd-analyze where that is installed.
set -eu
cd "$(dirname "$0")/../.."
fail() { echo "$*" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make --no-print-directory -s build/daftar >"$work/make.log" 2>&1 || { cat "$work/make.log"; exit 1; }
one=$(VERSION=0.1~test1 sh tools/deb.sh "$work")
two=$(VERSION=0.1~test2 sh tools/deb.sh "$work")
dpkg-deb -c "$one" | awk '{ print $1, $2, $6 }' >"$work/list"
for want in ./usr/bin/daftar ./lib/systemd/system/daftar.service ./usr/share/man/man1/daftar.1.gz ./etc/default/daftar; do
    grep -q " $want\$" "$work/list" || fail "the package lacks $want"
done
! grep -v ' root/root ' "$work/list" || fail "not everything belongs to root"
! grep -E '^-..s|^-.....s|^-.......w' "$work/list" || fail "set-id bits, or files that all may write"
dpkg-deb -f "$one" Depends | grep -q 'libsqlite3-0' || fail "no dependency on SQLite"
for s in packaging/deb/*; do sh -n "$s" || fail "$s is no shell script"; done

DESTDIR=$work/root PREFIX=/usr/local VERSION=x sh tools/install.sh
"$work/root/usr/local/bin/daftar" --help >/dev/null || fail "make install: the program does not run"
gzip -dc "$work/root/usr/local/share/man/man1/daftar.1.gz" | grep -q '^.B serve' || fail "the manual page lacks commands"
grep -q '^ExecStart=/usr/local/bin/daftar ' "$work/root/etc/systemd/system/daftar.service" || fail "the unit starts something else"
if command -v systemd-analyze >/dev/null && systemd-analyze --help | grep -q -- --offline; then
    told=$(systemd-analyze security --offline=true --threshold=20 "$work/root/etc/systemd/system/daftar.service" 2>&1) ||
        { echo "$told" | tail -n 3; fail "the unit is too open"; }
    echo "$told" | tail -n 1
fi

[ "$(id -u)" = 0 ] || { echo "not root: the installation itself was not tried"; exit 0; }
cat >"$work/inside" <<'E2'
set -eu
fail() { echo "$*" >&2; exit 1; }
one=$1 two=$2
mkdir -p /run && mount -t tmpfs tmpfs /run
export DEBIAN_FRONTEND=noninteractive
install_it() { dpkg --force-depends --force-confdef -i "$1" >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; fail "dpkg -i $1"; }; }
start() { # as the unit does, without systemd
    : >/tmp/serve.log
    runuser -u daftar -- /usr/bin/daftar serve --data /var/lib/daftar --listen 127.0.0.1:0 >/tmp/serve.log 2>&1 &
    pid=$!
    for _ in $(seq 200); do grep -q 'ready on' /tmp/serve.log && break; sleep 0.1; done
    grep -q 'ready on' /tmp/serve.log || { cat /tmp/serve.log; fail "it does not start"; }
    url=$(sed -n 's/.*ready on //p' /tmp/serve.log)
    got=$(curl -s -o /dev/null -w '%{http_code}' "$url/health") # 503: not set up yet
    [ "$got" = "${1:-200}" ] || fail "it answers $got"
}
stop() { pkill -TERM -u daftar -f 'daftar serve' || true; wait "$pid" || true; }

install_it "$one"
[ "$(stat -c '%U %a' /var/lib/daftar)" = 'daftar 700' ] || fail "the data folder: $(stat -c '%U %a' /var/lib/daftar)"
start 503
grep -q '/setup/' /tmp/serve.log || fail "no link to set it up"
stop
printf 'a quiet sentence for tests\n' >/tmp/password && chmod 0644 /tmp/password
rm -rf /var/lib/daftar && install -d -m 0700 -o daftar -g daftar /var/lib/daftar
runuser -u daftar -- daftar init --data /var/lib/daftar --name Deb --email deb@example.com --owner Debra --password-file /tmp/password >/dev/null
before=$(sha256sum /var/lib/daftar/daftar.db | cut -c1-64)
install_it "$two"
dpkg -s daftar | grep -q 'Version: 0.1~test2' || fail "not upgraded"
copy=$(ls -d /var/backups/daftar/before-upgrade-from-0.1~test1-*) || fail "no copy before the upgrade"
(cd "$copy" && sha256sum -c --quiet MANIFEST) || fail "the copy is not whole"
start; stop
# A copy that cannot be made stops the upgrade.
mv /var/lib/daftar/daftar.db /tmp/kept && echo rubbish >/var/lib/daftar/daftar.db
! dpkg --force-depends -i "$one" >/tmp/dpkg.log 2>&1 || fail "upgraded without a copy"
grep -q 'nothing was upgraded' /tmp/dpkg.log || { cat /tmp/dpkg.log; fail "no word about the copy"; }
dpkg -s daftar | grep -q 'Version: 0.1~test2' || fail "another version is installed after a refused upgrade"
mv /tmp/kept /var/lib/daftar/daftar.db && chown daftar:daftar /var/lib/daftar/daftar.db
dpkg -r daftar >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; fail "dpkg -r"; }
[ ! -e /usr/bin/daftar ] || fail "the program is still there"
dpkg -P daftar >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; fail "dpkg -P"; }
grep -q 'your data are still in' /tmp/dpkg.log || fail "purge does not tell where the data are"
[ -e /var/lib/daftar/daftar.db ] && [ "$(sha256sum /var/lib/daftar/daftar.db | cut -c1-64)" != '' ] || fail "the data are gone"
[ -n "$before" ]
E2
if ! unshare -m sh -c 'mount -t tmpfs tmpfs "$1" && mkdir "$1/u" "$1/w" && mkdir "$1/m" && mount -t overlay overlay -o "lowerdir=/,upperdir=$1/u,workdir=$1/w" "$1/m"' sh "$(mktemp -d "$work/try.XXX")" 2>"$work/why"; then
    echo "no overlay here ($(cat "$work/why")): the installation itself was not tried"
    exit 0
fi
mkdir "$work/over"
unshare -m --pid --fork --kill-child sh -eu -c '
    over=$1; one=$2; two=$3; inside=$4
    mount -t tmpfs tmpfs "$over"
    mkdir "$over/u" "$over/w" "$over/m"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$over/u,workdir=$over/w" "$over/m"
    mkdir -p "$over/m/tmp/deb"
    mount -t tmpfs tmpfs "$over/m/tmp" && chmod 1777 "$over/m/tmp"
    mkdir "$over/m/tmp/deb" && cp "$one" "$two" "$inside" "$over/m/tmp/deb/"
    mount -t proc proc "$over/m/proc"
    mount --rbind /dev "$over/m/dev"
    mount --make-rslave "$over/m/dev"
    chroot "$over/m" sh /tmp/deb/inside "/tmp/deb/${one##*/}" "/tmp/deb/${two##*/}" &
    wait $!
' sh "$work/over" "$one" "$two" "$work/inside"
