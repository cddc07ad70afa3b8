import { execFile } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { assembleImage } from '../../chart/image.ts'
import { writeImageArchive } from '../image-archive.ts'

const NODE = fileURLToPath(new URL('../../../../node_modules/node/bin/node', import.meta.url))
/** As the chart names it. */
const NAME = 'ghcr.io/regcred/regcred:0.1.0'
/** Where a test finds the archive. */
export const IMAGE_VARIABLE = 'REGCRED_IMAGE'

/**
 * Builds the product's image by the steps of its Dockerfile, and returns its archive. Base images are out of reach here: the
 * project's own Node, and the shared libraries of this machine that it names, stand for the last stage's.
 *
 * @param folder an empty one
 */
export async function buildRegcredImage(folder: string): Promise<string> {
  const { root, env, entrypoint, user } = await assembleImage(folder)
  await addFile(NODE, join(root, 'nodejs/bin/node'))
  const { stdout } = await promisify(execFile)('ldd', [NODE])
  for (const [path] of stdout.matchAll(/\/\S+/g)) await addFile(path, join(root, path))
  await mkdir(join(root, 'tmp'), { mode: 0o1777 })
  const config = {
    Entrypoint: entrypoint,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    User: user,
    WorkingDir: '/app',
  }
  return writeImageArchive(folder, { name: NAME, root, config })
}

async function addFile(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  await cp(source, target, { dereference: true })
}
