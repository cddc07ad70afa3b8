import { poll } from '../../processes/poll.ts'
import type { Kubectl } from './kubectl.ts'

/** Waits until a namespace that was just made has its ServiceAccount, without which it takes no Pods. */
export async function waitForAccount(kubectl: Kubectl, namespace: string): Promise<void> {
  await poll(`namespace ${namespace} has its ServiceAccount`, async () => {
    const { code } = await kubectl(['get', 'serviceaccount', 'default', `--namespace=${namespace}`])
    return code === 0 ? true : undefined
  })
}
