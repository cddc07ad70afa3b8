import { randomInt } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Component } from '../control-plane/component.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { startContainer } from './container.ts'
import type { Image } from './image.ts'
import { type ContainerSpec, type Pod, statusOf, type Volume } from './pod.ts'

/**
 * A stand-in for a node: it runs the Pods of one namespace as local processes, under their own arguments, environment,
 * ServiceAccount and mounted configuration, and writes their status. It looks every half second, and knows what the chart uses;
 * it throws at a volume or a field reference of another kind. Each Pod has an address of its own, all of them loopback ones.
 */
export class Kubelet {
  readonly #controlPlane: ControlPlane
  readonly #image: Image
  readonly #namespace: string
  readonly #network = `127.${randomInt(2, 250)}.${randomInt(0, 250)}`
  readonly #pods = new Map<string, RunningPod>()
  readonly #probes = new Agent({ connect: { rejectUnauthorized: false } })
  readonly #stopping = new AbortController()
  #turning: Promise<void> = Promise.resolve()
  #fault: unknown

  constructor(controlPlane: ControlPlane, image: Image, namespace: string) {
    this.#controlPlane = controlPlane
    this.#image = image
    this.#namespace = namespace
  }

  start(): void {
    this.#turning = this.#turn().catch(error => {
      this.#fault = error
    })
  }

  /** The addresses of the Pods that are ready, as an EndpointSlice would have them. */
  endpoints(): string[] {
    return [...this.#pods.values()].filter(({ ready }) => ready).map(({ ip }) => ip)
  }

  /** What the containers of the Pods whose names begin like this have said, those that are gone included. */
  async logs(name: string): Promise<string[]> {
    const pods = [...this.#pods.values()].filter(({ pod }) => pod.metadata.name.startsWith(name))
    return Promise.all(pods.map(({ component }) => readFile(component.log, 'utf8')))
  }

  /** Waits until the processes have ended that were running when their Pods went. Resolves to their statuses. */
  async ended(): Promise<(number | NodeJS.Signals | null | undefined)[]> {
    return Promise.all([...this.#pods.values()].flatMap(({ ended }) => ended ?? []))
  }

  /** Ends every process at once. Throws what went wrong meanwhile. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#turning
    await Promise.all([...this.#pods.values()].map(({ component }) => component.stop(0)))
    await this.#probes.close()
    if (this.#fault !== undefined) throw this.#fault
  }

  async #turn(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const list = outputOf(await this.#kubectl('get', 'pods', '--output=json'))
      const pods = (JSON.parse(list) as { items: Pod[] }).items
      for (const pod of pods) {
        const known = this.#pods.get(pod.metadata.uid)
        if (known === undefined) await this.#run(pod)
        else await this.#observe(known)
      }
      const there = new Set(pods.map(({ metadata }) => metadata.uid))
      for (const known of this.#pods.values()) if (!there.has(known.pod.metadata.uid)) this.#end(known)
      await delay(500, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
    }
  }

  async #run(pod: Pod): Promise<void> {
    const [container] = pod.spec.containers
    if (container === undefined || pod.spec.containers.length > 1)
      throw new Error('a Pod with one container is expected')
    const ip = `${this.#network}.${this.#pods.size + 1}`
    const folder = join(this.#controlPlane.folder, 'pods', pod.metadata.uid)
    const env = this.#environment(container, ip)
    const expand = (text: string) => text.replaceAll(/\$\((\w+)\)/g, (whole, name) => env[name] ?? whole)
    const component = startContainer({
      name: pod.metadata.name,
      folder,
      image: this.#image,
      ...(container.command && { command: container.command.map(expand) }),
      args: (container.args ?? []).map(expand),
      env,
      mounts: await this.#mounts(pod, container, join(folder, 'volumes')),
      readOnly: container.securityContext?.readOnlyRootFilesystem ?? false,
    })
    const running: RunningPod = { pod, ip, component, ready: false }
    this.#pods.set(pod.metadata.uid, running)
    await this.#writeStatus(running, { phase: 'Running', ready: false })
  }

  #environment(container: ContainerSpec, ip: string): Record<string, string> {
    const { hostname, port } = new URL(this.#controlPlane.server)
    const env: Record<string, string> = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }
    for (const { name, value, valueFrom } of container.env ?? []) {
      const path = valueFrom?.fieldRef.fieldPath
      if (path !== undefined && path !== 'status.podIP') throw new Error(`no field reference ${path}`)
      env[name] = path === undefined ? (value ?? '') : ip
    }
    return env
  }

  /** Writes each volume into a folder that anybody may read, as the default modes have it. */
  async #mounts(pod: Pod, container: ContainerSpec, folder: string): Promise<Record<string, string>> {
    const mounts: Record<string, string> = {}
    for (const { name, mountPath } of container.volumeMounts ?? []) {
      const source = join(folder, name)
      const volume = pod.spec.volumes?.find(volume => volume.name === name)
      await writeFiles(source, await this.#read(volume, pod))
      mounts[mountPath] = source
    }
    return mounts
  }

  async #read(volume: Volume | undefined, pod: Pod): Promise<Record<string, string | Buffer>> {
    if (volume?.configMap) {
      const text = outputOf(await this.#kubectl('get', 'configmap', volume.configMap.name, '--output=json'))
      return JSON.parse(text).data
    }
    if (volume?.secret) {
      const text = outputOf(await this.#kubectl('get', 'secret', volume.secret.secretName, '--output=json'))
      const data = Object.entries(JSON.parse(text).data as Record<string, string>)
      return Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64')]))
    }
    if (volume?.projected) {
      const token = outputOf(await this.#kubectl('create', 'token', pod.spec.serviceAccountName)).trim()
      const text = outputOf(await this.#kubectl('get', 'configmap', 'kube-root-ca.crt', '--output=json'))
      return { token, namespace: pod.metadata.namespace, ...JSON.parse(text).data }
    }
    throw new Error(`no volume ${JSON.stringify(volume)}`)
  }

  async #observe(running: RunningPod): Promise<void> {
    if (running.done) return
    if (running.component.hasExited()) {
      running.done = true
      running.ready = false
      const code = await running.component.stop(0)
      const exitCode = typeof code === 'number' ? code : 137
      await this.#writeStatus(running, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', ready: false, exitCode })
      return
    }
    const ready = await this.#probe(running)
    if (ready === running.ready) return
    running.ready = ready
    await this.#writeStatus(running, { phase: 'Running', ready })
  }

  async #probe({ pod, ip }: RunningPod): Promise<boolean> {
    const [container] = pod.spec.containers
    const get = container?.readinessProbe?.httpGet
    if (get === undefined) return true
    const port = container?.ports?.find(({ name }) => name === get.port)?.containerPort
    const url = `${get.scheme.toLowerCase()}://${ip}:${port}${get.path}`
    try {
      const { statusCode, body } = await request(url, { dispatcher: this.#probes, headersTimeout: 2_000 })
      await body.dump()
      return statusCode === 200
    } catch {
      return false
    }
  }

  /** A Pod that was never bound to a node is gone at once; its process goes the way that its specification asks for. */
  #end(running: RunningPod): void {
    running.ready = false
    if (running.done || running.ended !== undefined) return
    const { spec } = running.pod
    const sleep = (spec.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000
    const grace = spec.terminationGracePeriodSeconds * 1000
    running.ended = delay(sleep, undefined, { signal: this.#stopping.signal })
      .catch(() => undefined)
      .then(() => running.component.stop(grace - sleep))
  }

  async #writeStatus({ pod, ip }: RunningPod, state: Parameters<typeof statusOf>[2]): Promise<void> {
    // It may be gone already.
    await this.#kubectl(
      ...['patch', 'pod', pod.metadata.name, '--subresource=status', '--type=merge'],
      `--patch=${JSON.stringify({ status: statusOf(pod, ip, state) })}`,
    )
  }

  #kubectl(...args: readonly string[]) {
    return this.#controlPlane.kubectl([...args, `--namespace=${this.#namespace}`])
  }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o644 })
  await chmod(dirname(folder), 0o755)
}

interface RunningPod {
  readonly pod: Pod
  readonly ip: string
  readonly component: Component
  ready: boolean
  /** Whether its container has ended by itself. */
  done?: boolean
  /** Whose Pod is gone: how its process ends. */
  ended?: Promise<number | NodeJS.Signals | null>
}
