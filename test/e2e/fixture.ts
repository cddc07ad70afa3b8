import { type ControlPlane, startControlPlane } from './control-plane/control-plane.ts'
import { type Regcred, type RegcredOptions, startRegcred } from './regcred/regcred.ts'

/** What of a tap test is needed here. */
export interface Owner {
  teardown(stop: () => Promise<unknown>): void
}

/** Starts a control plane for this test, and stops it after it. */
export async function withControlPlane(t: Owner): Promise<ControlPlane> {
  const controlPlane = await startControlPlane()
  t.teardown(() => controlPlane.stop())
  return controlPlane
}

/** Starts a control plane with regcred in front of it for this test, and stops both after it. */
export async function withCluster(
  t: Owner,
  options?: RegcredOptions,
): Promise<{ controlPlane: ControlPlane; regcred: Regcred }> {
  const controlPlane = await startControlPlane()
  return { controlPlane, regcred: await startBeside(t, controlPlane, () => startRegcred(controlPlane, options)) }
}

/** Starts something beside a control plane, and stops both after the test; the control plane at once if that fails. */
export async function startBeside<T extends { stop(): Promise<unknown> }>(
  t: Owner,
  controlPlane: ControlPlane,
  start: () => Promise<T>,
): Promise<T> {
  try {
    const started = await start()
    t.teardown(async () => {
      await started.stop()
      await controlPlane.stop()
    })
    return started
  } catch (error) {
    await controlPlane.stop()
    throw error
  }
}
