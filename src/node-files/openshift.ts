import { getItems, getString } from '../kube/untyped.ts'
import { type LineOf, type Mirrors, textsAt } from './statement.ts'

/** Where each kind keeps its rules, and the images that they are about. */
const KINDS: Readonly<Record<string, { readonly list: string; readonly images: 'digests' | 'tags' }>> = {
  ImageDigestMirrorSet: { list: 'imageDigestMirrors', images: 'digests' },
  ImageTagMirrorSet: { list: 'imageTagMirrors', images: 'tags' },
  ImageContentSourcePolicy: { list: 'repositoryDigestMirrors', images: 'digests' },
}

/** What a mirror set of OpenShift says; undefined for another kind. */
export function readMirrorSet(file: string, value: unknown, lineOf: LineOf): readonly Mirrors[] | undefined {
  const kind = KINDS[getString(value, 'kind') ?? '']
  if (kind === undefined || !/\.openshift\.io\//.test(getString(value, 'apiVersion') ?? '')) return undefined
  return getItems(value, 'spec', kind.list).flatMap((rule, index): Mirrors[] => {
    const registry = getString(rule, 'source')
    const mirrors = textsAt(rule, 'mirrors').map(mirror => ({ registry: mirror.toLowerCase(), header: false }))
    if (registry === undefined || mirrors.length === 0) return []
    const line = lineOf(['spec', kind.list, index])
    return [{ says: 'mirrors', by: 'CRI-O', file, line, registry, mirrors, images: kind.images }]
  })
}
