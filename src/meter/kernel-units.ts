import { execFileSync } from 'node:child_process'

/** Units in which this kernel counts. */
export interface KernelUnits {
  /** Clock ticks a second. */
  readonly ticks: number
  /** Bytes in a page of memory. */
  readonly pageBytes: number
}

let known: KernelUnits | undefined

/** Asks once; where `getconf` is missing, what Linux uses on almost every machine. */
export function kernelUnits(): KernelUnits {
  known ??= { ticks: ask('CLK_TCK') ?? 100, pageBytes: ask('PAGESIZE') ?? 4096 }
  return known
}

function ask(name: string): number | undefined {
  try {
    return Number(execFileSync('getconf', [name], { encoding: 'utf8' }))
  } catch {
    return undefined
  }
}
