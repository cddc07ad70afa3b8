import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

/** All that client-node's OIDC needs of that file. */
const NEEDED = 'bufferFromFileOrString'

/**
 * Bundles client-node's OIDC with the one function that it takes from `config.js`, cut out of that file as it is, and without
 * the rest: models of every kind of Kubernetes and what uploads files to Pods, a fifth of the bundle that nothing loads.
 */
export const oidcConfig: Plugin = {
  name: 'oidc-config',
  setup(build) {
    build.onLoad({ filter: /\/client-node\/dist\/oidc_auth\.js$/ }, ({ path }) => {
      const own = readFileSync(path, 'utf8')
      const config = readFileSync(join(dirname(path), 'config.js'), 'utf8')
      const needed = new RegExp(`^export (function ${NEEDED}\\(.*?^\\})`, 'ms').exec(config)?.[1]
      const imported = `import { ${NEEDED} } from './config.js';`
      if (needed === undefined || !own.includes(imported)) throw new Error('client-node has been changed; see here')
      return { contents: own.replace(imported, `import fs from 'node:fs';\n${needed}`), loader: 'js' }
    })
  },
}
