import t from 'tap'
import { conclusionsOf } from './said.ts'

const V2 = '[plugins."io.containerd.grpc.v1.cri".registry'
const credentials = (table: string, host: string) =>
  `${table}.configs."${host}".auth]\nusername = "u"\npassword = "p"\n`

t.test('a registry for which containerd has credentials is an entry, in each version of its configuration', async t => {
  for (const table of [V2, '[plugins.cri.registry', "[plugins.'io.containerd.cri.v1.images'.registry"]) {
    const folder = t.testdir({ 'config.toml': credentials(table, 'registry.example.com:5000') })
    t.strictSame(await conclusionsOf(folder), {
      entries: ['registry.example.com:5000 <- config.toml: the node has credentials for it'],
      remarks: [],
      faults: [],
    })
  }
})

t.test(
  'for Docker Hub containerd asks one host, and credentials for another name of it are told as unused',
  async t => {
    const config = ['registry-1.docker.io', 'docker.io'].map(host => credentials(V2, host)).join('')
    t.strictSame(await conclusionsOf(t.testdir({ 'config.toml': config })), {
      entries: ['docker.io <- config.toml: the node has credentials for it'],
      remarks: [
        'config.toml: containerd sends credentials to registry-1.docker.io for Docker Hub; those for docker.io are not used',
      ],
      faults: [],
    })
  },
)

t.test('a registry with a mirror to which the node logs in is one, whichever file says which', async t => {
  const folder = t.testdir({
    'config.toml': credentials(V2, 'mirror.example.com'),
    'certs.d': {
      'ghcr.io': { 'hosts.toml': 'server = "https://ghcr.io"\n[host."https://me:p@mirror.example.com/v2/ghcr"]\n' },
      'registry.example.com_5000_': { 'hosts.toml': '[host."http://MIRROR.example.com"]\ncapabilities = ["pull"]\n' },
      'quay.io': { 'hosts.toml': '[host."https://mirror.example.com"]\ncapabilities = ["resolve"]\n' },
    },
  })
  const why =
    'pulled from mirror.example.com, for which config.toml has credentials; a pull secret would be sent in their place'
  t.strictSame(await conclusionsOf(folder), {
    entries: [
      `ghcr.io <- certs.d/ghcr.io/hosts.toml: ${why}`,
      `registry.example.com:5000 <- certs.d/registry.example.com_5000_/hosts.toml: ${why}`,
      'mirror.example.com <- config.toml: the node has credentials for it',
    ],
    remarks: [],
    faults: [],
  })
})

t.test('the older lists of mirrors and credentials in config.toml say the same', async t => {
  const config =
    `${V2}.mirrors."docker.io"]\nendpoint = ["https://mirror.example.com", "https://registry-1.docker.io"]\n` +
    `${V2}.auths."https://mirror.example.com"]\nauth = "cA=="\n${V2}.auths."https://none.example.com"]\n`
  t.match(await conclusionsOf(t.testdir({ 'config.toml': config })), {
    entries: [
      /^docker.io <- config.toml: pulled from mirror.example.com/,
      /^mirror.example.com <- config.toml: the node has/,
    ],
    remarks: [],
  })
})

t.test('a mirror of every registry is no pattern, and that is told', async t => {
  const folder = t.testdir({
    'config.toml': `imports = ["a.toml"]\n${V2}.mirrors."*"]\nendpoint = ["https://mirror.example.com"]\n${credentials(V2, 'mirror.example.com')}`,
    _default: { 'hosts.toml': '[host."https://mirror.example.com"]\n' },
  })
  const { entries, remarks } = await conclusionsOf(folder)
  t.strictSame(entries, ['mirror.example.com <- config.toml: the node has credentials for it'])
  t.match(remarks, [
    /^_default\/hosts.toml: every other registry is pulled from mirror.example.com, for which config.toml has credentials/,
    /^config.toml: every other registry is pulled from mirror.example.com, for which config.toml has credentials/,
    /^config.toml: it imports other files, which are not looked at/,
  ])
})

t.test(
  'a mirror that is sent a header needs no entry, and one without credentials may have some elsewhere',
  async t => {
    const folder = t.testdir({
      'ghcr.io': {
        'hosts.toml':
          'server = "https://ghcr.io"\n[header]\nAuthorization = ["Basic cA=="]\n' +
          '[host."https://a.example.com".header]\nauthorization = "Basic cA=="\n[host."https://b.example.com".header]\nx-a = "b"\n',
      },
      _default: { 'hosts.toml': '[header]\nauthorization = "Basic cA=="\n' },
      'docker.io': { 'hosts.toml': '[host."https://registry-1.docker.io"]\n' },
      'quay.io': { 'hosts.toml': '[header]\nauthorization = "Basic cA=="\n' },
    })
    const { entries, remarks } = await conclusionsOf(folder)
    t.strictSame(entries, [])
    const header = 'is sent a header, so no pull secret breaks it, and no entry is needed; list'
    t.strictSame(remarks, [
      `_default/hosts.toml: (a name that is not shown) ${header} a registry under registries.node if its images need no pull secret`,
      `ghcr.io/hosts.toml: a.example.com ${header} ghcr.io under registries.node if its images need no pull secret`,
      "ghcr.io/hosts.toml: no credentials for b.example.com are in these files; if the node has some (in containerd's config.toml), give that file too",
      `ghcr.io/hosts.toml: ghcr.io ${header} ghcr.io under registries.node if its images need no pull secret`,
      `quay.io/hosts.toml: quay.io ${header} quay.io under registries.node if its images need no pull secret`,
    ])
  },
)

t.test('registries.yaml of k3s says the same, with its lines', async t => {
  const yaml = `mirrors:
  docker.io:
    endpoint: [https://mirror.example.com/v2]
  "*": {}
configs:
  mirror.example.com:
    auth: {username: u, password: p}
  tls.example.com: {tls: {}}
`
  t.strictSame(await conclusionsOf(t.testdir({ 'registries.yaml': yaml })), {
    entries: [
      'docker.io <- registries.yaml:3: pulled from mirror.example.com, for which registries.yaml:7 has credentials; a pull secret would be sent in their place',
      'mirror.example.com <- registries.yaml:7: the node has credentials for it',
    ],
    remarks: [],
    faults: [],
  })
})
