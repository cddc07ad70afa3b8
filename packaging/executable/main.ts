// What the single file runs. kubectl asks kubectl_complete-regcred for what is typed after `kubectl regcred`: the file by another name.
import { basename } from 'node:path'

if (basename(process.argv0).startsWith('kubectl_complete-')) process.argv.splice(2, 0, '__complete', '--')
import('../../src/cli.ts')
