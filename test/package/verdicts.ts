let passed = 0
let failed = 0

/** Says what holds and what does not, and goes on. */
export function check(name: string, holds: boolean, said = ''): void {
  if (holds) passed += 1
  else failed += 1
  console.log(`${holds ? 'ok' : 'not ok'} - ${name}${holds ? '' : `\n${said}`}`)
}

/** Says how many held, and ends with status 1 if one did not. */
export function sumUp(): void {
  console.log(`# { total: ${passed + failed}, pass: ${passed}, fail: ${failed} }`)
  process.exitCode = failed === 0 ? 0 : 1
}
