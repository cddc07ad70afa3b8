import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { POD_NETWORK } from '../containerd.ts'
import { WITH_SYSTEM_PROGRAMS } from '../kubelet.ts'

/** The port for reviews, which the kubelet has as well, at another address. */
const PORT = '10250'

/**
 * Has whatever the API server sends to regcred's Pods get lost, on connections that there are and new ones, as a firewall between
 * them does. Probes have another port.
 *
 * @param address one Pod, or all of them
 * @returns takes the firewall away
 */
export async function putFirewall(address: string = POD_NETWORK): Promise<() => Promise<void>> {
  const rule = ['OUTPUT', '--destination', address, '--protocol', 'tcp', '--dport', PORT, '--jump', 'DROP']
  const iptables = (...args: readonly string[]) =>
    promisify(execFile)('iptables', ['--wait', ...args], { env: WITH_SYSTEM_PROGRAMS })
  await iptables('--insert', ...rule)
  return async () => void (await iptables('--delete', ...rule))
}
