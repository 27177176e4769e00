import type { Arm } from '../plan/plan.ts'

/** How a target comes to run, and how to know that it is ready. */
export type Start =
  /** A module of ours that speaks src/kit/rpc.ts: asked `start` with `config`, it says its port. */
  | { readonly by: 'answers'; readonly module: string; readonly config: unknown }
  /** Any program: it runs in the foreground, and is ready once `port` accepts a connection. */
  | {
      readonly by: 'port'
      readonly file: string
      readonly args: readonly string[]
      readonly env?: Readonly<Record<string, string>>
      readonly port: number
    }
  /** Nothing to start: it answers at `url` already. With `pid` its costs can be read. */
  | {
      readonly by: 'running'
      readonly url: URL
      readonly pid?: number | undefined
      /** Whether the backends that it was given are the ones behind it. */
      readonly ourBackends: boolean
    }

/** A running backend, as a target is told of it. */
export interface BackendAddress {
  readonly url: URL
  readonly weight: number
}

/** What a target is asked to balance, and with what. */
export interface TargetOptions {
  readonly arm: Arm
  readonly backends: readonly BackendAddress[]
  /** A folder of its own, for its configuration and whatever it writes. */
  readonly folder: string
  readonly seed: number
  /** A free port, for programs that must be told theirs. */
  readonly port: number
  readonly settings?: TargetSettings | undefined
}

/** What only the user can say of a target. */
export interface TargetSettings {
  /** A configuration of the user's own, with `{placeholders}`, in place of the one that lb writes. */
  readonly template?: string | undefined
  /** For `url`: where it answers. */
  readonly url?: string | undefined
  /** For `url`: its first process, if its costs are to be read. */
  readonly pid?: number | undefined
  /** For `command`: what to run, with `{port}` and `{backends}`. */
  readonly command?: string | undefined
}

/** What can be put under test. Ours goes through the same door as all others. */
export interface Target {
  readonly name: string
  readonly summary: string
  /** Our names of the algorithms that it has → its own name of each. */
  readonly algorithms: Readonly<Record<string, string>>
  /** The setting without which there is nothing to put under test. */
  readonly needs?: 'url' | 'command'
  /** Why it cannot run here, with what to install; undefined where it can. */
  unavailable(): Promise<string | undefined>
  /** Version of what would run; undefined where nothing would, or where it does not tell. */
  version(): Promise<string | undefined>
  /** The configuration that it would be started with; undefined where it has none that people write. */
  configuration?(options: TargetOptions): string
  /** The line of shell that it would be started with; undefined where nothing of others is started. */
  commandLine?(options: TargetOptions): string
  /** What in the user's own configuration makes a comparison unfair, each in a sentence. */
  warnings?(options: TargetOptions): readonly string[]
  /**
   * Writes its configuration into the scratch folder, has it checked where the program can do that, and
   * says how to start it.
   * @throws {UsageError} it cannot be configured so
   */
  prepare(options: TargetOptions): Promise<Start>
}
