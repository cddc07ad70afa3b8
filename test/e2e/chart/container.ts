import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Component, startComponent } from '../control-plane/component.ts'
import type { Image } from './image.ts'

/** A container to run. */
export interface Container {
  readonly name: string
  /** A folder of its own, for its root and its log. */
  readonly folder: string
  readonly image: Image
  /** In place of the image's entrypoint. */
  readonly command?: readonly string[]
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Folders to mount, read-only, by their path in the container. */
  readonly mounts: Readonly<Record<string, string>>
  readonly readOnly: boolean
}

/** What stands for the base image: Node, and the libraries that it needs. */
const NODE = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url))

/**
 * Makes the container's root of a tmpfs, mounts what belongs there, and becomes its process: as the image's user, without any
 * capability or a way to get one. Only root may change to another user; anybody else is nobody special anyway.
 */
const RUN = `
root=$1 image=$2 node=$3 mounts=$4 readonly=$5 user=$6
shift 6
mount -t tmpfs -o mode=755 tmpfs "$root"
for part in "$image"/*; do
  mkdir -p "$root/\${part##*/}"
  mount --bind "$part" "$root/\${part##*/}"
done
mkdir -p "$root/usr" "$root/proc" "$root/dev" "$root/nodejs/bin" "$root/etc"
for name in bin lib lib64; do [ -L "/$name" ] && ln -s "$(readlink "/$name")" "$root/$name"; done
mount --rbind /usr "$root/usr"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
touch "$root/nodejs/bin/node"
mount --bind "$node" "$root/nodejs/bin/node"
echo "$mounts" | while read -r source target; do
  [ -n "$source" ] || continue
  mkdir -p "$root$target"
  mount --bind "$source" "$root$target"
  mount -o remount,bind,ro "$root$target"
done
if [ "$readonly" = true ]; then
  for part in "$image"/*; do mount -o remount,bind,ro "$root/\${part##*/}"; done
  mount -o remount,bind,ro "$root"
fi
ids=
if [ "$(id -u)" = 0 ] && [ "$user" != keep ]; then ids="--reuid=\${user%:*} --regid=\${user#*:} --clear-groups"; fi
exec chroot "$root" /usr/bin/setpriv $ids --no-new-privs --inh-caps=-all --bounding-set=-all /usr/bin/env -i "$@"
`

/** Starts it as a process in namespaces of its own, with the host's network. Linux only. */
export function startContainer(container: Container): Component {
  const { name, folder, image, command = image.entrypoint, args, env, mounts, readOnly } = container
  const root = join(folder, 'root')
  mkdirSync(root, { recursive: true })
  const isRoot = process.getuid?.() === 0
  const list = Object.entries(mounts).map(([target, source]) => `${source} ${target}`)
  const run = ['/bin/sh', '-euc', RUN, 'run', root, image.root, NODE, list.join('\n'), String(readOnly)]
  // Nothing of the environment of whoever tests reaches it.
  const environment = Object.entries({ ...image.env, ...env }).map(([key, value]) => `${key}=${value}`)
  const user = isRoot ? image.user : 'keep'
  return startComponent(
    'unshare',
    [...(isRoot ? [] : ['--user', '--map-root-user']), '--mount', ...run, user, ...environment, ...command, ...args],
    join(folder, 'log'),
    { name, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
  )
}
