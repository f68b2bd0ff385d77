#!/bin/sh
# Runs once in the virtual machine, as a unit after multi-user.target: the daemon that the host's name asks
# for, the scene, the recorder; what was recorded goes as a tar to the second disk. Then the machine is off.
set -u

host=$(sed -n 's/.*confined\.host=\([^ ]*\).*/\1/p' /proc/cmdline)
recorder=/opt/confined/recorder/hosts/record/record-host.js
out=/opt/confined/out
socket=/var/run/docker.sock

configure() { mkdir -p /etc/docker; echo "$1" > /etc/docker/daemon.json; }

start_docker() {
  systemctl start docker.service
  until docker version > /dev/null 2>&1; do sleep 1; done
}

scene() { /opt/confined/scene.sh "$@"; }
record() { node $recorder --out=$out --socket="$socket" --processes="${outsiders:-}"; }

v2_systemd_apparmor() {
  start_docker
  outsiders=$(scene web web_chrooted db db_metrics locked locked_exec_privileged privileged debug agent \
    suspended oom oom_child never_started flaky odd_labels nested intruder stranger)
}

v1_cgroupfs_apparmor() {
  start_docker
  outsiders=$(scene web db locked locked_exec_privileged privileged agent suspended oom oom_child odd_labels)
}

v2_cgroupfs() {
  useradd --system dockremap
  echo 'dockremap:231072:65536' | tee -a /etc/subuid >> /etc/subgid
  configure '{"exec-opts": ["native.cgroupdriver=cgroupfs"], "cgroup-parent": "/tenants/shop", "userns-remap": "default"}'
  start_docker
  outsiders=$(scene web db locked locked_exec_privileged host_user suspended oom nested intruder)
}

v2_rootless() {
  modprobe --all tun overlay fuse
  export DOCKER_HOST=unix:///run/user/1000/docker.sock
  socket=/run/user/1000/docker.sock
  useradd --create-home --uid 1000 --shell /bin/bash alice
  mkdir -p /etc/systemd/system/user@.service.d
  printf '[Service]\nDelegate=cpu cpuset io memory pids\n' > /etc/systemd/system/user@.service.d/delegate.conf
  systemctl daemon-reload
  loginctl enable-linger alice
  until [ -S /run/user/1000/bus ]; do sleep 1; done
  as_alice systemd-run --user --unit docker --property Delegate=yes \
    --setenv PATH=/usr/share/docker.io/contrib:/usr/bin:/usr/sbin:/bin:/sbin \
    /usr/share/docker.io/contrib/dockerd-rootless.sh --exec-opt native.cgroupdriver=systemd --iptables=false --ip6tables=false
  tries=0
  until docker version > /dev/null 2>&1 || [ $tries -gt 60 ]; do tries=$((tries + 1)); sleep 1; done
  as_alice journalctl --user --unit docker --no-pager | tail -20
  outsiders=$(scene web db locked privileged agent suspended oom)
}

as_alice() {
  runuser -u alice -- env XDG_RUNTIME_DIR=/run/user/1000 \
    DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus "$@"
}

v2_selinux() {
  configure '{"selinux-enabled": true}'
  start_docker
  outsiders=$(scene web db locked privileged selinux_disabled selinux_typed agent flaky)
}

v2_podman() {
  socket=/run/podman/podman.sock
  export DOCKER_HOST=unix://$socket NETWORK=none
  systemctl start podman.socket
  outsiders=$(scene web db locked privileged suspended oom)
}

echo "starting the scene of $host"
"$(echo "$host" | tr - _)"
docker ps --all
sleep 2
record
tar -C $out -cf /dev/vdb . && sync
echo "recorded $host"
systemctl poweroff --force --force
