#!/bin/sh
# Starts the containers of a recorded host: scene.sh CONTAINER... ; waits until all are as they should be.
# Needs docker, busybox (static) and nsenter; DOCKER_HOST and NETWORK are taken from the environment.
# Prints the pids of the processes outside of every container that belong to the scene.
set -eu

image=shop/busybox:1.35
network=${NETWORK:-bridge}

import_image() {
  tree=$(mktemp -d)
  mkdir -p "$tree/bin" "$tree/tmp" "$tree/etc" "$tree/data"
  cp "$(command -v busybox)" "$tree/bin/busybox"
  for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$tree/bin/$applet"; done
  echo 'root:x:0:0:root:/:/bin/sh' > "$tree/etc/passwd"
  chmod 755 "$tree"
  tar -C "$tree" -c . | docker import --change 'CMD ["sh"]' - "$image" > /dev/null
  rm -rf "$tree"
}

# start NAME OPTION... IMAGE COMMAND...: detached; failing to start is a case of its own.
start() {
  name=$1
  shift
  docker run --detach --name "$name" "$@" > /dev/null || echo "$name did not start" >&2
}

on_network() { echo "--network=$network"; }
pid_of() { docker inspect --format '{{.State.Pid}}' "$1"; }

web() {
  start web "$(on_network)" \
    --label com.docker.compose.project=shop --label com.docker.compose.service=web \
    --health-cmd 'test -d /tmp' --health-interval 60s --health-retries 1 --restart unless-stopped \
    "$image" sh -c 'mkdir -p /www; httpd -p 8080 -h /www; sleep 1000000 & exec sleep 1000001'
}

web_chrooted() { docker exec --detach web chroot /bin /busybox sleep 1000002; }

db() {
  start db "$(on_network)" \
    --memory 64m --memory-swap 96m --memory-reservation 48m --cpus 0.5 --cpu-shares 512 --pids-limit 64 \
    --ulimit nofile=1024:2048 --volume /data --device-write-bps /dev/vda:64mb \
    --label com.docker.compose.project=shop --label com.docker.compose.service=db \
    "$image" sh -c '
      dd if=/dev/urandom of=/data/a bs=64k count=48 conv=fsync 2>&1
      dd if=/dev/zero of=/data/b bs=64k count=32 oflag=direct 2>&1
      dd if=/data/b of=/dev/null bs=64k iflag=direct 2>&1
      timeout 4 sh -c "while :; do :; done"
      echo ready; exec sleep 1000000'
}

db_metrics() {
  start db-metrics --network container:db --pid container:db --label com.docker.compose.project=shop \
    "$image" sleep 1000000
}

locked() {
  start locked "$(on_network)" --cap-drop ALL --user 1000:1000 --security-opt no-new-privileges \
    --read-only --tmpfs /tmp --memory 32m --cpus 1 --pids-limit 16 \
    --health-cmd true --health-interval 1h \
    "$image" sleep 1000000
}

locked_exec_privileged() { docker exec --detach --privileged locked sleep 1000002; }

privileged() { start privileged "$(on_network)" --privileged "$image" sleep 1000000; }

debug() {
  start debug "$(on_network)" --cap-add SYS_ADMIN \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
    --volume "${DOCKER_SOCKET:-/var/run/docker.sock}:/var/run/docker.sock:ro" --volume /etc:/host/etc \
    "$image" sleep 1000000
}

host_user() { start host-user "$(on_network)" --userns host --memory 32m "$image" sleep 1000000; }

selinux_disabled() { start selinux-disabled "$(on_network)" --security-opt label=disable "$image" sleep 1000000; }

selinux_typed() {
  start selinux-typed "$(on_network)" \
    --security-opt label=type:spc_t --security-opt label=level:s0:c100,c200 \
    "$image" sleep 1000000
}

agent() {
  start agent --network host --pid host --ipc host --uts host --volume /:/host:ro --cap-add SYS_PTRACE \
    "$image" sleep 1000000
}

suspended() {
  start suspended "$(on_network)" "$image" sleep 1000000
  docker pause suspended > /dev/null
}

# The first process itself wants more memory than it may have.
oom() {
  start oom "$(on_network)" --memory 16m --memory-swap 16m "$image" dd if=/dev/zero of=/dev/null bs=64M count=1
}

# A child is killed, the container lives on.
oom_child() {
  start oom-child "$(on_network)" --memory 16m --memory-swap 16m \
    "$image" sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1; echo ready; exec sleep 1000000'
}

never_started() { docker create --name never-started "$(on_network)" "$image" sleep 1000000 > /dev/null; }

flaky() {
  start flaky "$(on_network)" --restart on-failure:5 \
    "$image" sh -c 'echo >> /runs; [ $(wc -l < /runs) -gt 2 ] || exit 3; exec sleep 1000000'
}

odd_labels() {
  start odd.labels_1 "$(on_network)" --user 1000 --cap-add NET_ADMIN \
    --label 'com.docker.compose.project=quo"te\back
new line' \
    --label 'com.docker.compose.service=Grüße 日本 🐳' --label 'Clé"bizarre"/x.y=1' --label 'empty=' \
    --health-cmd false --health-interval 60s --health-retries 1 \
    "$image" sleep 1000000
}

# What a container that manages its own cgroups looks like: its processes sit in a child cgroup.
nested() {
  start nested "$(on_network)" "$image" sh -c 'sleep 1000000 & exec sleep 1000001'
  sleep 1
  pid=$(pid_of nested)
  path=$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
  root=/sys/fs/cgroup
  [ -d $root/unified ] && root=$root/unified
  mkdir "$root$path/init"
  pids=$(cat "$root$path/cgroup.procs")
  for one in $pids; do echo "$one" > "$root$path/init/cgroup.procs"; done
}

# A process of the host inside the network of a container, and one in namespaces that belong to nobody.
intruder() {
  setsid nsenter --target "$(pid_of db)" --net sleep 1000003 > /dev/null 2>&1 < /dev/null &
  outsiders="$outsiders,$!"
}

stranger() {
  setsid unshare --net --uts sleep 1000004 > /dev/null 2>&1 < /dev/null &
  outsiders="$outsiders,$!"
}

wait_for() {
  tries=0
  until eval "$1"; do
    tries=$((tries + 1))
    if [ $tries -gt 360 ]; then echo "gave up waiting for: $1" >&2; return 0; fi
    sleep 0.5
  done
}

exists() { docker inspect "$1" > /dev/null 2>&1; }
state_is() { [ "$(docker inspect --format "{{$2}}" "$1")" = "$3" ]; }

settle() {
  ! exists db || wait_for 'docker logs db 2>&1 | grep -q ready'
  ! exists oom-child || wait_for 'docker logs oom-child 2>&1 | grep -q ready'
  ! exists oom || wait_for 'state_is oom .State.Status exited'
  ! exists flaky || wait_for 'state_is flaky .RestartCount 2 && state_is flaky .State.Status running'
  ! exists web || wait_for 'state_is web .State.Health.Status healthy'
  ! exists odd.labels_1 || wait_for 'state_is odd.labels_1 .State.Health.Status unhealthy'
}

outsiders=
import_image
for part; do $part; done
settle >&2
echo "$outsiders"
