import { CredentialIndex } from '../../src/kubelet/credential-index.ts'
import { readSecret } from '../../src/kubelet/secret.ts'
import { assess } from '../../src/policy/assess.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { NamespaceLookup } from '../../src/policy/facts.ts'
import type { Finding } from '../../src/policy/finding.ts'
import type { ImageUse } from '../../src/policy/image-use.ts'
import { ABSENT } from '../../src/policy/known.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'

const NOW = Date.UTC(2026, 5)

/** Judges a Pod with something of everything wrong, and its Namespace: from a Secret as the API has it to the messages. */
export function judge(): readonly Finding[] {
  const token = `e30.${btoa(JSON.stringify({ exp: NOW / 1000 - 60 })).replaceAll('=', '')}.c2ln`
  const auths = {
    'https://registry.example.com/v1/': { auth: btoa(`jürgen:${token}`) },
    'régistry.example.com': { username: 'jürgen', password: 'pässwörd' },
    'https://user:secret@other.example.com/acme': { username: 'u', password: 'p' },
  }
  const data = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify({ auths }))))
  const type = 'kubernetes.io/dockerconfigjson'
  const secret = readSecret({ metadata: { name: 'acme' }, type, data: { '.dockerconfigjson': data } })
  const index = new CredentialIndex()
  if (secret.kind === 'pullSecret') index.add(secret)

  const registries = { ...defaultSettings.registries, private: ['*.example.com'] }
  const rulebook = prepareRulebook({ ...defaultSettings, mode: 'enforce', registries })
  const images = ['registry.example.com/acme/web:1', 'other.example.com/b', 'nginx', 'Nginx'].map(
    (image, at): ImageUse => ({ container: `c${at}`, image, pulled: true, ...rulebook.readImage(image) }),
  )
  const namespace = { name: 'team-a', mode: 'enforec' }
  const facts = {
    traits: { about: 'pod', form: 'stored', change: 'create', mirror: false, optedOut: false },
    home: { isFile: false, list: 'spec.imagePullSecrets' },
    namespace: 'team-a',
    images,
    references: ['acme', 'missing'].map(name => ({ secret: name, origin: 'object' }) as const),
    otherImages: [],
    matchesUnknown: false,
    namespaceState: { state: 'value', value: namespace },
    serviceAccount: {
      state: 'value',
      value: { name: 'default', references: [], enforcesMountable: false, annotations: [] },
    },
    rulebook,
    missingSecrets: 'proven',
    now: NOW,
  } as const
  const lookup: NamespaceLookup = {
    secret: name => (name === 'acme' ? { state: 'value', value: secret } : ABSENT),
    matches: ({ name }) => (name === undefined ? [] : index.find(name)),
    nearName: () => undefined,
    writtenNames: () => [],
    isSettled: () => true,
  }
  const { findings } = assess(facts, lookup, new Budget())
  return [...findings, ...evaluate({ about: 'namespace', namespace, notStrings: [], isFile: false, rulebook })]
}
