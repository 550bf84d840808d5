# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What lab-init and the helpers (lab-dc, lab-ldb, lab-slapd and so on) share: the lab's names
# and paths, its inner hosts, and the start and stop of a domain controller. Sourced
# inside a lab only. The constants that the Python scripts need reach them as
# environment variables, so each is written down once, here.

export_environment() {
    export LAB_DIR=/run/lab
    export LAB_DOMAIN=hv.example.com LAB_REALM=HV.EXAMPLE.COM LAB_BASE=DC=hv,DC=example,DC=com
    export LAB_DC=dc1.hv.example.com LAB_DC_ADDRESS=192.0.2.11
    export LAB_SLAPD=slapd.hv.example.com LAB_SLAPD_ADDRESS=192.0.2.20
    export LAB_SMBCONF=$LAB_DIR/dc1/etc/smb.conf
    export LAB_CA=$LAB_DIR/tls/ca.pem LAB_OTHER_CA=$LAB_DIR/tls/other-ca.pem
    export LAB_ADMIN_PASSWORD='Adm1n-of-the-Lab!'
    export LAB_PRINCIPAL=svc-monitor@$LAB_REALM
    export LAB_BIND_DN="CN=svc-monitor,OU=Service Accounts,$LAB_BASE"
    export LAB_PASSWORD_FILE=$LAB_DIR/svc-monitor.password
    export LAB_KEYTAB=$LAB_DIR/svc-monitor.keytab
    export LAB_KEYTAB_STALE=$LAB_DIR/svc-monitor-stale.keytab
    export LAB_KEYTAB_FOREIGN=$LAB_DIR/foreign.keytab
    export LAB_KEYTAB_DEPARTED=$LAB_DIR/svc-departed.keytab
    export LAB_KEYTAB_DISABLED=$LAB_DIR/svc-disabled.keytab
    export LAB_KEYTAB_EXPIRED=$LAB_DIR/svc-expired.keytab
    export LAB_KEYTAB_LOCKED=$LAB_DIR/svc-locked.keytab
    export LAB_KEYTAB_MUSTCHANGE=$LAB_DIR/svc-mustchange.keytab
    export KRB5_CONFIG=$LAB_DIR/etc/krb5.conf KRB5CCNAME=FILE:$LAB_DIR/krb5cc
    # shellcheck disable=SC2154 # set by whoever sources this file
    export PATH=$lab_folder:$PATH:/usr/sbin:/sbin
}

require_lab() {
    [ "${LAB_DIR:-}" = /run/lab ] && [ -f "${LAB_SMBCONF:-}" ] && return
    echo "${0##*/}: works only inside a lab; see lab help" >&2
    exit 99
}

# ---- inner hosts ------------------------------------------------------------------

# add_host NAME ADDRESS: a network namespace on the lab's bridge.
add_host() {
    ip netns add "$1"
    ip link add "v-$1" type veth peer name eth0 netns "$1"
    ip link set "v-$1" master br0 up
    ip -n "$1" link set lo up
    ip -n "$1" address add "$2/24" dev eth0
    ip -n "$1" link set eth0 up
}

# in_host NAME COMMAND...: runs it there, with that host's name and a /run/samba of its own.
in_host() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    nsenter --net="/run/netns/$1" unshare --mount --uts --propagation private \
        sh -c 'hostname "$0" && mount -t tmpfs tmpfs /run/samba && exec "$@"' "$@"
}

# ---- domain controllers: dc1, and others that helpers of the lab add ------------------

# start_samba HOST [SAMBA-OPTION...]: the controller of that inner host, in the background.
start_samba() {
    local host=$1
    shift
    mkdir -p "$LAB_DIR/$host"/{run,log,ncalrpc}
    (
        # A caller that waits for the end of its pipe must not wait for the controller.
        for fd in /proc/"$BASHPID"/fd/*; do
            fd=${fd##*/}
            [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
        done
        export TMPDIR=$LAB_DIR/tmp
        in_host "$host" setsid samba -F --no-process-group -s "$LAB_DIR/$host/etc/smb.conf" "$@" \
            < /dev/null > "$LAB_DIR/$host/log/output" 2>&1 &
    )
}

# wait_for_ports HOST ADDRESS PORT...: until all of them are open.
wait_for_ports() {
    local host=$1 where=$2 port tries=0
    shift 2
    for port in "$@"; do
        until (: <> "/dev/tcp/$where/$port") 2> /dev/null; do
            tries=$((tries + 1))
            [ $tries -lt 1000 ] || samba_failed "$host" "port $port stayed closed"
            sleep 0.02
        done
    done
}

samba_failed() { # HOST REASON
    echo "lab: the domain controller $1 did not start: $2" >&2
    tail -n 20 "$LAB_DIR/$1/log/output" "$LAB_DIR/$1/log/samba.log" >&2 || true
    exit 99
}

# signal_host HOST SIGNAL: to all its processes.
signal_host() {
    local pids
    pids=$(ip netns pids "$1")
    # shellcheck disable=SC2086 # a list of process ids, some of which may just have ended
    [ -z "$pids" ] || kill "-$2" $pids 2> /dev/null || true
}

# freeze_kdc HOST: stops the KDC alone. Samba tells by its processes' names which is which.
freeze_kdc() {
    local pid pids=()
    for pid in $(ip netns pids "$1"); do
        if tr '\0' ' ' < "/proc/$pid/cmdline" | grep -q 'task\[kdc\]'; then pids+=("$pid"); fi
    done
    [ "${#pids[@]}" -gt 0 ] && kill -STOP "${pids[@]}"
}

# ---- dc1 -----------------------------------------------------------------------------

dc_pids() {
    ip netns pids dc1
}

# dc_start [SAMBA-OPTION...]: returns once it answers.
dc_start() {
    start_samba dc1 "$@"
    dc_wait
}

# All ports that clients use are open and the directory answers a question.
dc_wait() {
    wait_for_ports dc1 "$LAB_DC_ADDRESS" 389 636 3268 88 464 53
    timeout 10 ldapsearch -x -LLL -H "ldap://$LAB_DC_ADDRESS" -b '' -s base dnsHostName > /dev/null 2>&1 ||
        samba_failed dc1 'it does not answer'
}

# dc_signal SIGNAL: to all its processes.
dc_signal() {
    signal_host dc1 "$1"
}

# Ends it politely, then by force; frozen processes included.
dc_stop() {
    local pid_file=$LAB_DIR/dc1/run/samba.pid tries=0
    [ ! -s "$pid_file" ] || kill -TERM "$(cat "$pid_file")" 2> /dev/null || true
    dc_signal CONT
    while [ -n "$(dc_pids)" ]; do
        tries=$((tries + 1))
        [ $tries -lt 150 ] || dc_signal KILL
        sleep 0.02
    done
    rm -f "$pid_file"
}
