import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

/** An image to write. */
export interface ImageContent {
  /** With a tag. */
  readonly name: string
  /** The folder of its file system: one layer, owned by root. */
  readonly root: string
  /** As the `config` of an image has it: Entrypoint, Env, User and so on. */
  readonly config: Readonly<Record<string, unknown>>
}

const run = promisify(execFile)

/** Writes an image as `docker save` does, which containerd imports. @param folder for the file. Returns its path. */
export async function writeImageArchive(folder: string, { name, root, config }: ImageContent): Promise<string> {
  const parts = await mkdtemp(join(folder, 'image-'))
  const layer = join(parts, 'layer.tar')
  await run('tar', [
    '--create',
    `--file=${layer}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    `--directory=${root}`,
    '.',
  ])
  const hash = createHash('sha256')
  await pipeline(createReadStream(layer), hash)
  const image = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
  }
  await writeFile(join(parts, 'config.json'), JSON.stringify(image))
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]
  await writeFile(join(parts, 'manifest.json'), JSON.stringify(manifest))
  const archive = `${parts}.tar`
  await run('tar', [
    '--create',
    `--file=${archive}`,
    `--directory=${parts}`,
    'manifest.json',
    'config.json',
    'layer.tar',
  ])
  await rm(parts, { recursive: true })
  return archive
}

/** Makes the folder of an image that has one program alone, `/wait`. */
export async function makeWaitRoot(folder: string): Promise<string> {
  const binary = process.env['REGCRED_WAIT']
  if (binary === undefined) throw new Error('REGCRED_WAIT has to name the program; npm run test:node builds it')
  const root = join(folder, 'wait')
  await mkdir(root)
  await run('cp', [binary, join(root, 'wait')])
  return root
}
