import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** Loaded before the program with Node's `--import`: writes the files that it loads, a line each, to the file LOADED. */
const loaded: string[] = []
registerHooks({
  load(url, context, next) {
    loaded.push(url)
    return next(url, context)
  },
})
process.on('exit', () => writeFileSync(process.env['LOADED'] ?? '', loaded.join('\n')))
