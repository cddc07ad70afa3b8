import { once } from 'node:events'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { type WatchFilesOptions, watchFiles } from '../../src/runtime/watch-files.ts'

interface Found {
  readonly digest: string
}

/** What a file says, or that it cannot be read. */
const read = async (file: string): Promise<Found> => ({
  digest: await readFile(file, 'utf8').catch(() => 'unreadable'),
})

/** A watch alone keeps no process running; here it has to. */
const alive = setInterval(() => {}, 3_600_000)
t.teardown(() => clearInterval(alive))

/** Everything around a watch, turned by hand. */
class Bench {
  text = 'first'
  readonly told: string[] = []
  /** What is due, with its delay. */
  readonly due: { task: () => void; milliseconds: number }[] = []
  folder: string | undefined
  change = () => {}
  #finish: ((found: Found) => void) | undefined

  get options(): WatchFilesOptions<Found> {
    return {
      pollInterval: 1000,
      settleTime: 10,
      onChange: ({ digest }) => this.told.push(digest),
      load: () => new Promise(resolve => (this.#finish = resolve)),
      watchFolder: (folder, onChange) => {
        this.folder = folder
        this.change = onChange
        return () => (this.folder = undefined)
      },
      schedule: (task, milliseconds) => {
        const timer = { task, milliseconds }
        this.due.push(timer)
        return () => this.due.splice(0, this.due.length, ...this.due.filter(other => other !== timer))
      },
    }
  }

  /** Lets the look that is under way find the present text. */
  async finishLook(): Promise<void> {
    this.#finish?.({ digest: this.text })
    await Promise.resolve()
    await Promise.resolve()
  }

  /** Lets the one timer that is set go off, and the look that it begins end. Says how long it was set for. */
  async elapse(): Promise<number | undefined> {
    const timer = this.due.shift()
    timer?.task()
    await this.finishLook()
    return timer?.milliseconds
  }
}

t.test('the first look tells what it finds, and the same content is not told again', async t => {
  const bench = new Bench()
  watchFiles(['/etc/regcred/f.yaml', '/etc/regcred/g.yaml'], bench.options)
  t.equal(bench.folder, '/etc/regcred')
  await bench.finishLook()
  t.equal(await bench.elapse(), 1000)
  t.equal(await bench.elapse(), 1000)
  t.strictSame(bench.told, ['first'])
  t.equal(bench.due.length, 1)
})

t.test('what the caller has loaded already is not told', async t => {
  const bench = new Bench()
  watchFiles(['f.yaml'], { ...bench.options, since: bench.text })
  await bench.finishLook()
  t.strictSame(bench.told, [])
  bench.text = 'second'
  await bench.elapse()
  t.strictSame(bench.told, ['second'])
})

t.test('a change is looked at soon, once for all the events that it makes', async t => {
  const bench = new Bench()
  watchFiles(['f.yaml'], bench.options)
  await bench.finishLook()
  bench.change()
  bench.change()
  t.equal(bench.due.length, 1)
  bench.text = 'second'
  t.equal(await bench.elapse(), 10)
  t.strictSame(bench.told, ['first', 'second'])
  t.equal(await bench.elapse(), 1000)
})

t.test('a change during a look is followed by another look, soon', async t => {
  const bench = new Bench()
  watchFiles(['f.yaml'], bench.options)
  bench.change()
  await bench.finishLook()
  bench.text = 'second'
  t.equal(await bench.elapse(), 10)
  t.strictSame(bench.told, ['first', 'second'])
})

t.test('after stopping nothing is watched, due or told, not even by the look that was under way', async t => {
  const bench = new Bench()
  const watch = watchFiles(['f.yaml'], bench.options)
  await bench.finishLook()
  watch.stop()
  t.equal(bench.due.length, 0)
  t.equal(bench.folder, undefined)

  const busy = new Bench()
  watchFiles(['f.yaml'], busy.options).stop()
  await busy.finishLook()
  t.equal(busy.due.length, 0)
  t.strictSame(busy.told, [])
})

t.test('on a real disk: the swap of ..data that the kubelet makes is noticed by event', async t => {
  const folder = t.testdir({
    '..1': { f: 'first' },
    '..data': t.fixture('symlink', '..1'),
    f: t.fixture('symlink', '..data/f'),
  })
  const told = new PassThrough({ objectMode: true })
  const watch = watchFiles([join(folder, 'f')], {
    // Longer than any test: only an event can be what calls for the second look.
    pollInterval: 3_600_000,
    settleTime: 1,
    load: () => read(join(folder, 'f')),
    onChange: ({ digest }) => told.write(digest),
  })
  t.teardown(() => watch.stop())
  await once(told, 'readable')
  t.equal(told.read(), 'first')
  mkdirSync(join(folder, '..2'))
  writeFileSync(join(folder, '..2/f'), 'second')
  symlinkSync('..2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  await once(told, 'readable')
  t.equal(told.read(), 'second')
})

t.test('on a real disk: a folder that cannot be watched is looked at now and then', async t => {
  const folder = join(t.testdir(), 'later')
  const told = new PassThrough({ objectMode: true })
  const watch = watchFiles([join(folder, 'f')], {
    pollInterval: 5,
    load: () => read(join(folder, 'f')),
    onChange: ({ digest }) => told.write(digest),
  })
  t.teardown(() => watch.stop())
  await once(told, 'readable')
  t.equal(told.read(), 'unreadable')
  mkdirSync(folder)
  writeFileSync(join(folder, 'f.new'), 'first')
  renameSync(join(folder, 'f.new'), join(folder, 'f'))
  await once(told, 'readable')
  t.equal(told.read(), 'first')
})
