#!/usr/bin/env node
// What kubectl calls as kubectl_complete-regcred for what is typed after `kubectl regcred`.
process.argv.splice(2, 0, '__complete', '--')
await import('./regcred.js')
