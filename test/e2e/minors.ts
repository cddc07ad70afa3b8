import { runTests, type TestPlace } from '../processes/tap.ts'
import { buildControlPlane, buildOracle, buildOracleWithJsonV2, listMinors } from './build/minors.ts'
import { JSON_V2 } from './kubelet/known-differences.ts'

/** Compares what we say with what the kubelet says. */
const DIFFERENTIAL = /^test\/e2e\/kubelet\//
/** What asks an API server. The stand-ins and the building of the pinned version are the same with every minor. */
const ON_AN_API_SERVER = /^test\/e2e\/(advice|chart|faults|regcred|review|shares)\//

/**
 * Runs the tests with the other minors of Kubernetes that the chart claims: the comparison with the kubelet's rules for all,
 * and whatever asks an API server for the oldest. The newest is the pinned one, with which everything else is run.
 *
 * @param seconds that one file may take
 * @param env what the tests need beside that
 * @returns the exit status
 */
export async function runMinors(files: readonly string[], seconds: number, env: NodeJS.ProcessEnv): Promise<number> {
  let code = 0
  const run = async (what: string, pattern: RegExp, build: () => Promise<NodeJS.ProcessEnv>) => {
    const wanted = files.filter(file => pattern.test(file))
    if (wanted.length === 0) return
    const place: TestPlace = { prefix: [], env: { ...env, ...(await build()) } }
    console.log(`# ${what}`)
    code = (await runTests(wanted, seconds, place)) || code
  }
  const minors = await listMinors()
  for (const minor of minors) {
    const oracle = async () => ({
      REGCRED_ORACLE: await buildOracle(minor),
      REGCRED_ORACLE_VERSION: minor.version,
    })
    await run(`the kubelet's rules of ${minor.version}`, DIFFERENTIAL, oracle)
  }
  const oracle = async () => ({
    REGCRED_ORACLE: await buildOracleWithJsonV2(),
    REGCRED_ORACLE_VERSION: JSON_V2,
  })
  await run("the kubelet's rules with the JSON of Go 1.27", DIFFERENTIAL, oracle)
  const [oldest] = minors
  if (oldest === undefined) throw new Error('test/e2e/kubernetes/minors pins no minor')
  const assets = async () => ({ KUBEBUILDER_ASSETS: await buildControlPlane(oldest) })
  await run(`the API server of ${oldest.version}`, ON_AN_API_SERVER, assets)
  return code
}
