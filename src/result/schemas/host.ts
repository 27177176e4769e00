import { z } from 'zod'
import { bytes } from './values.ts'

/** The machine and the software of a run. */
export const host = z.strictObject({
  cpuModel: z.string(),
  /** CPUs of the machine, and CPUs that this process may use (affinity and quota). */
  cpus: z.int().positive(),
  cpusAvailable: z.number().positive(),
  memoryBytes: bytes,
  os: z.string(),
  kernel: z.string(),
  node: z.string(),
  /** Versions of the packages that take part in measuring. */
  packages: z.record(z.string(), z.string()),
  /** Hash of the fields that must be equal for two results to be compared: CPU model and count, memory, kernel, Node. */
  fingerprint: z.string(),
})
