import t from 'tap'
import type { SecretPlace } from '../../../src/advice/on-secrets.ts'
import type { SecretReading } from '../../../src/kubelet/secret.ts'
import { findFaultsOfSecret } from '../../../src/policy/findings/secret.ts'
import { Budget } from '../../../src/runtime/budget.ts'
import { asTold, HOST, podFacts, pullSecret } from '../pod-case.ts'

const IN_CLUSTER = { isFile: false, namespace: 'team-a' }

function faultsOf(reading: SecretReading, budget = new Budget(), place: SecretPlace = IN_CLUSTER) {
  const { rulebook, namespaceState, now } = podFacts()
  const facts = {
    about: 'secret',
    place,
    reading,
    ignored: [],
    namespaceState,
    rulebook,
    now,
    budget,
  } as const
  return asTold(findFaultsOfSecret(facts))
}

const about = (secret: string) => ({ effect: 'mayBlock', secret, origin: 'object', affectsPrivate: false })

t.test('a good pull secret', async t =>
  t.strictSame(faultsOf(pullSecret('acme', HOST, 'https://index.docker.io/v1/')), []),
)

t.test('one of which only the metadata was received', async t => {
  t.strictSame(faultsOf({ kind: 'unread', name: 'acme' }), [])
})

t.test('keys that match no image, with what was meant where that is known', async t => {
  t.strictSame(faultsOf(pullSecret('hub', 'https://index.docker.io/v1', HOST, 'http://')), [
    {
      ...about('hub'),
      code: 'EntryCoversNothing',
      suggestion: { of: 'key', text: 'https://index.docker.io/v1/' },
      message:
        'the registry in Secret "hub" is written "https://index.docker.io/v1", which never matches an image; write "https://index.docker.io/v1/"',
    },
    {
      ...about('hub'),
      code: 'EntryCoversNothing',
      message:
        'the registry in Secret "hub" is written "http://", which never matches an image; write host, port and path as its images have them',
    },
  ])
})

t.test('the two keys that Docker itself keeps tokens under, whatever is in them', async t => {
  const stash = ['access-token', 'refresh-token'].map(key => ({
    key: `https://index.docker.io/v1/${key}`,
    usable: false,
  }))
  t.strictSame(faultsOf({ ...pullSecret('hub'), entries: [...pullSecret('', HOST).entries, ...stash] }), [])
})

t.test('each entry that gives nothing beside one that does, and what it lacks', async t => {
  const entries = [
    ...pullSecret('', HOST).entries,
    { key: 'a.example.com', usable: false },
    { key: 'b.example.com', usable: false, onlyUser: true },
    { key: 'c.example.com', usable: false, onlyUser: true, token: true },
    { key: 'https://index.docker.io/v1', usable: false },
  ] as const
  const advice = 'write user name and password into it, or leave it out'
  const store = 'and the kubelet does not ask the credential store "desktop"'
  t.strictSame(
    faultsOf({ ...pullSecret('some'), entries, store: 'desktop' }).map(({ code, message }) => `${code}: ${message}`),
    [
      `EntryWithoutCredentials: the entry "a.example.com" in Secret "some" has no user name, ${store}; ${advice}`,
      `EntryWithoutCredentials: the entry "b.example.com" in Secret "some" has no password; ${advice}`,
      `EntryWithoutCredentials: the entry "c.example.com" in Secret "some" has no password, only an identity token, which the kubelet does not use; ${advice}`,
      'EntryCoversNothing: the registry in Secret "some" is written "https://index.docker.io/v1", which never matches an image; write "https://index.docker.io/v1/"',
      `EntryWithoutCredentials: the entry "https://index.docker.io/v1" in Secret "some" has no user name, ${store}; ${advice}`,
    ],
  )
})

t.test('a password that hardly ends as it was meant to', async t => {
  const entries = [
    { key: HOST, usable: true, trailing: 'lineBreak' },
    { key: 'ghcr.io', usable: true, trailing: 'blank' },
  ] as const
  const advice =
    'write it without, or if it is right: kubectl annotate secret nl --namespace team-a regcred.dev/ignore=CredentialsDoubtful'
  t.strictSame(faultsOf({ ...pullSecret('nl'), entries }), [
    {
      ...about('nl'),
      code: 'CredentialsDoubtful',
      message: `the password for "${HOST}" in Secret "nl" ends in a line break (echo without -n?); ${advice}`,
    },
    {
      ...about('nl'),
      code: 'CredentialsDoubtful',
      message: `the password for "ghcr.io" in Secret "nl" ends in a blank; ${advice}`,
    },
  ])
})

const useless: readonly { readonly name: string; readonly reading: SecretReading; readonly wanted: object }[] = [
  {
    name: 'one that only names a credential store',
    reading: { ...pullSecret('mac'), store: 'desktop' },
    wanted: {
      code: 'SecretWithoutCredentials',
      message:
        'Secret "mac" holds no usable credentials, only the name of the credential store "desktop"; recreate it: kubectl create secret docker-registry mac --namespace team-a --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD --dry-run=client -o yaml | kubectl replace --force -f -',
    },
  },
  {
    name: 'one without a user name, whose keys are then of no concern',
    reading: { ...pullSecret('mac'), entries: [{ key: 'http://', usable: false }] },
    wanted: { code: 'SecretWithoutCredentials' },
  },
  {
    name: 'one with an identity token alone, as az acr login writes it',
    reading: { ...pullSecret('mac'), entries: [{ key: HOST, usable: false, onlyUser: true, token: true }] },
    wanted: {
      code: 'SecretWithoutCredentials',
      message:
        'Secret "mac" holds no usable credentials, only an identity token, which the kubelet does not use; recreate it: kubectl create secret docker-registry mac --namespace team-a --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD --dry-run=client -o yaml | kubectl replace --force -f -',
    },
  },
  {
    name: 'one that does not parse',
    reading: { kind: 'malformed', name: 'mac', reason: 'auth is not user:password' },
    wanted: {
      code: 'SecretMalformed',
      message:
        'Secret "mac" is broken (auth is not user:password), so Kubernetes pulls nothing for a Pod that names it; recreate it: kubectl create secret docker-registry mac --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
    },
  },
  {
    name: 'one that holds nothing under its key',
    reading: { kind: 'wrongType', name: 'mac', type: 'kubernetes.io/dockercfg' },
    wanted: {
      code: 'SecretWrongType',
      message:
        'Secret "mac" has nothing under ".dockercfg", so Kubernetes does not use it; recreate it: kubectl create secret docker-registry mac --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
    },
  },
]

for (const { name, reading, wanted } of useless) {
  t.test(name, async t => t.match(faultsOf(reading), [{ ...about('mac'), ...wanted }]))
}

t.test('of more keys than the budget suffices for nothing is said', async t => {
  const keys = Array.from({ length: 1000 }, (_, i) => `[a-z${i}`)
  const found = faultsOf(pullSecret('hub', ...keys))
  t.ok(found.length >= 250 && found.length < 1000, `${found.length} of 1000`)
  t.strictSame(faultsOf(pullSecret('hub', ...keys), new Budget(undefined, 100)), [])
})
