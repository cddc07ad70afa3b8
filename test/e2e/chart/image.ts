import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const DOCKERFILE = new URL('../../../Dockerfile', import.meta.url)
/** Whoever runs the steps finds the Node of the project first, as they would in the base image. */
const PATH = `${join(ROOT, 'node_modules/node/bin')}:${process.env['PATH']}`

/** An image as far as it can be had without an engine: what its last stage adds to its base, and how it is run. */
export interface Image {
  /** The file system that is added, e.g. with `app/`. */
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly entrypoint: readonly string[]
  /** `UID:GID` */
  readonly user: string
  readonly labels: string
  /** The image that the last stage is based on. */
  readonly base: string
}

interface Stage {
  readonly base: string
  readonly root: string
  workdir: string
  readonly said: Map<string, string>
}

/**
 * Goes the steps of the Dockerfile, each stage in a folder that stands for its root. It knows as much of the language as
 * that file uses, and throws at anything else.
 *
 * @param folder an empty one
 */
export async function assembleImage(folder: string): Promise<Image> {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const { instruction, rest } of readInstructions(await readFile(DOCKERFILE, 'utf8'))) {
    if (instruction === 'FROM') {
      const [base = '', , name = 'last'] = rest.split(' ')
      stage = { base, root: join(folder, name), workdir: '/', said: new Map() }
      stages.set(name, stage)
      continue
    }
    if (stage === undefined) throw new Error(`${instruction} before FROM`)
    await follow(instruction, rest, stage, stages)
  }
  if (stage === undefined) throw new Error('no stage')
  const { root, base, said } = stage
  const get = (instruction: string) => said.get(instruction) ?? ''
  return {
    root,
    base,
    env: Object.fromEntries(
      get('ENV')
        .split(' ')
        .map(pair => pair.split('=') as [string, string]),
    ),
    entrypoint: JSON.parse(get('ENTRYPOINT')),
    user: get('USER'),
    labels: get('LABEL'),
  }
}

async function follow(
  instruction: string,
  rest: string,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
): Promise<void> {
  const here = join(stage.root, stage.workdir)
  switch (instruction) {
    case 'WORKDIR':
      stage.workdir = rest
      await mkdir(join(stage.root, rest), { recursive: true })
      return
    case 'COPY':
      return copy(rest.split(' '), here, stages)
    case 'RUN':
      // Without what tap has every Node below it load.
      await promisify(execFile)('/bin/sh', ['-ec', `unset NODE_OPTIONS; ${rest}`], {
        cwd: here,
        env: { ...process.env, PATH },
        maxBuffer: 1e8,
      })
      return
    case 'ENV':
    case 'LABEL':
    case 'USER':
    case 'ENTRYPOINT':
    case 'CMD':
    case 'EXPOSE':
      stage.said.set(instruction, rest)
      return
    default:
      throw new Error(`the test of the image does not know ${instruction}`)
  }
}

/** As COPY: of a folder its content, of files themselves, into a folder. */
async function copy(words: readonly string[], here: string, stages: ReadonlyMap<string, Stage>): Promise<void> {
  const from = words[0]?.match(/^--from=(.*)$/)?.[1]
  const paths = from === undefined ? words : words.slice(1)
  const source = from === undefined ? ROOT : stages.get(from)?.root
  const target = join(here, paths.at(-1) ?? '')
  if (source === undefined) throw new Error(`no stage ${from}`)
  for (const pattern of paths.slice(0, -1)) {
    const found = globSync(pattern.replace(/^\//, ''), { cwd: source })
    if (found.length === 0) throw new Error(`COPY finds no ${pattern}`)
    for (const path of found) {
      const isFile = /\.[a-z]+$|LICENSE$/.test(path)
      await cp(join(source, path), isFile ? join(target, basename(path)) : target, { recursive: true })
    }
  }
}

function readInstructions(dockerfile: string): { instruction: string; rest: string }[] {
  return dockerfile
    .replaceAll(/^#.*$/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [, instruction = '', rest = ''] = /^(\w+) +(.*)$/.exec(line.trim()) ?? []
      return { instruction, rest: rest.replaceAll(/ +/g, ' ') }
    })
}
