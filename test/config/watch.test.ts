import { once } from 'node:events'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { formatFault } from '../../src/config/fault.ts'
import type { LoadedConfiguration } from '../../src/config/load.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { type WatchConfigurationOptions, watchConfiguration } from '../../src/config/watch.ts'

const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'

/** A watch alone keeps no process running; here it has to. */
const alive = setInterval(() => {}, 3_600_000)
t.teardown(() => clearInterval(alive))

/** Everything around a watch, turned by hand. */
class Bench {
  text = `${HEAD}mode: warn\n`
  readonly told: string[] = []
  /** What is due, with its delay. */
  readonly due: { task: () => void; milliseconds: number }[] = []
  folder: string | undefined
  change = () => {}
  #finish: ((loaded: LoadedConfiguration) => void) | undefined

  get options(): WatchConfigurationOptions {
    return {
      pollInterval: 1000,
      settleTime: 10,
      onSettings: ({ settings }) => this.told.push(settings.mode),
      onFaults: faults => this.told.push(...faults.map(fault => formatFault('f', fault))),
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
    this.#finish?.({ reading: parseConfiguration(this.text, 'f'), digest: this.text })
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
  watchConfiguration('/etc/regcred/f.yaml', bench.options)
  t.equal(bench.folder, '/etc/regcred')
  await bench.finishLook()
  t.equal(await bench.elapse(), 1000)
  t.equal(await bench.elapse(), 1000)
  t.strictSame(bench.told, ['warn'])
  t.equal(bench.due.length, 1)
})

t.test('what the caller has loaded already is not told', async t => {
  const bench = new Bench()
  watchConfiguration('f.yaml', { ...bench.options, since: bench.text })
  await bench.finishLook()
  t.strictSame(bench.told, [])
  bench.text = `${HEAD}mode: off\n`
  await bench.elapse()
  t.strictSame(bench.told, ['off'])
})

t.test('bad content is told once, and the last good one again when it comes back', async t => {
  const bench = new Bench()
  const good = bench.text
  watchConfiguration('f.yaml', bench.options)
  await bench.finishLook()
  bench.text = `${HEAD}mode: 3\n`
  await bench.elapse()
  await bench.elapse()
  bench.text = good
  await bench.elapse()
  t.strictSame(bench.told, ['warn', 'f:3:7: mode: must be one of off, audit, warn, enforce, found 3', 'warn'])
})

t.test('a change is looked at soon, once for all the events that it makes', async t => {
  const bench = new Bench()
  watchConfiguration('f.yaml', bench.options)
  await bench.finishLook()
  bench.change()
  bench.change()
  t.equal(bench.due.length, 1)
  bench.text = `${HEAD}mode: off\n`
  t.equal(await bench.elapse(), 10)
  t.strictSame(bench.told, ['warn', 'off'])
  t.equal(await bench.elapse(), 1000)
})

t.test('a change during a look is followed by another look, soon', async t => {
  const bench = new Bench()
  watchConfiguration('f.yaml', bench.options)
  bench.change()
  await bench.finishLook()
  bench.text = `${HEAD}mode: off\n`
  t.equal(await bench.elapse(), 10)
  t.strictSame(bench.told, ['warn', 'off'])
})

t.test('after stopping nothing is watched, due or told, not even by the look that was under way', async t => {
  const bench = new Bench()
  const watch = watchConfiguration('f.yaml', bench.options)
  await bench.finishLook()
  watch.stop()
  t.equal(bench.due.length, 0)
  t.equal(bench.folder, undefined)

  const busy = new Bench()
  watchConfiguration('f.yaml', busy.options).stop()
  await busy.finishLook()
  t.equal(busy.due.length, 0)
  t.strictSame(busy.told, [])
})

t.test('on a real disk: the swap of ..data that the kubelet makes is noticed by event', async t => {
  const folder = t.testdir({
    '..1': { 'f.yaml': `${HEAD}mode: warn\n` },
    '..data': t.fixture('symlink', '..1'),
    'f.yaml': t.fixture('symlink', '..data/f.yaml'),
  })
  const modes = new PassThrough({ objectMode: true })
  const watch = watchConfiguration(join(folder, 'f.yaml'), {
    // Longer than any test: only an event can be what calls for the second look.
    pollInterval: 3_600_000,
    settleTime: 1,
    onSettings: ({ settings }) => modes.write(settings.mode),
    onFaults: faults => modes.write(faults),
  })
  t.teardown(() => watch.stop())
  await once(modes, 'readable')
  t.equal(modes.read(), 'warn')
  mkdirSync(join(folder, '..2'))
  writeFileSync(join(folder, '..2/f.yaml'), `${HEAD}mode: enforce\n`)
  symlinkSync('..2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  await once(modes, 'readable')
  t.equal(modes.read(), 'enforce')
})

t.test('on a real disk: a folder that cannot be watched is looked at now and then', async t => {
  const folder = join(t.testdir(), 'later')
  const told = new PassThrough({ objectMode: true })
  const watch = watchConfiguration(join(folder, 'f.yaml'), {
    pollInterval: 5,
    onSettings: ({ settings }) => told.write(settings.mode),
    onFaults: ([fault]) => told.write(fault?.message),
  })
  t.teardown(() => watch.stop())
  await once(told, 'readable')
  t.equal(told.read(), 'no such file')
  mkdirSync(folder)
  writeFileSync(join(folder, 'f.yaml.new'), `${HEAD}mode: enforce\n`)
  renameSync(join(folder, 'f.yaml.new'), join(folder, 'f.yaml'))
  await once(told, 'readable')
  t.equal(told.read(), 'enforce')
})
