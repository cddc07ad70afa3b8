import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { canPullCommand } from '../../../src/commands/can-pull/can-pull.ts'
import { inspectCommand } from '../../../src/commands/inspect/inspect.ts'
import { secretOf, standFor } from '../ask/asked-cluster.ts'
import { authOf, HIDDEN, objectOf } from '../ask/objects.ts'
import { runCommand, transcriptOf } from '../ask/run-command.ts'
import { ROOT } from '../spawn.ts'

/* Every transcript of docs/inspect.md, typed as it stands there, shows what it says; `UPDATE=1` writes it. */
const PAGE = join(ROOT, 'docs/inspect.md')

const CONFIG = {
  auths: {
    'https://index.docker.io/v1/': { auth: authOf('janedoe', 'hunter2-Zq7') },
    'ghcr.io': { auth: authOf('joe', 'hunter2-Zq7') },
    'your.private.registry.example.com': {},
    'acme.azurecr.io': { auth: authOf('00000000-0000-0000-0000-000000000000', ''), identitytoken: 'hunter2-Zq7' },
  },
  credsStore: 'desktop',
}
const path = '/api/v1/namespaces/default'
const podSpec = { containers: [], imagePullSecrets: [{ name: 'regcred' }] }
const HELD = {
  [`${path}/secrets`]: [secretOf('regcred', CONFIG)],
  [`${path}/serviceaccounts`]: [objectOf('default', { imagePullSecrets: [{ name: 'regcred' }] })],
  [`${path}/pods`]: [objectOf('private-reg', { spec: podSpec })],
  '/apis/apps/v1/namespaces/default/deployments': [objectOf('web', { spec: { template: { spec: podSpec } } })],
}
const COMMANDS = { inspect: inspectCommand, 'can-pull': canPullCommand }

t.test('each command of the page shows what stands there', async t => {
  const { kubeconfig } = await standFor(t, HELD)
  let page = readFileSync(PAGE, 'utf8')
  const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  t.ok(blocks.length >= 2)
  for (const block of blocks) {
    const typed = [...block.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line)
    const shown = await Promise.all(typed.map(line => show(line, kubeconfig)))
    if (process.env['UPDATE'] === '1') page = page.replace(block, () => shown.join(''))
    else t.equal(block, shown.join(''))
    for (const hidden of HIDDEN) t.notOk(block.includes(hidden))
  }
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, page)
})

async function show(line: string, kubeconfig: string): Promise<string> {
  const [, name = '', ...args] = line.split(' ')
  const command = name === 'inspect' ? COMMANDS.inspect : COMMANDS['can-pull']
  const said = await runCommand(command, [...args, '--kubeconfig', kubeconfig])
  return transcriptOf(line, said).replace(/^exit status \d\n/m, '')
}
