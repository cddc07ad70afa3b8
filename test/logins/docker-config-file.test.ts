import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readDockerConfigFile } from '../../src/logins/docker-config-file.ts'

const CONFIG = JSON.stringify({ auths: { 'ghcr.io': {} } })
const folder = t.testdir({
  home: { '.docker': { 'config.json': CONFIG } },
  own: { 'config.json': CONFIG },
  empty: {},
  run: { containers: { 'auth.json': CONFIG } },
  'broken.json': '{"auths": hunter2',
})
const at = (...path: string[]) => join(folder, ...path)
const fileOf = async (env: Record<string, string>, home = at('home')) => {
  const read = await readDockerConfigFile(undefined, { env, home })
  return read.ok ? read.file : read.fault
}

t.test("Docker's own file is read, where Docker looks for it, and Podman's only if there is none", async t => {
  t.equal(await fileOf({}), at('home/.docker/config.json'))
  t.equal(await fileOf({ DOCKER_CONFIG: at('own'), XDG_RUNTIME_DIR: at('run') }), at('own/config.json'))
  t.equal(await fileOf({ DOCKER_CONFIG: at('empty'), XDG_RUNTIME_DIR: at('run') }), at('run/containers/auth.json'))
  t.equal(
    await fileOf({ XDG_RUNTIME_DIR: at('empty') }, at('empty')),
    [
      `there is no docker config ${at('empty/.docker/config.json')} or ${at('empty/containers/auth.json')}`,
      'log in first (docker login), or name it: --docker-config FILE',
    ].join('; '),
  )
})

t.test('what cannot be read is told, without its content and without waiting for a pipe', async t => {
  const read = async (file: string) => {
    const { ok, fault } = { fault: '', ...(await readDockerConfigFile(file, { env: {}, home: '/' })) }
    return `${ok} ${fault}`
  }
  execFileSync('mkfifo', [at('fifo')])
  writeFileSync(at('large.json'), Buffer.alloc(5 * 1024 * 1024))
  t.equal(await read(at('fifo')), `false ${at('fifo')} is not a file; --docker-config takes a config.json`)
  t.equal(await read(at('own')), `false ${at('own')} is not a file; --docker-config takes a config.json`)
  t.equal(await read(at('broken.json')), `false ${at('broken.json')} cannot be used: it is not JSON`)
  t.equal(
    await read(at('large.json')),
    `false ${at('large.json')} cannot be read (EFBIG); check the path and its permissions`,
  )
  t.equal(
    await read(at('broken.json/x')),
    `false ${at('broken.json/x')} cannot be read (ENOTDIR); check the path and its permissions`,
  )
  t.match(await read(at('gone')), 'false there is no docker config')
})
