/** CPU time of a running Worker's whole process; Cloudflare bills only a part of it. */
import { readFileSync } from 'node:fs'
import type { RunningWorker } from '../workerd/run.ts'
import { fire, type Shot } from './load.ts'

/** Milliseconds of CPU that a process has used; Linux only, 0 elsewhere. Fields 14 and 15 of proc(5) stat, at 100 Hz. */
export function cpuMs({ pid }: RunningWorker): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

/** Milliseconds of CPU for each call. Throws if a call fails, because a refusal costs less than the work. */
export async function cpuPerCall(worker: RunningWorker, shots: readonly Shot[], callers: number): Promise<number> {
  const before = cpuMs(worker)
  const { failed } = await fire(worker.url, shots, callers)
  if (failed > 0) throw new Error(`${failed} of ${shots.length} calls of ${shots[0]?.path} failed`)
  return (cpuMs(worker) - before) / shots.length
}
