import { join, relative } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { answer } from '../kubelet/answers.ts'
import type { Case } from '../kubelet/cases.ts'
import type { judge } from './judge.ts'
import { Realm } from './realm.ts'

export interface Task {
  /** In the tree. */
  readonly files: readonly string[]
  readonly cases: readonly Case[]
}

/** As JSON, so that a value of the other realm is as good as one of this. */
export interface Outcome {
  readonly loaded: readonly string[]
  readonly answers: string
  readonly findings: string
}

// A worker, because a module in another realm needs a flag of Node's. It loads the files there, and works with them.
const ROOT = join(import.meta.dirname, '../..')
const { files, cases }: Task = workerData
const realm = new Realm()
for (const file of files) await realm.import(join(ROOT, file))
const ask: typeof answer = Reflect.get(await realm.import(join(ROOT, 'test/kubelet/answers.ts')), 'answer')
const say: typeof judge = Reflect.get(await realm.import(join(ROOT, 'test/anywhere/judge.ts')), 'judge')
const outcome: Outcome = {
  loaded: realm.files.map(file => relative(ROOT, file)),
  answers: JSON.stringify(cases.map(ask)),
  findings: JSON.stringify(say()),
}
parentPort?.postMessage(outcome)
