"""What a lab's servers are told, as text: of their image, of one machine, and how it is started. Pure: writes no file."""

from __future__ import annotations

from typing import Final

from network.lab.layout import SEGMENT, LabPlan, Node

MASKED: Final = (
    *("systemd-udevd.service", "systemd-udevd-control.socket", "systemd-udevd-kernel.socket", "systemd-udev-trigger.service"),
    *("systemd-networkd.service", "systemd-timesyncd.service", "systemd-resolved.service", "systemd-modules-load.service"),
    *("getty@tty1.service", "console-getty.service", "e2scrub_all.timer", "e2scrub_reap.service"),
    *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "fstrim.timer"),
    *("sys-kernel-debug.mount", "sys-kernel-tracing.mount", "dev-hugepages.mount"),
)
"""Units that make no sense where kernel, devices and clock belong to the machine of the lab."""

IMAGE_FILES: Final = {
    "etc/machine-id": "",
    "etc/fstab": "",
    "etc/apt/sources.list": "",
    "etc/ssh/sshd_config.d/lab.conf": (
        "AddressFamily inet\n"
        "HostKey /etc/ssh/ssh_host_ed25519_key\n"
        "PermitRootLogin prohibit-password\n"
        "PasswordAuthentication no\n"
        "UseDNS no\n"
        "MaxStartups 200\n"
    ),
}
"""By path below the root of the image. A machine identity and host keys are each server's own."""


LEFT_BY_BUILDER: Final = (
    *("etc/ssh/ssh_host_*", "etc/apt/sources.list.d/*", "etc/apt/apt.conf.d/99mmdebstrap", "etc/resolv.conf", "etc/hostname"),
)
"""Patterns of what a new image has that speaks of the machine it was built on, and of the host keys made there."""


CLASSES: Final = {"net": "../devices/virtual/net", "block": "../block"}
"""Symbolic links in `/sys/class` of a server, beside its identity (`dmi`): nothing else of this machine shows there."""


def hosts(plan: LabPlan, node: Node) -> str:
    """hosts(5) of one server: itself and the others, because no name server answers in a lab."""
    lines = [f"127.0.0.1 localhost\n127.0.1.1 {node.key}"]
    lines += [f"{other.address} {other.key}" for other in plan.servers if other is not node]
    return "\n".join(lines) + "\n"


def sources(plan: LabPlan) -> str:
    """sources.list(5): the lab's repository and no other. It is trusted without a signature, as it never leaves the lab."""
    mirror = next((node.address for node in plan.nodes if node.key == SEGMENT), None)
    return f"deb [trusted=yes] http://{mirror} ./\n" if mirror else ""


START: Final = """\
# Becomes the keeper of a lab server, process 1 of namespaces that end with it. Arguments: folder of the image, folder of the
# server, name of the machine, host name, the control groups to be in. All mounts are seen from here only.
set -e
image=$1 home=$2 machine=$3 host=$4
shift 4
for group; do echo 0 >"$group/cgroup.procs"; done
# A /run of its own: whatever systemd-nspawn leaves there goes with it.
mount -t tmpfs -o mode=755 lajur "$home/run"
mkdir "$home/run/image" "$home/run/root" "$home/run/hardware"
mount --bind "$image" "$home/run/image"
mount --bind "$home/hardware" "$home/run/hardware"
mount -t overlay -o "lowerdir=$home/run/image,upperdir=$home/upper,workdir=$home/work" lajur "$home/run/root"
mount --rbind "$home/run" /run
# CAP_NET_ADMIN is for its own network namespace: a server has a firewall.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
exec systemd-nspawn --quiet --boot --register=no --keep-unit --directory=/run/root --machine="$machine" --hostname="$host" \\
  --network-namespace-path=/proc/self/ns/net --bind-ro=/run/hardware --resolv-conf=off --timezone=off --link-journal=no \\
  --capability=CAP_NET_ADMIN --console=pipe
"""

HARDWARE: Final = """\
# Lays the lab's hardware over the kernel's, in a server that has just begun. What is changed in the files later shows at once.
set -e
cd /run/hardware
mount --bind meminfo /proc/meminfo
mount --bind cpuinfo /proc/cpuinfo
for port in speed/*; do
  [ ! -e "$port" ] || mount --bind "$port" "/sys/class/net/${port##*/}/speed"
done
mount --bind class /sys/class
mount --bind block /sys/block
cd /
umount --lazy /run/hardware
rmdir /run/hardware
"""
