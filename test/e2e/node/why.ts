import type { Test } from 'tap'
import { type Login, Reader } from '../advice/follow.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { Manifest } from '../control-plane/objects.ts'
import { waitForPod } from './watch-pods.ts'

/** What `regcred why` says of a Pod that waits, and what it says to do. */
interface Cause {
  readonly cause: RegExp
  readonly next: RegExp
}

const MISSING = {
  cause: /^Secret "regcred" does not exist in namespace /,
  next: /^Correct the name, or create it: kubectl create secret docker-registry regcred /,
}
const OPAQUE = /^Secret "regcred" has type Opaque, so Kubernetes does not use it\.$/
const RECREATE = /^Recreate it: kubectl create secret docker-registry regcred /

/** Each mistake of the page, by its namespace. */
const CAUSES: Readonly<Record<string, Cause>> = {
  misspelt: {
    cause: /^Secret "regcerd" does not exist /,
    next: /^Did you mean "(regcred)"\? Write it in spec\.imagePullS/,
  },
  'without-a-reference': {
    cause: /^No pull secret is listed for .*"regcred" has/,
    next: /^Add "(regcred)" to spec\.imagePullS/,
  },
  missing: MISSING,
  'in-another-namespace': MISSING,
  opaque: { cause: OPAQUE, next: RECREATE },
  'opaque-beside-a-good-one': { cause: OPAQUE, next: RECREATE },
  'from-a-credential-store': { cause: /only the name of the credential store "desktop"\.$/, next: RECREATE },
  'with-a-wrong-password': {
    cause:
      /^Secret "regcred" has a login for this image, and the registry turned it down: the password is probably wrong/,
    next: /^Renew them: kubectl create secret docker-registry regcred /,
  },
}

interface Mistakes {
  /** The Pod of the page. */
  readonly pod: Manifest
  readonly login: Login
  /** Of the namespaces. */
  readonly suffix: string
}

/** Of each Pod that waits it is asked why, what is said is typed, and then the Pod runs. */
export function testWhy(t: Test, controlPlane: ControlPlane, { pod, login, suffix }: Mistakes): void {
  const { kubectl } = controlPlane
  t.test('regcred why names the cause of each, and what it says to do, typed, makes the Pod run', async t => {
    const person = await Reader.at(controlPlane, t.testdir({}), login)
    const ask = (there: string, ...flags: readonly string[]) =>
      person.type(`regcred why private-reg --namespace ${there} ${flags.join(' ')}`)
    for (const [name, { cause, next }] of Object.entries(CAUSES)) {
      const there = `${name}${suffix}`
      const { code, stdout, stderr } = await ask(there, '-o', 'json')
      t.match({ code, stderr }, { code: 1, stderr: '' }, name)
      const [said] = JSON.parse(stdout).containers
      const last = said.next.at(-1)
      t.match({ ...said, next: last }, { error: { kind: 'unauthorized' }, cause, next }, name)
      const [, reference] = next.exec(last) ?? []
      const spec = pod['spec'] as object
      await person.write({ ...pod, spec: { ...spec, imagePullSecrets: [{ name: reference ?? 'regcred' }] } })
      const [typed = ''] = /kubectl .*$/.exec(last) ?? []
      t.match(await person.type(typed), { code: 0 }, typed)
    }
    for (const name of Object.keys(CAUSES)) await waitForPod(kubectl, `${name}${suffix}`, 'private-reg', 'Running')
    t.match(await ask(`misspelt${suffix}`), { code: 0, stdout: /does not wait for an image\.\n$/ })
    t.match(await person.type(`regcred why deployment/web --namespace misspelt${suffix}`), {
      code: 2,
      stderr: /Deployment "web" does not exist/,
    })
  })
}
