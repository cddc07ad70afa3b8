import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildOnce, COMPILE, HERE, hashFiles, KUBERNETES, locateCache } from './assets.ts'
import type { BuildContext } from './go.ts'

/** A program beside the control plane, which is built for those alone that need it. */
export interface Tool {
  /** The environment variable that names its path, for the tests and for whoever has it already. */
  readonly variable: string
  readonly name: string
  /** The folder of the module that pins it. */
  readonly module: string
  readonly package: string
  /** Flags of every go command, such as which go.mod it is for. */
  readonly goFlags?: readonly string[]
  /** What it is built from, below the module's folder: a change of it is another program. */
  readonly sources: readonly string[]
  /** What whoever has no Go can do, for the end of a sentence, if not to set the variable. */
  readonly instead?: string
}

const HELM = fileURLToPath(new URL('../helm/', import.meta.url))
const WAIT = fileURLToPath(new URL('../node/wait/', import.meta.url))
const PROMETHEUS = fileURLToPath(new URL('../prometheus/', import.meta.url))
export const PINS = ['go.mod', 'go.sum']
/** The program that asks the kubelet's own code. */
export const ORACLE: Tool = {
  variable: 'REGCRED_ORACLE',
  name: 'oracle',
  module: KUBERNETES,
  package: './oracle',
  sources: ['oracle/*.go'],
}

/** Tools by the tests that need them. */
const TOOLS: readonly { readonly tests: RegExp; readonly tool: Tool }[] = [
  { tests: /\/differential\.test\.ts$/, tool: ORACLE },
  {
    tests: /\/(chart|node)\//,
    tool: { variable: 'REGCRED_HELM', name: 'helm', module: HELM, package: 'helm.sh/helm/v4/cmd/helm', sources: PINS },
  },
  {
    tests: /\/node\//,
    tool: { variable: 'REGCRED_WAIT', name: 'wait', module: WAIT, package: '.', sources: ['go.mod', '*.go'] },
  },
  {
    tests: /\/chart\/alerts\.test\.ts$/,
    tool: {
      variable: 'REGCRED_PROMETHEUS',
      name: 'prometheus-answers',
      module: PROMETHEUS,
      package: '.',
      sources: [...PINS, '*.go'],
    },
  },
]

/**
 * Builds the tools that these test files need, one after the other, or finds them built.
 *
 * @returns their paths, by environment variable
 */
export async function buildTools(
  files: readonly string[],
  context: BuildContext = HERE,
): Promise<Record<string, string>> {
  const paths: Record<string, string> = {}
  for (const { tests, tool } of TOOLS) {
    if (files.some(file => tests.test(file))) paths[tool.variable] = await findTool(tool, context)
  }
  return paths
}

/** The tool that its environment variable names, or else a built one. @returns its path */
export async function findTool(tool: Tool, context: BuildContext = HERE): Promise<string> {
  return context.env[tool.variable] || (await buildTool(tool, context))
}

/** Builds a tool, or finds it built. @returns its path */
export async function buildTool(
  { variable, sources, instead = `set ${variable} to its path`, ...tool }: Tool,
  context: BuildContext = HERE,
): Promise<string> {
  const files: string[] = []
  for (const source of sources) for await (const file of glob(source, { cwd: tool.module })) files.push(file)
  const name = `${tool.name}-${await hashFiles(files.sort().map(file => join(tool.module, file)))}`
  const recipe = { ...tool, name, flags: COMPILE, instead }
  return buildOnce(recipe, await locateCache(context.env), context)
}
