#!/bin/sh
# Records the machine that it runs on, with a Docker daemon of its own: here.sh OUT WORK RECORDER
# No bridge and no iptables, so it works where neither may be changed. DROP_MOUNTS is a pattern of the lines of
# mountinfo that belong to other programs on this machine.
set -eu

out=$1 work=$2 recorder=$3
scripts=$(dirname "$(realpath "$0")")
export DOCKER_SOCKET="$work/docker.sock" DOCKER_HOST="unix://$work/docker.sock" NETWORK=none

mkdir -p "$work" "$out"
setsid dockerd --host "$DOCKER_HOST" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/pid" \
  --bridge=none --iptables=false --ip6tables=false > "$work/log" 2>&1 < /dev/null &

clean_up() {
  docker ps --all --quiet | xargs -r docker rm --force --volumes > /dev/null
  for pid in $(echo "${outsiders:-}" | tr ',' ' '); do kill "$pid"; done
  kill "$(cat "$work/pid")"
  while [ -e "$work/pid" ]; do sleep 0.2; done
  umount "$work/exec/netns/default" "$work/data" 2> /dev/null || true # as far as the daemon left them
  rm -rf "$work"
}
trap clean_up EXIT

tries=0
until docker version > /dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { tail "$work/log" >&2; exit 1; }
  sleep 0.2
done

outsiders=$("$scripts/scene.sh" web web_chrooted db db_metrics locked privileged debug agent suspended oom oom_child \
  never_started flaky odd_labels nested intruder stranger)
node "$recorder" --out="$out" --socket="$DOCKER_SOCKET" --processes="$outsiders" \
  --drop-mounts="${DROP_MOUNTS:-^$}" --init-name=init
