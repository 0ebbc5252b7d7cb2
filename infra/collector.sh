# What a server is and how it stands, printed by one run as root. Only looks: writes nothing, starts nothing that stays.
# Read by infra/reading.py. POSIX sh with Debian's own tools; forks are few, because a hundred servers are asked at once.
#
# The caller sets `n` to a fresh random word: a line that begins with `=$n ` opens a section, and nothing that a file or a
# program of this machine says can look like one. Everything is one function, so that the shell has read all of it before
# anything else could read from its input.

lajur_look() {
    LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_PAGER= SYSTEMD_COLORS=0
    export LC_ALL PATH SYSTEMD_PAGER SYSTEMD_COLORS
    most=1048577 largest=262144

    section() { printf '\n=%s %s %s\n' "$n" "$1" "${2:-ok}"; }

    # The first line of a small file of the kernel in `v`; some of them refuse to be read, which is no news.
    one() {
        v=
        [ -r "$1" ] && [ ! -d "$1" ] || return 0
        { IFS= read -r v <"$1" || :; } 2>/dev/null
    }
    say() { one "$2"; [ -z "$v" ] || printf '%s %s\n' "$1" "$v"; }

    # What a program says, as a section of its own: `absent` without the program, `failed` when it ends badly.
    told() {
        name=$1
        shift
        command -v "$1" >/dev/null || { section "$name" absent; return 0; }
        if said=$("$@" 2>/dev/null); then
            section "$name"
            printf '%s\n' "$said"
        else
            section "$name" failed
        fi
    }

    section machine
    say hostname /proc/sys/kernel/hostname
    say kernel /proc/sys/kernel/osrelease
    say machine_id /etc/machine-id
    for f in sys_vendor product_name product_serial board_serial chassis_serial; do
        [ -r /sys/class/dmi/id/$f ] || continue
        printf '%s ' $f
        head -c 256 /sys/class/dmi/id/$f 2>/dev/null | head -n 1
        echo
    done

    section os
    [ ! -r /etc/os-release ] || head -c 8192 /etc/os-release

    section cpu
    grep -E '^(processor|model name|Model|CPU part)[[:space:]]*:' /proc/cpuinfo | head -c $most

    section memory
    grep -m 1 '^MemTotal:' /proc/meminfo | head -c 256

    section disks
    for d in /sys/block/*; do
        b=${d##*/}
        case $b in '*' | loop* | ram* | zram* | dm-* | md* | sr* | fd* | nbd* | rbd* | mtdblock* | mmcblk*boot* | mmcblk*rpmb) continue ;; esac
        one "$d/hidden"; [ "$v" != 1 ] || continue
        one "$d/removable"; [ "$v" != 1 ] || continue
        one "$d/size"; case $v in '' | 0) continue ;; esac
        printf 'disk %s\nsize %s\n' "$b" "$v"
        say rotational "$d/queue/rotational"
        say vendor "$d/device/vendor"
        say model "$d/device/model"
        say serial "$d/device/serial"
        say serial "$d/serial"
        say wwid "$d/device/wwid"
    done

    section nics
    for d in /sys/class/net/*; do
        b=${d##*/}
        case $b in '*' | lo) continue ;; esac
        [ ! -d "$d/bridge" ] && [ ! -e "$d/tun_flags" ] || continue
        printf 'nic %s\n' "$b"
        [ ! -e "$d/device" ] || echo 'device yes'
        say mac "$d/address"
        say speed "$d/speed"
    done

    told packages dpkg-query -W -f '${db:Status-Abbrev}\t${binary:Package}\t${Version}\n'

    if [ -d /run/systemd/system ]; then
        # What is to start by itself, read from the links that say so: asking systemd for all its files costs more than the rest
        # of this together. A masked unit may keep such a link.
        section enabled
        for f in /etc/systemd/system/*.wants/* /etc/systemd/system/*.requires/* /etc/systemd/system/*.upholds/*; do
            b=${f##*/}
            case $b in *.service | *.socket | *.timer) ;; *) continue ;; esac
            [ ! -L "$f" ] || [ "/etc/systemd/system/$b" -ef /dev/null ] || printf '%s\n' "$b"
        done
        told units systemctl show --no-pager \
            -p Id,Type,ActiveState,SubState,UnitFileState,Transient,TriggeredBy,WantedBy,RequiredBy,BusName,RemainAfterExit \
            -- '*.service' '*.socket' '*.timer'
    else
        section enabled absent
        section units absent
    fi

    said=
    told ports ss -Hltnup
    # Which service a listening process belongs to is in its control group.
    section owners
    for p in $(printf '%s\n' "$said" | grep -o 'pid=[0-9]*' | sort -u | head -n 2000); do
        p=${p#pid=}
        [ -r "/proc/$p/cgroup" ] || continue
        while IFS= read -r line; do
            case $line in *.service*) printf '%s %s\n' "$p" "$line" ;; esac
        done <"/proc/$p/cgroup"
    done 2>/dev/null

    # Without the passwords that an old machine may keep there.
    section users
    sed -e 's/^\([^:]*\):[^:!*][^:][^:]*:/\1:set:/' /etc/passwd

    # What decides who may come in and become root: rights, owner and size of each file, and a digest of what it says. A name that
    # could be taken for another line is told by its number. Enabling a unit makes a link, so of those only what leads to where no
    # package puts units counts, or what is no unit that is told itself; a link is read through. The last place that is asked for is
    # known, so that an answer that is missing before it shows.
    section files
    led='readlink -mz -- "$@" / | tr "\n\000" "?\n" | {
        for f; do
            IFS= read -r to
            case $to in
                /lib/systemd/* | /usr/lib/systemd/* | /dev/null) continue ;;
                /etc/systemd/system/*/*) ;;
                /etc/systemd/system/*.service | /etc/systemd/system/*.socket | /etc/systemd/system/*.timer) continue ;;
                /etc/systemd/system/*.path) continue ;;
            esac
            printf "file l 777 root root 0 %s\n" "$f"
            [ ! -f "$f" ] || sha256sum -- "$f"
        done
        IFS= read -r to
        [ "$to" = / ] || printf "odd 0 /etc/systemd/system\n"
    }'
    find -H /etc/sudoers /etc/sudoers.d /etc/ssh/sshd_config /etc/ssh/sshd_config.d /etc/crontab /etc/cron.d \
        /var/spool/cron/crontabs /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/systemd/system /etc/systemd/system-generators \
        /usr/local/lib/systemd/system /usr/local/lib/systemd/system-generators -maxdepth 2 \
        \( -name '*[[:cntrl:]]*' -prune -printf 'odd %i %h\n' \) -o \
        \( -path '/etc/systemd/system/*' -o -path '/usr/local/lib/systemd/system/*' \) \
        ! -name '*.service' ! -name '*.socket' ! -name '*.timer' ! -name '*.path' ! -path '*.d/*.conf' \
        ! \( -type l \( -name '*.d' -o -name '*.wants' -o -name '*.requires' -o -name '*.upholds' \) \) -o \
        -path '/*/systemd/system/*' -type l -exec sh -c "$led" led {} + -o \
        -xtype f -printf 'file %y %m %u %g %s %p\n' ! -path /etc/passwd ! -path /etc/shadow ! -path /etc/group \
        ! -path /etc/gshadow \( -type l -o -size -513 \) -exec sha256sum -- {} + -o \
        -type d -printf 'file %y %m %u %g %s %p\n' 2>/dev/null

    # Which accounts have a password, and the day on which it was given. What it is never leaves the machine.
    if [ -r /etc/shadow ]; then
        section passwords
        while IFS=: read -r user held day _ || [ -n "$user" ]; do
            case $user in '' | [+-]*) continue ;; esac # an empty line, and accounts that are kept elsewhere
            case $day in *[!0-9]*) day= ;; esac
            case $held in
                '') printf 'empty %s\n' "$user" ;;
                '!'* | '*'*) ;;
                *) printf 'set %s %s\n' "$user" "$day" ;;
            esac
        done </etc/shadow
    else
        section passwords absent
    fi

    # Groups whose members are root, or can make themselves it.
    section groups
    while read -r line || [ -n "$line" ]; do
        case $line in root:* | sudo:* | wheel:* | admin:* | docker:* | lxd:* | disk:* | shadow:*) printf '%s\n' "$line" ;; esac
    done </etc/group

    section host_keys
    for f in /etc/ssh/ssh_host_*_key.pub; do
        [ ! -r "$f" ] || head -c 8192 "$f"
        echo
    done

    # As sshd reads them: through links, and with the rights of the account, so that a link leads to nothing that it may not read
    # itself. A file that does not end in `whole` was not read: no plain file, too large, or held up by somebody, whom root ends
    # together with what waits for him. Only lines with what every key begins with leave the machine.
    section keys
    file='if [ -r "$1" ]; then
            case $(readlink -f -- "$1") in
                /dev/null) ;;
                /proc/* | /sys/* | /dev/*) exit 1 ;;
                *) [ -f "$1" ] && size=$(stat -L -c %s -- "$1") && [ "$size" -le "$2" ] && head -c "$2" -- "$1" || exit ;;
            esac
        fi
        printf "\nwhole\n"'
    piped='setpriv --reuid="$1" --regid="$2" --init-groups --no-new-privs -- sh -c "$5" keys "$3" "$4" 2>/dev/null </dev/null |
        sed -n -e "/AAAA/s/^/line /p" -e "\$s/^whole\$/&/p"'
    # What an account mounts for itself root cannot even see.
    if grep -qs ' fuse' /proc/mounts; then hidden=yes; else hidden=; fi
    wanted=$(sed -n 's/^[[:space:]]*[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Ee][Dd][Kk][Ee][Yy][Ss][Ff][Ii][Ll][Ee][[:space:]=]*//p' \
        /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | tr -d '"' | head -c 4096)
    set -f
    while IFS=: read -r user _ _ group _ home _ || [ -n "$user" ]; do
        asked=' '
        for f in .ssh/authorized_keys .ssh/authorized_keys2 $wanted; do
            case $f in none) continue ;; esac
            path=
            while :; do
                case $f in
                    *%*) path=$path${f%%"%"*} f=${f#*"%"} ;;
                    *) path=$path$f; break ;;
                esac
                case $f in
                    h*) path=$path$home f=${f#h} ;;
                    u*) path=$path$user f=${f#u} ;;
                    %*) path=$path% f=${f#%} ;;
                esac
            done
            case $path in /*) ;; *) path=$home/$path ;; esac
            case $asked in *" $path "*) continue ;; esac
            asked="$asked$path "
            [ -e "$path" ] || [ -L "$path" ] || [ -n "$hidden" ] || continue
            printf '\naccount %s\nfile %s\n' "$user" "$path"
            (cd / && timeout -s KILL 2 sh -c "$piped" keys "$user" "$group" "$path" $largest "$file")
        done
    done </etc/passwd
    set +f

    section end
}
lajur_look </dev/null
