#!/usr/bin/env node
// Plain JavaScript that any Node can run, so that an old one gets a sentence instead of a stack.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`regcred: needs Node 22.19 or newer, this is ${process.versions.node}; install a newer one\n`)
  process.exit(2)
}
await import('../dist/cli.js')
