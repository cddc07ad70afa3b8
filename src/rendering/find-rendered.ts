import { join } from 'node:path'
import { getText } from '../kube/untyped.ts'
import type { Found, Manifest } from '../manifests/found.ts'
import { findInText, findManifests } from '../manifests/read.ts'
import { isLibrary, type Source, sourceAt, type Tool } from './renderers.ts'
import { type Ran, runTool } from './run-tool.ts'

/** Characters of the path that a rendered text says it is from: a longer one is not told. */
const MAX_SOURCE_LENGTH = 1000

export interface RenderOptions {
  /** The namespace of an object that names none. */
  readonly namespace: string
  /** Told what is rendered, and by what; further lines belong to the first. */
  readonly tell: (first: string, ...more: readonly string[]) => void
  /** As {@link findManifests} takes them; what is rendered has no file to be left out. */
  readonly isExcluded?: ((path: string) => boolean) | undefined
  readonly onText?: ((file: string, text: string) => Promise<void>) | undefined
}

/**
 * As {@link findManifests}, with what helm and kustomize make of their folders in place of what lies there.
 *
 * | a path, or a folder below it                      | is                                    |
 * | ------------------------------------------------- | ------------------------------------- |
 * | a chart, given or below a folder                  | rendered by helm; nothing in it is read |
 * | a chart that is a library                         | left out                              |
 * | a chart, and there is no helm                     | left out, as without rendering        |
 * | a kustomization that is given                     | rendered; nothing below it is read    |
 * | one, and there is neither kubectl nor kustomize   | read file by file                     |
 * | one below a folder that is given                  | read file by file: which of several belong together is not known |
 * | anything else                                     | read file by file                     |
 */
export async function* findRendered(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array | string>,
  options: RenderOptions,
): AsyncGenerator<Found, void> {
  const rendering = new Rendering(options)
  for (const path of paths) {
    const source = path === '-' ? undefined : await sourceAt(path, options.namespace)
    if (source?.kind === 'kustomization' && (yield* rendering.render(source))) continue
    const left: string[] = []
    for await (const found of findManifests([path], stdin, options.isExcluded, options.onText)) {
      const isOther = 'other' in found
      const chart = isOther && found.other === 'chart' ? await sourceAt(found.file, options.namespace) : undefined
      if (chart !== undefined && (yield* rendering.render(chart))) continue
      if (isOther && found.kustomization !== undefined && source === undefined) left.push(found.file)
      yield found
    }
    rendering.tellLeft(path, left)
  }
}

/** Renders, and says so. */
class Rendering {
  readonly #tell: RenderOptions['tell']
  /** Programs of which it has been said that they are there, or are not. */
  readonly #told = new Set<string>()

  constructor({ tell }: RenderOptions) {
    this.#tell = tell
  }

  /** @returns whether there is nothing else to be done about it */
  async *render(source: Source): AsyncGenerator<Found, boolean> {
    const { folder, kind, tools } = source
    if (kind === 'Helm chart' && (await isLibrary(source))) {
      this.#tell(`${folder} is a library chart, which makes no objects by itself: it is skipped`)
      return true
    }
    for (const tool of tools) {
      const ran = await runTool(tool.program, tool.args, { env: tool.env })
      if (ran.state === 'absent') continue
      this.#tellRendered(source, tool)
      yield* foundIn(source, tool, ran)
      return true
    }
    this.#tellAbsent(source)
    return false
  }

  /** Says of which kustomizations below a folder the files were read, which may be but parts of objects. */
  tellLeft(path: string, [first, ...others]: readonly string[]): void {
    if (first === undefined || first === path) return
    const remark =
      others.length === 0
        ? `${first} is a kustomization below ${path}, and its files are checked as they are; name its folder to have it rendered`
        : `${first} and ${others.length} more are kustomizations below ${path}, and their files are checked as they are; name the folder of one to have it rendered`
    this.#tell(remark)
  }

  #tellRendered({ folder, kind }: Source, { program, command }: Tool): void {
    const line = `${folder} is a ${kind}; checking what ${command} prints`
    if (this.#told.has(program)) this.#tell(line)
    else this.#tell(line, `(${program} is on your PATH; --no-render takes the files as they are)`)
    this.#told.add(program)
  }

  #tellAbsent({ folder, kind, tools }: Source): void {
    const names = tools.map(({ program }) => program).join(' nor ')
    const line = `${tools.length > 1 ? 'neither ' : ''}${names} is on your PATH`
    if (kind === 'kustomization')
      this.#tell(`${folder} is a kustomization, and ${line}: its files are checked as they are`)
    else if (!this.#told.has(kind)) this.#tell('no chart is rendered, because helm is not on your PATH')
    this.#told.add(kind)
  }
}

/** What a program printed, or why it did not. */
async function* foundIn(
  { folder, file, kind }: Source,
  { command }: Tool,
  ran: Exclude<Ran, { state: 'absent' }>,
): AsyncGenerator<Found, void> {
  if (ran.state === 'failed') {
    yield { fault: { file, message: `${command} ${ran.fault}; run it by hand, or leave it out with --no-render` } }
    return
  }
  // The name of a file says something of what is in it, and this text has none.
  for await (const found of findInText('-', ran.output)) {
    if ('fault' in found) yield { fault: { ...found.fault, file, isRendered: true } }
    else if ('other' in found)
      yield { ...found, file: folder, other: found.other === 'empty' ? 'nothingRendered' : found.other }
    else yield { ...found, file: templateOf(found, folder, kind) ?? file, isRendered: true }
  }
}

/**
 * The file that was rendered: Helm names it below the name of the chart, and kustomize, if it is asked to, below the folder, or in the
 * repository that it has fetched it from.
 */
function templateOf({ source = '', object }: Manifest, folder: string, kind: Source['kind']): string | undefined {
  const path = kind === 'Helm chart' ? source.slice(source.indexOf('/') + 1) : source
  const isFetched = /^repo: /m.test(getText(object, 'metadata', 'annotations', 'config.kubernetes.io/origin'))
  return path === '' || path.length > MAX_SOURCE_LENGTH || isFetched ? undefined : join(folder, path)
}
