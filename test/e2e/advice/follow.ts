import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { KubectlResult } from '../control-plane/kubectl.ts'
import type { Manifest } from '../control-plane/objects.ts'
import { dockerConfigText, type Edit, editFile } from './edit.ts'

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
/** What a person puts in where a command has these words; all else is typed as it stands there. */
export interface Login {
  readonly SERVER: string
  readonly USER: string
  readonly PASSWORD: string
  /** A docker config with it. */
  readonly config: string
}

const ANYBODY: Login = {
  SERVER: 'registry.example.com',
  USER: 'u',
  PASSWORD: 'not-a-password',
  config: dockerConfigText,
}

/** A person with a shell, whose kubectl has another namespace in its context than any that a message is about. */
export class Reader {
  readonly #folder: string
  readonly #env: NodeJS.ProcessEnv
  readonly #login: Login

  private constructor(folder: string, env: NodeJS.ProcessEnv, login: Login) {
    this.#folder = folder
    this.#env = env
    this.#login = login
  }

  static async at({ assets, kubeconfig }: ControlPlane, folder: string, login = ANYBODY): Promise<Reader> {
    const own = join(folder, 'kubeconfig')
    await copyFile(kubeconfig, own)
    await mkdir(join(folder, 'bin'))
    await writeProgram(join(folder, 'bin/kubectl'), `exec '${assets.kubectl}' "$@"`)
    await writeProgram(join(folder, 'bin/regcred'), `exec '${process.execPath}' '${CLI}' "$@"`)
    await writeFile(join(folder, 'config.json'), login.config)
    const path = `${join(folder, 'bin')}:${process.env['PATH']}`
    const reader = new Reader(folder, { HOME: folder, PATH: path, KUBECONFIG: own }, login)
    await reader.type('kubectl config set-context --current --namespace=somewhere-else')
    return reader
  }

  /** Types a command with nothing but FILE and the like put in. */
  async type(command: string, file = this.#file): Promise<KubectlResult> {
    const config = join(this.#folder, 'config.json')
    const typed = command
      .replace(/(?<=dockerconfigjson=)FILE/, config)
      .replace(/\bFILE\b/, file)
      .replace(/=(SERVER|USER|PASSWORD)\b/g, (_, word: keyof Login) => `=${this.#login[word]}`)
    const child = spawn('bash', ['-o', 'pipefail', '-c', typed], { env: this.#env, cwd: this.#folder, stdio: 'pipe' })
    child.stdin.end()
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: child.exitCode ?? 128, stdout, stderr }
  }

  /** Writes the file that its author has, and applies it. */
  async apply(manifest: Manifest): Promise<KubectlResult> {
    await this.write(manifest)
    return await this.type('kubectl apply -f FILE')
  }

  /** The same of an object whose name is still to be made up. */
  async create(manifest: Manifest): Promise<KubectlResult> {
    await this.write(manifest)
    return await this.type('kubectl create -f FILE')
  }

  async write(manifest: Manifest): Promise<void> {
    await writeFile(this.#file, JSON.stringify(manifest, null, 2))
  }

  /** Makes the object of the file anew, as if it had never been there. */
  async applyAgain(): Promise<KubectlResult> {
    await this.type('kubectl delete --ignore-not-found --wait -f FILE')
    return await this.type('kubectl apply -f FILE')
  }

  /** Changes the file as an advice says. */
  async edit(edit: Edit): Promise<void> {
    await editFile(this.#file, edit)
  }

  get #file(): string {
    return join(this.#folder, 'file.json')
  }
}

async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}
