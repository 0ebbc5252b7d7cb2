"""A machine's answer to the collector's question, made up section by section."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

NONCE: Final = "0123456789abcdef"
HOME: Final = "/root"


def blob(number: int = 0) -> str:
    raw = b"\0\0\0\x0bssh-ed25519\0\0\0 " + hashlib.sha256(str(number).encode()).digest()
    return base64.b64encode(raw).decode()


def seal(number: int = 0) -> str:
    digest = hashlib.sha256(base64.b64decode(blob(number))).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def unit(name: str, **words: str) -> str:
    told = {"Id": name, "Type": "simple", "ActiveState": "active", "SubState": "running", "UnitFileState": "enabled"}
    return "\n".join(f"{key}={value}" for key, value in {**told, **words}.items()) + "\n"


SECTIONS: Final = {
    "machine": "hostname app-1\nkernel 6.1.0-30-amd64\nmachine_id 0a1b\nsys_vendor Dell Inc.\nproduct_name PowerEdge R650\n"
    "product_serial ABC1234\nboard_serial CN7\n",
    "os": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
    "cpu": "processor\t: 0\nmodel name\t: A Processor\nprocessor\t: 1\nmodel name\t: A Processor\n",
    "memory": "MemTotal:       65011712 kB\n",
    "disks": "disk sda\nsize 1875385008\nrotational 0\nmodel A SSD\nserial S1\ndisk nvme0n1\nsize 1000\nrotational 0\n",
    "nics": "nic docker0\nmac 02:42:00:00:00:01\nspeed -1\nnic eno1\ndevice yes\nmac 00:11:22:33:44:55\nspeed 10000\n",
    "packages": "ii \tnginx\t1.22.1-9\nrc \told\t1\nit \tlibc-bin\t2.36\nhi \tlibc6:amd64\t2.36-9+deb12u9\n",
    "enabled": "nginx.service\nsleeping.service\n",
    "units": "".join(
        [
            unit("nginx.service"),
            unit("ssh.service"),
            unit("apt-daily.service", Type="oneshot", UnitFileState="static", TriggeredBy="apt-daily.timer", SubState="start"),
            unit("user@0.service", UnitFileState="static"),
            unit("run-u12.service", UnitFileState="transient", Transient="yes"),
            unit("systemd-hostnamed.service", UnitFileState="static", BusName="org.freedesktop.hostname1"),
        ]
    ),
    "ports": 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=70,fd=3))\n'
    'tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=70,fd=4))\n'
    'tcp LISTEN 0 511 *:80 *:* users:(("nginx",pid=80,fd=6),("nginx",pid=79,fd=6))\n'
    'tcp LISTEN 0 244 127.0.0.1:5432 0.0.0.0:* users:(("postgres",pid=90,fd=5))\n'
    'tcp LISTEN 0 10 127.0.0.1:42001 0.0.0.0:* users:(("tool",pid=91,fd=5))\n'
    "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\n"
    'udp UNCONN 0 0 0.0.0.0:68 0.0.0.0:* users:(("dhclient",pid=92,fd=5))\n'
    'udp UNCONN 0 0 0.0.0.0:51234 0.0.0.0:* users:(("ntpd",pid=93,fd=5))\n'
    "tcp LISTEN 0 10 [fe80::1%eth0]:9000 [::]:*\n",
    "owners": "70 0::/system.slice/ssh.service\n79 0::/system.slice/nginx.service\n"
    "91 0::/user.slice/user-0.slice/user@0.service/app.slice/tool.service\n",
    "users": "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nsiti:x:1000:1000::/srv/siti:/bin/bash\n"
    "hidden:x:999:999::/:/bin/sh\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\ndyn:x:61200:61200::/:/bin/sh\n+::::::\n",
    "files": "file f 440 root root 90 /etc/sudoers\nfile d 755 root root 4096 /etc/sudoers.d\n"
    "file f 440 root root 20 /etc/sudoers.d/siti\nfile f 640 root shadow 700 /etc/shadow\n"
    f"{'a' * 64}  /etc/sudoers\n{'b' * 64}  /etc/sudoers.d/siti\n",
    "passwords": "set siti 20400\n",
    "groups": "root:x:0:\nsudo:x:27:siti\n",
    "host_keys": f"ssh-ed25519 {blob(9)} root@app-1\n",
    "keys": f"account root\nfile {HOME}/.ssh/authorized_keys\nline ssh-ed25519 {blob(1)} admin@kominfo\n"
    f'line from="10.0.0.0/8",environment="X=ssh-ed25519 {blob(1)}" ssh-ed25519 {blob(2)}\nline # ssh-ed25519 {blob(3)}\nwhole\n',
}


def said(**changes: str | None) -> bytes:
    """The whole answer; a section that is None is left out, and `absent:` or `failed:` stand for a tool's status."""
    parts = []
    for name, text in {**SECTIONS, **changes, "end": ""}.items():
        if text is None:
            continue
        status = text.rstrip(":") if text in {"absent:", "failed:"} else "ok"
        parts.append(f"\n={NONCE} {name} {status}\n{'' if status != 'ok' else text}")
    return "".join(parts).encode("utf-8", errors="surrogateescape")
