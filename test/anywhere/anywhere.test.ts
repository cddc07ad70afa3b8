import { once } from 'node:events'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { answer } from '../kubelet/answers.ts'
import type { Case } from '../kubelet/cases.ts'
import { judge } from './judge.ts'
import type { Outcome, Task } from './run.ts'

const ROOT = join(import.meta.dirname, '../..')
const RECORDED = join(ROOT, 'test/kubelet/recorded')
const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']

t.test('kubelet/ and policy/ do the same where there is no Node', async t => {
  const files = globSync('src/{kubelet,policy}/**/*.ts', { cwd: ROOT })
  const cases = readdirSync(RECORDED).flatMap(casesIn)
  const workerData: Task = { files, cases }
  const worker = new Worker(join(import.meta.dirname, 'run.ts'), { execArgv: FLAGS, workerData })
  const [outcome]: Outcome[] = await once(worker, 'message')

  t.strictSame(
    files.filter(file => !outcome?.loaded.includes(file)),
    [],
    'every file was loaded',
  )
  t.ok(outcome?.loaded.includes('src/runtime/nearest-name.ts'), 'and what they import')
  t.equal(outcome?.answers, JSON.stringify(cases.map(answer)), 'the answers that were recorded')
  t.equal(outcome?.findings, JSON.stringify(judge()), 'the judgement on a Pod')
  const codes = judge().map(({ code }) => code)
  t.strictSame(codes, ['ImageInvalid', 'SecretNotFound', 'CredentialsExpired', 'ImageNotCovered', 'LabelInvalid'])
})

function casesIn(file: string): Case[] {
  const lines = readFileSync(join(RECORDED, file), 'utf8').trim().split('\n')
  return lines.map((line): Case => JSON.parse(line).case)
}
