import type { Arm } from '../plan/plan.ts'

/** How to start a target, and how to know that it is ready. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /**
   * `answers`: it speaks our protocol (src/kit/child.ts), is asked `start` with `config`, and says its port.
   * `port`: any program; it is ready once `port` accepts a connection.
   */
  readonly ready:
    | { readonly by: 'answers'; readonly config: unknown }
    | { readonly by: 'port'; readonly port: number }
}

/** A running backend, as a target is told of it. */
export interface BackendAddress {
  readonly url: URL
  readonly weight: number
}

/** What can be put under test. Ours goes through the same door as all others. */
export interface Target {
  readonly name: string
  readonly summary: string
  /** Our names of the algorithms that it has → its own name of each. */
  readonly algorithms: Readonly<Record<string, string>>
  /** Why it cannot run here, with what to install; undefined where it can. */
  unavailable(): Promise<string | undefined>
  /** What to start, with any configuration written into `scratch`; undefined: nothing, the backends are driven directly. */
  command(order: {
    readonly arm: Arm
    readonly backends: readonly BackendAddress[]
    readonly scratch: string
    readonly seed: number
    /** A free port, for programs that must be told theirs. */
    readonly port: number
  }): Promise<Command | undefined>
}
