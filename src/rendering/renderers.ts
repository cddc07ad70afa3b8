import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readBeginning } from '../runtime/read-small-file.ts'

/** What is read of a Chart.yaml: its type stands at the top. */
const MAX_CHART_BYTES = 64 * 1024

/** A folder that is rendered, and how. */
export interface Source {
  readonly folder: string
  /** What makes it one, e.g. `web/Chart.yaml`: the place of what is rendered and does not say where it is from. */
  readonly file: string
  readonly kind: 'Helm chart' | 'kustomization'
  /** Programs that render it, the first that is there. */
  readonly tools: readonly Tool[]
}

/** A program, and what it is given. */
export interface Tool {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The same for people, with the folder as they named it. */
  readonly command: string
}

const CHART = 'Chart.yaml'
/** As kustomize looks for them. */
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const

/**
 * What a folder is that has to be rendered; undefined for any other, and for what is no folder.
 *
 * @param namespace of what names none: a chart may write it into its objects
 */
export async function sourceAt(folder: string, namespace: string): Promise<Source | undefined> {
  if (await isFile(join(folder, CHART))) return chartAt(folder, namespace)
  for (const name of KUSTOMIZATIONS) {
    const file = join(folder, name)
    if (await isFile(file)) return kustomizationAt(folder, file)
  }
  return undefined
}

/** Whether a chart only lends its templates to others: helm renders none by itself. */
export async function isLibrary({ file }: Source): Promise<boolean> {
  const text = String(await readBeginning(file, MAX_CHART_BYTES))
  return /^type:\s*["']?library\b/m.test(text)
}

function chartAt(folder: string, namespace: string): Source {
  const inNamespace = namespace === 'default' ? [] : ['--namespace', namespace]
  const words = ['template', ...inNamespace.map(quote), typed(folder)]
  // Not that of whatever cluster the person who checks has used last.
  const env = { HELM_NAMESPACE: 'default' }
  const args = ['template', ...inNamespace, resolve(folder)]
  const tool = { program: 'helm', args, env, command: `helm ${words.join(' ')}` }
  return { folder, file: join(folder, CHART), kind: 'Helm chart', tools: [tool] }
}

function kustomizationAt(folder: string, file: string): Source {
  // Absolute: anything else may be an address to kustomize, and a flag to all of them.
  const tools = [
    { program: 'kubectl', verb: 'kustomize' },
    { program: 'kustomize', verb: 'build' },
  ].map(({ program, verb }) => {
    return { program, args: [verb, resolve(folder)], env: {}, command: `${program} ${verb} ${typed(folder)}` }
  })
  return { folder, file, kind: 'kustomization', tools }
}

/** A folder as it is typed in a shell, where no program takes it for a flag. */
function typed(folder: string): string {
  return quote(folder.startsWith('-') ? `./${folder}` : folder)
}

function quote(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    found => found.isFile(),
    () => false,
  )
}
