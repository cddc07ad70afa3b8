import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkManifests } from '../../../src/engine/check-manifests.ts'
import { findInText } from '../../../src/manifests/read.ts'
import { prepareRulebook } from '../../../src/policy/rulebook.ts'
import { defaultSettings } from '../../../src/policy/settings.ts'
import { installHelpers, keychain } from '../../logins/helper-program.ts'
import { onTerminal } from '../../logins/pseudo-terminal.ts'
import { ROOT } from '../spawn.ts'

/*
 * Every transcript of docs/secret.md, typed as it stands there on a terminal of janedoe's, shows what it says. Only kubectl is a stand-in,
 * which keeps what it was given; test/e2e/advice/make-secret.test.ts has the real one.
 */

const PASSWORD = 'hunter2'
const PAGE = readFileSync(join(ROOT, 'docs/secret.md'), 'utf8')

interface Transcript {
  readonly typed: string
  readonly shown: string
}

const transcripts: readonly Transcript[] = [...PAGE.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(
  ([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map(part => {
        const [typed = '', ...shown] = part.trimEnd().split('\n')
        return { typed, shown: shown.map(line => line.trimEnd()).join('\n') }
      }),
)

const home = t.testdir({
  '.docker': {
    'config.json': JSON.stringify({
      auths: {
        'https://index.docker.io/v1/': {},
        'ghcr.io': {},
        'quay.io': { auth: btoa(`joe:${PASSWORD}`) },
        'acme.azurecr.io': { auth: btoa('0:'), identitytoken: PASSWORD },
      },
      credsStore: 'desktop',
    }),
  },
})
const applied = join(home, 'applied')
const OPAQUE = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'hub',
    namespace: 'default',
    uid: 'x',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  type: 'Opaque',
  data: {
    'config.json': btoa(
      JSON.stringify({ auths: { 'https://index.docker.io/v1/': { auth: btoa(`jane:${PASSWORD}`) } } }),
    ),
  },
}
const KUBECTL = `#!/bin/sh
case $1 in
get) printf '%s' '${JSON.stringify(OPAQUE)}' ;;
apply) done=created ;;
replace) done=replaced ;;
esac
[ "$done" ] || exit
file='${applied}'/$(ls '${applied}' | wc -l)
cat >"$file"
echo "secret/$(sed -n 's/^  name: //p' "$file") $done"
`

mkdirSync(applied)
const path = installHelpers(join(home, 'bin'), {
  desktop: keychain({ 'https://index.docker.io/v1/': ['janedoe', PASSWORD], 'ghcr.io': ['janedoe', PASSWORD] }),
})
program('kubectl', KUBECTL)
program('regcred', `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'src/cli.ts')}' "$@"\n`)

function program(name: string, script: string): void {
  writeFileSync(join(home, 'bin', name), script)
  chmodSync(join(home, 'bin', name), 0o755)
}

t.test('there are transcripts, and each command is typed', async t => {
  t.ok(transcripts.length >= 10)
  for (const { typed, shown } of transcripts) {
    const question = /^Password .*:$/m.exec(shown)?.[0]
    const turns = question === undefined ? [] : [{ after: question, types: `${PASSWORD}\r` }]
    const env = { HOME: home, PATH: path, TOKEN: PASSWORD, SHELL: '/bin/sh', DOCKER_CONFIG: '', XDG_RUNTIME_DIR: '' }
    const { seen } = await onTerminal(`cd "$HOME" && ${typed}`, turns, env)
    const lines = seen.replaceAll('\r', '').replaceAll(home, '~').trimEnd().split('\n')
    t.equal(lines.map(line => line.trimEnd()).join('\n'), shown, typed)
    if (!typed.includes(PASSWORD)) t.notMatch(seen, PASSWORD)
  }
})

t.test('what kubectl was given are pull secrets of which regcred check finds nothing wrong', async t => {
  const files = readdirSync(applied)
  t.equal(files.length, transcripts.filter(({ typed }) => typed.includes('kubectl')).length)
  const rulebook = prepareRulebook(defaultSettings)
  for (const file of files) {
    const found = findInText(file, readFileSync(join(applied, file), 'utf8'))
    const { objects, errors } = await checkManifests(found, rulebook, {
      namespace: 'default',
      strict: true,
      now: Date.now,
    })
    t.strictSame(errors, [])
    t.strictSame(
      objects.map(({ findings }) => findings),
      [[]],
    )
  }
})
