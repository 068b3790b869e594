#!/bin/sh
# Proves that a fresh clone on a bare Debian 12 needs nothing but the README's two commands.
#   tools/fresh.sh [--who root|user|both] [--only-build] [--dir DIR] [--ref COMMIT]
# Run it as root, with debootstrap installed, on a calm machine (an hour with both). It makes a bookworm
# chroot in DIR (/var/tmp/daftar-fresh; the bare system is kept there for the next time), clones the
# committed state of this repository into it, and runs there `./run --build` and `./test`: as root, and
# in another copy as an ordinary user who has sudo. Mounts and processes live in their own namespaces
# and are gone afterwards. Certificates that this machine trusts locally (a proxy's) are trusted there too.
set -eu
who=both only_build='' dir=/var/tmp/daftar-fresh ref=HEAD
while [ $# -gt 0 ]; do
    case $1 in
    --who) who=$2; shift ;;
    --only-build) only_build=yes ;;
    --dir) dir=$2; shift ;;
    --ref) ref=$2; shift ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || { echo "tools/fresh.sh: run it as root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "tools/fresh.sh: apt-get install debootstrap" >&2; exit 1; }
source=$(cd "$(dirname "$0")/.." && pwd)

mkdir -p "$dir"
if [ ! -e "$dir/base/.ready" ]; then
    rm -rf "$dir/base"
    # git is what a stranger needs to clone; sudo is for the second run.
    debootstrap --variant=minbase --include=git,sudo bookworm "$dir/base" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$dir/debootstrap.log"
    printf 'deb %s bookworm main\ndeb %s bookworm-updates main\n' "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" \
        "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$dir/base/etc/apt/sources.list"
    touch "$dir/base/.ready"
fi

try() { # try root|user
    root=$dir/as-$1
    rm -rf "$root"
    cp -a "$dir/base" "$root"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
    git clone -q --bare "file://$source" "$root/source.git"
    git -C "$root/source.git" branch -f fresh "$(git -C "$source" rev-parse "$ref")"
    if [ "$1" = user ]; then
        chroot "$root" useradd -m -s /bin/sh user
        echo 'user ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/user"
        chroot "$root" chown -R user /source.git
        as='su - user -c' home=/home/user
    else
        as='sh -c' home=/root
    fi
    then='./run --build && ls -l build/daftar && ./run --help'
    [ -n "$only_build" ] || then="$then && ./test"
    echo "== as $1: git clone, $then"
    begun=$(date +%s)
    set +e
    unshare --mount --pid --fork --kill-child sh -c '
        mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; mount --make-rslave "$0/dev"
        # this shell stays as the namespace'"'"'s first process: it waits for processes whose parent died
        chroot "$0" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$1" TERM=dumb CI="${CI-}" $2 "$3" &
        wait $!
        ' "$root" "$home" "$as" "cd && git clone -q -b fresh /source.git daftar && cd daftar && $then" \
        >"$dir/as-$1.log" 2>&1 </dev/null
    code=$?
    set -e
    tail -n 15 "$dir/as-$1.log"
    echo "== as $1: ended with $code after $(($(date +%s) - begun)) s; all of it in $dir/as-$1.log"
    # Debian's own cluster must not have been made, nothing may be left in its settings.
    left=$(ls -A "$root/var/lib/postgresql" 2>/dev/null; ls "$root/etc/postgresql-common/createcluster.d" 2>/dev/null)
    [ -z "$left" ] || { echo "left behind: $left"; code=1; }
    [ "$code" = 0 ] && rm -rf "$root"
    return "$code"
}

failed=0
case $who in
both) try root || failed=1; try user || failed=1 ;;
root|user) try "$who" || failed=1 ;;
*) echo "tools/fresh.sh: --who root, user or both" >&2; exit 2 ;;
esac
exit $failed
