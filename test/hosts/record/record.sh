#!/bin/sh
# Records one of the hosts of test/hosts anew: record.sh HOST. README.md in test/hosts says what it needs.
set -eu

host=$1
here=$(dirname "$(realpath "$0")")
project=$(realpath "$here/../../..")
work=${CONFINED_VM:-/tmp/confined-vm}
out="$work/out-$host"

packages=systemd,systemd-sysv,udev,dbus,dbus-user-session,libpam-systemd,kmod,iproute2,iptables,procps
packages=$packages,linux-image-cloud-amd64,apparmor,apparmor-utils,libcap2-bin,busybox-static,docker.io
packages=$packages,rootlesskit,uidmap,slirp4netns,fuse-overlayfs,fuse3,podman,ca-certificates
packages=$packages,selinux-basics,selinux-policy-default,auditd

kernel_options() {
  case $1 in
    v2-systemd-apparmor | v2-rootless | v2-podman) echo ;;
    v1-cgroupfs-apparmor)
      echo systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1 ;;
    v2-cgroupfs) echo apparmor=0 lsm=landlock,lockdown,yama,bpf ;;
    v2-selinux) echo security=selinux selinux=1 enforcing=0 ;;
    *) echo "unknown host: $1" >&2; exit 2 ;;
  esac
}

compile_recorder() {
  (cd "$project" && npx tsc -p test/hosts/record/tsconfig.json --outDir "$work/recorder")
  echo '{"type": "module"}' > "$work/recorder/package.json"
}

make_root() {
  [ -d "$work/rootfs" ] || mmdebstrap --variant=minbase --include="$packages" bookworm "$work/rootfs"
  mkdir -p "$work/rootfs/opt/confined"
  cp -r "$work/recorder" "$here/scene.sh" "$here/guest.sh" "$work/rootfs/opt/confined/"
  cp "$(readlink -f "$(command -v node)")" "$work/rootfs/usr/local/bin/node"
  cp "$here/guest.service" "$work/rootfs/etc/systemd/system/confined-record.service"
  ln -sf ../confined-record.service "$work/rootfs/etc/systemd/system/multi-user.target.wants/"
  ln -sf /dev/null "$work/rootfs/etc/systemd/system/serial-getty@ttyS0.service"
  # Started by guest.sh, once it is configured.
  for unit in docker.service docker.socket podman.socket podman.service podman-auto-update.timer; do
    rm -f "$work/rootfs/etc/systemd/system/"*".wants/$unit"
  done
}

# File labels, and the types that Docker asks for. The mount of proc is gone with its namespace.
label_root() {
  cp "$here/container.cil" "$work/rootfs/root/"
  unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec chroot "$1" sh -c "
    semodule -n -N -s default -i /root/container.cil
    setfiles -F /etc/selinux/default/contexts/files/file_contexts /"' label "$work/rootfs"
}

make_disks() {
  rm -f "$work/disk" "$work/result"
  truncate --size 3G "$work/disk"
  mkfs.ext4 -q -d "$work/rootfs" "$work/disk"
  truncate --size 64M "$work/result"
}

run_machine() {
  qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 2048 \
    -kernel "$work/rootfs/boot/"vmlinuz-* -initrd "$work/rootfs/boot/"initrd.img-* \
    -append "root=/dev/vda rw console=ttyS0 quiet no_timer_check panic=1 systemd.show_status=0 confined.host=$host $(kernel_options "$host")" \
    -drive "file=$work/disk,format=raw,if=virtio,cache=unsafe" \
    -drive "file=$work/result,format=raw,if=virtio,cache=unsafe" \
    -nographic -no-reboot -nic none < /dev/null | tee "$work/console-$host.log"
}

keep() {
  mkdir -p "$project/test/hosts/$host"
  cp -r "$out/." "$project/test/hosts/$host/"
}

compile_recorder
rm -rf "$out"
mkdir -p "$out"
if [ "$host" = hybrid-cgroupfs ]; then
  "$here/here.sh" "$out" /var/tmp/docker "$work/recorder/hosts/record/record-host.js"
else
  kernel_options "$host" > /dev/null
  make_root
  [ "$host" != v2-selinux ] || label_root
  make_disks
  run_machine
  tar -C "$out" -xf "$work/result"
fi
[ -s "$out/host.ttar" ] || { echo "$host was not recorded, see $work/console-$host.log" >&2; exit 1; }
keep
