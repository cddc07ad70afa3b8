import { registerHooks } from 'node:module'

/**
 * Loaded before the program with Node's `--import`: whatever of ours imports a package that is not in ALLOWED_PACKAGES fails,
 * and so does the program.
 */
const allowed = (process.env['ALLOWED_PACKAGES'] ?? '').split(',')

registerHooks({
  resolve(specifier, { parentURL, ...context }, next) {
    const isOurs = parentURL?.includes('/node_modules/') === false
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    if (isOurs && !/^(\.|node:|file:|data:|\/)/.test(specifier) && !allowed.includes(name)) {
      throw new Error(`${parentURL} loads ${specifier}`)
    }
    return next(specifier, { parentURL, ...context })
  },
})
