#!/bin/sh
# What a machine forgets that is switched off, once all its programs have ended: mounts, what is in memory, control groups, and the
# network of Pods with its rules. Its disk stays.
set -eu
awk '$2 ~ "^(/run/(containerd|netns)|/var/lib/kubelet)/" { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
rm -rf /run/containerd /run/netns
# A kubelet that starts asks containerd for seconds about each of these. One is busy until the last thread in it has gone.
for cgroup in /sys/fs/cgroup/k8s.io /sys/fs/cgroup/*/k8s.io; do
  tries=0
  until [ ! -d "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "$cgroup stays busy" >&2; exit 1; }
    sleep 0.1
  done
done
ip link delete pods
for table in filter nat mangle; do
  iptables -w -t $table -F
  iptables -w -t $table -X
done
