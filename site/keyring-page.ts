import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from '../packaging/bundle.ts'
import { readPackages } from '../packaging/bundled-packages.ts'
import { writeNotices } from '../packaging/notices.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** A key in a tag: drawn by us. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/><circle cx="5.5" cy="8" r="2.5" fill="none" stroke="#fff" stroke-width="1.6"/><path d="M8 8h5.5M11 8v2.2M13 8v1.6" stroke="#fff" stroke-width="1.6" fill="none"/></svg>`

/**
 * Makes the page: one file that holds all it needs, with the code of `src/kubelet` and `src/policy` in it. What may run and look in it
 * is named by its hash, and it may open no connection.
 */
export async function makeKeyringPage(): Promise<string> {
  const { text: style } = await bundle('site/keyring/style.css')
  const { text, packages } = await bundle('site/keyring/page.ts')
  const script = text.replaceAll('</script', '<\\/script')
  const policy = [
    "default-src 'none'",
    "connect-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  const parts: Readonly<Record<string, string>> = {
    CONTENT_SECURITY_POLICY: policy,
    ICON: `data:image/svg+xml,${encodeURIComponent(ICON)}`,
    STYLE: style,
    REGCRED_VERSION: JSON.parse(read('package.json')).version,
    KUBERNETES_VERSION: /k8s\.io\/kubernetes v(\S+)/.exec(read('test/e2e/kubernetes/go.mod'))?.[1] ?? '',
    SCRIPT: script,
    NOTICES: writeNotices(packages).replaceAll('-->', '-- >'),
  }
  return read('site/keyring/index.html').replace(
    /(?:\/\* )?\b([A-Z_]+)\b(?: \*\/)?/g,
    (all, word) => parts[word] ?? all,
  )
}

/** One file with all that it imports. It is for browsers, so a module of Node's in its reach is an error. */
async function bundle(file: string) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  })
  return { text: outputFiles.map(({ text }) => text.trim()).join('\n'), packages: readPackages([metafile]) }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
