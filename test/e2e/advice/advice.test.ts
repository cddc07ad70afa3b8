import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ADVICE_KINDS } from '../../../src/advice/advice.ts'
import { type KubectlResult, outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, REGISTRY } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { type AdviceCase, CASES, ELSEWHERE } from './cases.ts'
import { Reader } from './follow.ts'

/*
 * What a message advises is done: a command is typed as it stands there, from a context with another namespace, with nothing but
 * FILE and the like put in; what is to be written in a file is taken from the message. Then what was said is said no more. What
 * may be advised is a list, so that nothing new is advised without a case here.
 */

const ROOT = join(import.meta.dirname, '../../..')
/** Without the mutating webhook. */
const VALIDATING = ['validate', 'templates', 'secrets', 'namespaces'].map(name => `${name}.regcred.dev`)
const { controlPlane, regcred } = await withCluster(t, {
  config: { registries: { private: [REGISTRY] }, inject: { match: false, whenMissing: 'skip' }, mode: 'warn' },
})
const { kubectl } = controlPlane
const reader = await Reader.at(controlPlane, t.testdir())

t.test('each kind of advice is followed here or elsewhere', async t => {
  for (const kind of ADVICE_KINDS) t.not(CASES[kind].length > 0, Object.hasOwn(ELSEWHERE, kind), kind)
  for (const file of Object.values(ELSEWHERE)) t.ok(existsSync(join(ROOT, file)), file)
})

const cases = Object.entries(CASES).flatMap(([kind, those]) => those.map(one => ({ kind, ...one })))
for (const [i, { kind, ...one }] of cases.entries()) {
  t.test(`${kind}: ${one.name}`, async t => await follow(t, one, `advice-${i}`))
}

async function follow(t: Test, one: AdviceCase, where: string): Promise<void> {
  const labels = one.labels ?? { 'regcred.dev/mode': 'warn' }
  outputOf(await apply(kubectl, namespace(where, { labels }), ...(one.around?.(where) ?? [])))
  if (one.isLost) await regcred.register({ webhooks: VALIDATING })
  if (one.owner) await reader.apply(one.owner(where))
  const said = one.isCreated ? await reader.create(one.file(where)) : await reader.apply(one.file(where))
  if (one.isLost) await regcred.register()
  t.equal(said.code === 0, one.refused !== true, said.stderr)
  const found = lines(said.stderr)
    .map(line => one.says.exec(line))
    .find(match => match !== null)
  if (!t.ok(found, said.stderr) || !found) return
  if (one.owner) await reader.apply(one.owner(where))
  const [, ...groups] = found
  if (one.edit) await reader.edit(one.edit(...groups))
  const command = found.groups?.['command'] ?? 'kubectl apply -f FILE'
  const done = await reader.type(one.applies ? 'kubectl apply -f FILE' : command)
  if (one.prints) {
    t.match(done.stdout, one.prints)
    return
  }
  t.equal(done.code, 0, `${command}: ${done.stderr}`)
  for (const line of lines(done.stderr)) t.notMatch(line, one.says)
  if (one.isCreated) return
  const again = await lookAgain(one, where)
  t.equal(again.code, 0, again.stderr)
  for (const line of lines(again.stderr)) t.notMatch(line, one.says)
}

/** Makes the object again as its author would: what an owner makes is as that says, and a Namespace stays. */
async function lookAgain(one: AdviceCase, where: string): Promise<KubectlResult> {
  const owner = one.owner?.(where)
  if (owner?.kind === 'Deployment' || one.file(where).kind === 'Namespace')
    return await reader.type('kubectl apply -f FILE')
  if (owner) await reader.write(one.file(where))
  return await reader.applyAgain()
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '')
}
