import { z } from 'zod'

/** One fact of a running target that shows that a knob took effect, and where it is read. */
const readBack = z.strictObject({
  /**
   * `settings`: a field of the settings that the reference balancer reports, such as `limits.pool`. `workers`: a limit of the
   * heap of each of its workers. `environment`: a variable of its process. `processes`, `threads`: how many there are.
   * `configuration`: a line of the file that its command line names. `protocol`: of the driver's connections.
   * `backend-protocol`: of the requests that the backends responded to.
   */
  from: z.enum([
    'settings',
    'workers',
    'environment',
    'processes',
    'threads',
    'configuration',
    'protocol',
    'backend-protocol',
  ]),
  /** The field, the variable or the line; empty where `from` says it all. */
  what: z.string(),
  /** The value as text; of settings: as JSON, or `present`; of a line: `present` or `absent`. */
  is: z.string(),
})
export type ReadBack = z.infer<typeof readBack>

/** A knob that an arm has turned away from its default, and all that a target needs for it. */
export const turn = z.strictObject({
  knob: z.string().min(1),
  /** As text, for display: `64`, `off`. */
  value: z.string(),
  /** Fields of the reference balancer's configuration, merged into it. */
  config: z.record(z.string(), z.json()).optional(),
  /** Texts in the configuration template of another program, each of which must be there, and its replacement. */
  edits: z.array(z.strictObject({ find: z.string().min(1), put: z.string() })).optional(),
  /** Variables of the environment of the target. */
  env: z.record(z.string(), z.string()).optional(),
  /** The driver speaks HTTP/2, with so many requests at once on each connection and as many fewer connections. */
  http2Streams: z.int().positive().optional(),
  /** The reference balancer gets the addresses of its backends as `h2c://`. */
  http2Backends: z.literal(true).optional(),
  readBack: z.array(readBack),
})
export type Turn = z.infer<typeof turn>
