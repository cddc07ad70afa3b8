import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

/** What gives every dispatcher its `request()`. */
const MIXIN = 'Object.assign(Dispatcher.prototype, api)'

const PARTS = `
const Dispatcher = require('./lib/dispatcher/dispatcher')
const api = require('./lib/api')
${MIXIN}
module.exports.Agent = require('./lib/dispatcher/agent')
module.exports.ProxyAgent = require('./lib/dispatcher/proxy-agent')
`

/** We speak HTTP/1.1 (docs/adr/0002), and Node's module of HTTP/2 is large. */
const NO_HTTP2 = `module.exports = () => { throw new Error('HTTP/2 is not in this bundle') }`

/**
 * Bundles of undici the two agents that are used, and not WebSocket, caches, mocks and HTTP/2: to load these is a fifth of what a command
 * costs that asks a cluster once.
 */
export const undiciParts: Plugin = {
  name: 'undici-parts',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/undici\/index\.js$/ }, ({ path }) => {
      if (!readFileSync(path, 'utf8').includes(MIXIN)) throw new Error('undici has been changed; see here')
      return { contents: PARTS, loader: 'js' }
    })
    build.onLoad({ filter: /\/undici\/lib\/dispatcher\/client-h2\.js$/ }, () => ({ contents: NO_HTTP2, loader: 'js' }))
  },
}
