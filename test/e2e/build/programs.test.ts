import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Machine, whyNoNode } from './programs.ts'

const PROGRAMS = [
  'htpasswd',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'docker-registry',
  'ip',
  'iptables',
  'runc',
]
/** They lie at one place alone. */
const skip = !existsSync('/usr/lib/cni/bridge') && 'the plugins of containernetworking-plugins are not here'

function machine(t: Test, programs: readonly string[], more: Partial<Machine> = {}) {
  const folder = t.testdir()
  const put = (name: string, text = '') => {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), 0o755)
  }
  for (const name of programs) put(name)
  const told: string[] = []
  return {
    folder,
    put,
    told,
    is: { platform: 'linux', user: 0, folders: [folder], tell: told.push.bind(told), ...more },
  }
}

t.test('anybody but root on Linux is told why there is no node', async t => {
  t.equal(await whyNoNode(machine(t, [], { platform: 'darwin' }).is), 'a node needs Linux')
  t.match(await whyNoNode(machine(t, [], { user: 1000 }).is), 'a node needs root')
})

t.test('where all programs are there, nothing is installed', { skip }, async t => {
  const { is, told } = machine(t, [...PROGRAMS, 'unshare', 'apt-get'])
  t.equal(await whyNoNode(is), undefined)
  t.strictSame(told, [])
})

t.test('without apt-get the missing packages are named', { skip }, async t => {
  const { is } = machine(t, ['htpasswd', 'containerd', 'ctr', 'ip', 'iptables', 'unshare'])
  t.equal(await whyNoNode(is), 'a node needs what Debian has in: containerd docker-registry runc')
})

t.test('with apt-get they are installed', { skip }, async t => {
  const { is, put, folder, told } = machine(t, [...PROGRAMS.slice(1), 'unshare'])
  put(
    'apt-get',
    `#!/bin/sh\necho "$@" >>${folder}/said\n[ "$1" = update ] || install -m 755 /dev/null ${folder}/htpasswd\n`,
  )
  t.equal(await whyNoNode(is), undefined)
  t.strictSame(told, ['installing apache2-utils'])
  const said = readFileSync(join(folder, 'said'), 'utf8')
  t.equal(said, 'update\ninstall --yes --no-install-recommends apache2-utils\n')
})

t.test('what apt-get could not do is told', { skip }, async t => {
  const { is, put, folder } = machine(t, [...PROGRAMS.slice(1), 'unshare'])
  put('apt-get', '#!/bin/sh\n')
  t.match(await whyNoNode(is), 'these lack a program: apache2-utils')
  put('apt-get', '#!/bin/sh\necho no network >&2\nexit 100\n')
  await t.rejects(whyNoNode(is), { message: /no network/ })
  t.notOk(readdirSync(folder).includes('htpasswd'))
})
