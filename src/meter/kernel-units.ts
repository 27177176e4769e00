import { execFileSync } from 'node:child_process'

/** Units of this kernel's counters. */
export interface KernelUnits {
  /** Clock ticks per second. */
  readonly ticks: number
  /** Bytes per page of memory. */
  readonly pageBytes: number
}

let cached: KernelUnits | undefined

/** Read once with `getconf`; where that is missing, the values of almost every Linux machine. */
export function kernelUnits(): KernelUnits {
  cached ??= { ticks: getconf('CLK_TCK') ?? 100, pageBytes: getconf('PAGESIZE') ?? 4096 }
  return cached
}

function getconf(name: string): number | undefined {
  try {
    return Number(execFileSync('getconf', [name], { encoding: 'utf8' }))
  } catch {
    return undefined
  }
}
