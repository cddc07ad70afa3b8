import { parseManifests } from '../../src/manifests/read.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { CANARY } from './inputs.ts'

/** A namespace that holds two pull secrets, with the password that nothing may tell. */
export async function manifestView(): Promise<ManifestView> {
  const auth = btoa(`u:${CANARY}`)
  const secret = (name: string, host: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'team-a' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [host]: { auth } } }) },
  })
  const around = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team-a' } },
  ]
  const items = [...around, secret('acme', 'registry.example.com'), secret('hub', 'https://index.docker.io/v1/')]
  const parsed = await parseManifests('cluster', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  if (!parsed.ok) throw new Error(parsed.faults.join())
  return new ManifestView(parsed.manifests)
}
