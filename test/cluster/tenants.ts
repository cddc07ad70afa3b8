import { ApiServerReads } from '../../src/cluster/live-reads.ts'
import { secretForms } from '../../src/cluster/resources.ts'
import { Store } from '../../src/cluster/store.ts'
import { assessPod, type PodAssessment } from '../../src/engine/assess-subject.ts'
import type { Context } from '../../src/engine/context.ts'
import { ApiError } from '../../src/kube/api-error.ts'
import type { JsonSource } from '../../src/kube/pager.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { readPod } from '../../src/review/pod.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

const NOT_FOUND = { status: 404, reason: 'NotFound' }
const CONTROLLED = { ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: 'web', uid: '1' }] }

export interface TenantPod {
  readonly references?: readonly string[]
  readonly images?: readonly string[]
  readonly serviceAccountName?: string
  readonly isControlled?: boolean
  readonly stage?: 'mutating' | 'stored' | 'written'
}

/**
 * A cluster whose API server needs some milliseconds for a request, and in which no Secret is. What is asked of it is
 * counted by namespace; no time passes but that of the fake clock.
 */
export class Tenants {
  readonly clock = new FakeClock()
  readonly requests: string[] = []
  readonly live: ApiServerReads
  readonly #context: Context

  /**
   * @param bytes that a list of all pull secrets of a namespace has
   * @param unknown what becomes of whom too little is known
   */
  constructor(milliseconds = 5, bytes: (namespace: string) => number = () => 0, unknown: 'allow' | 'refuse' = 'allow') {
    const source: JsonSource = {
      getJson: async (path, _query, { signal, accept, onBytes }) => {
        const [, namespace = ''] = /namespaces\/([^/]+)/.exec(path) ?? []
        this.requests.push(namespace)
        await this.clock.sleep(milliseconds, signal)
        if (signal.aborted) throw signal.reason
        if (!/\/(secrets|serviceaccounts|namespaces)$/.test(path)) throw new ApiError('refused', NOT_FOUND)
        onBytes?.(bytes(namespace))
        const kind = accept === undefined ? 'List' : 'Table'
        return { kind, metadata: { resourceVersion: '7' }, items: [] }
      },
    }
    this.live = new ApiServerReads({
      source,
      secretForm: secretForms.contents,
      clock: this.clock,
      observer: { ended: () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    })
    const view = new Store(this.live.listeners)
    for (const store of [view.secrets.dockerConfigJson, view.secrets.dockerCfg]) store.replace().commit()
    const namespaces = view.namespaces.replace()
    const accounts = view.serviceAccounts.replace()
    for (let i = 0; i < 100; i += 1) {
      namespaces.add('', `tenant-${i}`, { name: `tenant-${i}`, mode: 'enforce' })
      accounts.add(`tenant-${i}`, 'default', {
        name: 'default',
        references: [],
        enforcesMountable: false,
        annotations: [],
      })
    }
    namespaces.commit()
    accounts.commit()
    const registries = { ...defaultSettings.registries, default: 'private' as const }
    this.#context = {
      view,
      live: this.live,
      rulebook: prepareRulebook({
        ...defaultSettings,
        registries,
        enforce: { ...defaultSettings.enforce, unknown },
      }),
      now: () => 0,
    }
  }

  /** Assesses a Pod of a tenant. */
  async assess(namespace: string, pod: TenantPod): Promise<PodAssessment> {
    const { references = [], images = ['registry.example.com/a'], serviceAccountName = 'default' } = pod
    const spec = {
      serviceAccountName,
      containers: images.map((image, i) => ({ name: `c${i}`, image })),
      imagePullSecrets: references.map(name => ({ name })),
    }
    const metadata = { name: 'web', ...(pod.isControlled && CONTROLLED) }
    const home = { isFile: false, list: 'spec.imagePullSecrets' }
    const subject = { ...readPod(metadata, spec, 'pod', pod.stage ?? 'stored', 'create'), home }
    return await assessPod(subject, namespace, this.#context, () => 5000, undefined, pod.isControlled)
  }

  /** Lets so much time pass, a millisecond at a time. */
  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 1) {
      await new Promise(setImmediate)
      this.clock.advance(1)
    }
    await new Promise(setImmediate)
  }
}
