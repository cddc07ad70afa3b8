import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../bundle.ts'
import { archive, besideNode } from './archive.ts'
import { buildExecutable } from './build.ts'
import { currentPlatform, executableName } from './current-platform.ts'

/**
 * One file to run, for the platform that this runs on:
 *
 *     npm run executable                                 writes dist/executable/regcred
 *     npm run executable -- --output FILE                writes it elsewhere
 *     npm run executable -- --archive FOLDER             packs it with its licenses as well
 *     npm run executable -- … --node-license FILE        where Node's license is not beside Node
 */
const platform = currentPlatform()
const { values } = parseArgs({
  options: {
    output: { type: 'string', default: join(ROOT, 'dist/executable', executableName(platform)) },
    archive: { type: 'string' },
    'node-license': { type: 'string', default: besideNode() },
  },
})
const { version }: { readonly version: string } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
const packages = await buildExecutable(values.output, version)
const made = { file: values.output, version, platform, packages, nodeLicense: values['node-license'] }
const written = values.archive === undefined ? values.output : await archive(made, values.archive)
process.stdout.write(`${written}\n`)
