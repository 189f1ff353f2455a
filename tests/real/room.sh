#!/usr/bin/env bash
# A private world around one real scheduler:
#
#   room.sh KIND ZONE HOME [CLOCK.so START RATE]
#
# KIND is "cron" (a Debian cron daemon), "systemd" (a `systemd --user` manager) or another cron that
# scripts/crons has fetched: "busybox", "bcron", "cronie", "mcron", "systemd-cron". Where that one is
# installed Debian's is not. The world has its own /run, /etc, crontabs and process ids. Once it stands, one line on standard output gives the
# process id to enter it with: nsenter --mount --pid --root. It lives until standard input closes,
# so it cannot outlive the test that opened it, however that one ends. A line on standard input
# restarts the user manager, and is answered with a line. Needs root.
#
# With CLOCK.so (fastclock.c) the world's wall clock starts at START, in seconds since the epoch,
# and runs RATE times as fast.
set -euo pipefail

crons=$(realpath "$(dirname "$0")/../../.crons")

if [ "$1" != inside ]; then
    # A user manager without a cgroup of its own would move every process of the machine into one.
    groups=()
    for root in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
        [ -w "$root/cgroup.procs" ] || continue
        mkdir "$root/ncp-room-$$"
        groups+=("$root/ncp-room-$$")
    done
    room=$(realpath "$0")
    cd /proc # see "outside" below
    status=0
    (
        for group in "${groups[@]}"; do echo "$BASHPID" >"$group/cgroup.procs"; done
        exec unshare --mount --propagation private --pid --kill-child --mount-proc \
            bash "$room" inside "$@"
    ) || status=$?
    for group in "${groups[@]}"; do
        # The kernel needs a moment to take the last of the killed processes out of it.
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
            sleep 0.02
        done
    done
    exit "$status"
fi

shift
kind=$1 zone=$2 home=$3

# The working directory is still the /proc outside, where this shell has the process id that
# others know it by.
read -r outside _ <self/stat
cd /

mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/user /run/overlay/upper /run/overlay/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/overlay/upper,workdir=/run/overlay/work room /etc
ln -sfn "/usr/share/zoneinfo/$zone" /etc/localtime
echo "$zone" >/etc/timezone

if [ -d "$crons/$kind" ]; then
    mkdir /run/usr /run/work
    mount -t overlay room /usr \
        -o "lowerdir=$crons/$kind/usr:/usr,upperdir=/run/usr,workdir=/run/work"
    rm -f /usr/sbin/cron
    [ -e "$crons/$kind/usr/bin/crontab" ] || rm -f /usr/bin/crontab
fi
mkdir -p /var/spool/cron /var/lib/systemd
mount -t tmpfs tmpfs /var/spool/cron
mkdir -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs
mount -t tmpfs tmpfs /var/lib/systemd

if [ $# -gt 3 ]; then
    echo "$5 $(date +%s.%N) $6" >/run/fastclock
    echo "$4" >/etc/ld.so.preload
fi

start_cron() {
    : >/etc/crontab
    rm -f /etc/cron.d/* /etc/cron.d/.placeholder
    # Cron compares modification times by the second: a table that is installed in the second in
    # which the daemon first looked would never be noticed.
    touch -d '1 hour ago' /var/spool/cron/crontabs
    FASTCLOCK_SLEEP=1 /usr/sbin/cron -f -L 15 >"$home/.room.log" 2>&1 </dev/null &
}

start_cronie() { crond -n -x sch >"$home/.room.log" 2>&1 </dev/null & }

start_busybox() { busybox crond -f -l 0 -L "$home/.room.log" </dev/null & }

start_bcron() {
    groupadd --system cron
    useradd --system --gid cron --home-dir /var/spool/cron --no-create-home cron
    mkdir -m 700 /var/spool/cron/tmp
    mkfifo /var/spool/cron/trigger
    chmod 700 /var/spool/cron/crontabs
    chown -R cron:cron /var/spool/cron
    rm -f /etc/crontab /etc/cron.d/*
    bcron-start >"$home/.room.log" 2>&1 </dev/null &
    env UID="$(id -u cron)" GID="$(id -g cron)" \
        unixserver -U /run/bcron-spool bcron-spool >>"$home/.room.log" 2>&1 </dev/null &
    until [ -S /run/bcron-spool ]; do sleep 0.02; done
}

# Its daemon reads a table when it starts, so a test starts it; systemd-cron has none.
start_mcron() { : >"$home/.room.log"; }
start_systemd-cron() {
    rm -f /etc/crontab /etc/cron.d/*
    mkdir /run/systemd
    : >"$home/.room.log"
}

start_systemd() {
    mkdir -p /run/systemd/system /var/lib/systemd/linger "$home/.config/systemd/user"
    touch /var/lib/systemd/linger/root
    mkdir -m 700 /run/user/0
    start_manager
}

start_manager() {
    local clean=(env -i HOME="$home" USER=root LOGNAME=root SHELL=/bin/sh LANG=C.UTF-8
        PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR=/run/user/0)
    "${clean[@]}" /lib/systemd/systemd --user >>"$home/.room.log" 2>&1 </dev/null &
    manager=$!
    for _ in {1..500}; do
        case $("${clean[@]}" systemctl --user is-system-running 2>/dev/null || true) in
            running | degraded) return ;;
        esac
        kill -0 "$manager" 2>/dev/null || break
        sleep 0.02
    done
    echo "systemd --user did not come up:" >&2
    cat "$home/.room.log" >&2
    exit 1
}

"start_$kind"
echo "$outside"
while read -r _; do # a line asks for the end of the user manager and for a new one
    kill "$manager"
    wait "$manager" || true
    start_manager
    echo "$manager"
done
# Ending here, as process 1, ends every process of this world.
