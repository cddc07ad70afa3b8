#!/bin/sh
# The first process of a node's namespaces: makes a network of their own that leads nowhere, keeps what nodes write at fixed
# places from the machine, and runs the given command. It stays as its parent, because a first process has to reap orphans.
# Everything here ends with the namespaces.
set -eu
address=$1 name=$2
shift 2

# The cgroups of all that runs here are below one that is removed with the folder of this name, and it looks like the root.
# cgroup v2 allows no processes where there are controllers for what is below.
enter_cgroup() {
  mkdir "$1/$name"
  for file in cpuset.cpus cpuset.mems; do [ ! -e "$1/$file" ] || cat "$1/$file" >"$1/$name/$file"; done
  echo $$ >"$1/$name/cgroup.procs"
  mount --bind "$1/$name" "$1"
}
cgroups=/sys/fs/cgroup
if [ -e $cgroups/cgroup.controllers ]; then
  enter_cgroup $cgroups
  mkdir $cgroups/here
  echo $$ >$cgroups/here/cgroup.procs
  sed 's/[^ ]*/+&/g' $cgroups/cgroup.controllers >$cgroups/cgroup.subtree_control
else
  for hierarchy in $cgroups/*; do [ -L "$hierarchy" ] || enter_cgroup "$hierarchy"; done
fi

for folder in /run /var/lib /var/log; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
# No name is asked for in vain.
: >/run/resolv.conf
[ ! -f /etc/resolv.conf ] || mount --bind /run/resolv.conf /etc/resolv.conf
ip link set lo up
# The kubelet refuses a loopback address, and a Service's address has to lead somewhere until kube-proxy changes it.
ip link add node type veth peer name nowhere
ip address add "$address/24" dev node
ip link set node up
ip link set nowhere up
ip route add default dev node
echo 1 >/proc/sys/net/ipv4/ip_forward
set +e
unshare --cgroup -- "$@"
exit $?
