import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createContext, type Module, SourceTextModule } from 'node:vm'

/**
 * A realm that is not Node's: the language itself, and of what a platform adds to it only what browsers, Deno and Node have
 * in common and a pure function may use. Everything else is a ReferenceError in it, and a module of Node's cannot be imported.
 */
export class Realm {
  readonly #context = createContext({ atob, btoa, TextDecoder, TextEncoder, URL, URLSearchParams })
  readonly #modules = new Map<string, SourceTextModule>()

  /** Loads a file with all that it imports, and returns what it exports. */
  async import(file: string): Promise<object> {
    const module = this.#load(pathToFileURL(file).href)
    // What another file imported has come with it.
    if (module.status === 'unlinked')
      await module.link((specifier, importer) => this.#load(resolve(specifier, importer)))
    await module.evaluate()
    return module.namespace
  }

  /** The files that were loaded. */
  get files(): string[] {
    return [...this.#modules.keys()].map(url => fileURLToPath(url))
  }

  #load(url: string): SourceTextModule {
    const loaded = this.#modules.get(url)
    if (loaded !== undefined) return loaded
    const source = readFileSync(fileURLToPath(url), 'utf8')
    // The name is not that of the file: the coverage is counted where the tests of the file run.
    const module = new SourceTextModule(url.endsWith('.ts') ? stripTypeScriptTypes(source) : source, {
      context: this.#context,
      identifier: `anywhere:${url}`,
    })
    this.#modules.set(url, module)
    return module
  }
}

function resolve(specifier: string, { identifier }: Module): string {
  const importer = identifier.replace('anywhere:', '')
  if (specifier.startsWith('.')) return new URL(specifier, importer).href
  if (specifier.startsWith('node:')) throw new Error(`${importer} imports ${specifier}`)
  return pathToFileURL(createRequire(importer).resolve(specifier)).href
}
