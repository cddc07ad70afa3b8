import { readdirSync, readFileSync } from 'node:fs'

/**
 * Nanoseconds of CPU that all threads of a process have used that run still. The scheduler knows the time of each to the nanosecond, where
 * the time of a process comes in ticks of 10 ms.
 */
export function cpuOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map(thread => threadCpuOf(pid, Number(thread)))
    .reduce((sum, nanoseconds) => sum + nanoseconds, 0)
}

/** The same of one thread; the main one has the number of its process. */
export function threadCpuOf(pid: number, thread: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0])
}
