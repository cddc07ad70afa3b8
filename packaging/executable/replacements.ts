import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'

const ROOT = join(import.meta.dirname, '../..')

/** A text of a file that does not fit into a single file of CommonJS, and what stands there instead. */
interface Replacement {
  /** Of the file, from the end of its path. */
  readonly file: RegExp
  readonly text: string
  readonly by: string
}

/** Under which the code of the decoder's thread is in the single file. */
export const WORKER_ASSET = 'decode-worker.js'

const REPLACEMENTS: readonly Replacement[] = [
  {
    // CommonJS cannot wait here. As where Node can, a command that never ends and leaves nothing to wait for is no success.
    file: /[/\\]src[/\\]cli\.ts$/,
    text: '\nawait run()\n',
    by: '\nprocess.exitCode = 13\nrun().then(() => { if (process.exitCode === 13) process.exitCode = 0 })\n',
  },
  {
    file: /[/\\]tinypool[/\\]dist[/\\]index\.js$/,
    text: 'new Worker(fileURLToPath(import.meta.url + "/../entry/worker.js"), options)',
    by: `new Worker(require('node:sea').getAsset('${WORKER_ASSET}', 'utf8'), { ...options, eval: true })`,
  },
  {
    // What the thread runs is the one thing that is in it, and has no name by which it could be imported.
    file: /[/\\]tinypool[/\\]dist[/\\]utils-[^/\\]*\.js$/,
    text: 'await import(filename)',
    by: `await import(${JSON.stringify(join(ROOT, 'src/http/decode-worker.ts'))})`,
  },
]

/**
 * Has the single file read from itself what the package reads from the files beside it.
 *
 * @throws {Error} where a text is not there any more
 */
export const replacements: Plugin = {
  name: 'replacements',
  setup(build) {
    const ours = join(import.meta.dirname, 'package.ts')
    build.onLoad({ filter: /[/\\]src[/\\]package\.ts$/ }, () => load(readFileSync(ours, 'utf8'), ours))
    for (const { file, text, by } of REPLACEMENTS) {
      build.onLoad({ filter: file }, ({ path }) => {
        // A checkout on Windows may have its own line ends.
        const own = readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
        // Tinypool has two files of that name, of which one imports.
        if (!own.includes(text) && !path.includes('utils-')) throw new Error(`${path} has been changed; see here`)
        return load(
          own.replace(text, () => by),
          path,
        )
      })
    }
  },
}

function load(contents: string, path: string): { contents: string; loader: 'ts' | 'js' } {
  return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' }
}
