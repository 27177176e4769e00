import { z } from 'zod'

/** The heap of each worker thread, in MiB: Node's `resourceLimits`. */
export const memorySettings = z.strictObject({
  // What a request allocates is garbage once it has its response, so a larger one only costs memory; without a limit V8
  // grows it with the load. docs/decisions/0007-data-path.md.
  youngGeneration: z
    .int()
    .min(1)
    .max(1024)
    .default(6)
    .describe(
      'MiB of the young generation of its heap: a larger one is collected less often, and takes more memory.',
    ),
  oldSpace: z
    .int()
    .min(16)
    .max(65_536)
    .optional()
    .describe(
      'MiB of the old space of its heap, beyond which the worker is replaced. Without it: as V8 chooses, by the memory of the host.',
    ),
})
