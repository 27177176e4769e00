import type { Arm } from '../plan/plan.ts'
import type { Transport } from '../plan/transport.ts'
import type { ConfigWarning } from './config-lint.ts'

/** How to start a target, and how to know that it is ready. Another build of lb may have returned it (src/targets/reference.ts), so its field names must not change. */
export type Start =
  /** A module of lb that serves src/kit/rpc.ts: `start`, called with `config`, returns its port. */
  | { readonly by: 'answers'; readonly module: string; readonly config: unknown }
  /** Any program: it runs in the foreground, and is ready once `port` accepts a connection. */
  | {
      readonly by: 'port'
      readonly file: string
      readonly args: readonly string[]
      readonly env?: Readonly<Record<string, string>>
      readonly port: number
    }
  /** Nothing to start: it runs already. With `pid` its costs can be read. */
  | {
      readonly by: 'running'
      readonly url: URL
      readonly pid?: number | undefined
      /** Whether the plan's backends are behind it. */
      readonly ourBackends: boolean
    }

/** A running backend, as targets are configured with it. */
export interface BackendAddress {
  readonly url: URL
  readonly weight: number
}

/** The admin port that a target is to open for profiles: on the loopback address, and with this token where it has tokens. */
export interface AdminAccess {
  readonly port: number
  readonly token: string
}

/** Options from which a target is configured. */
export interface TargetOptions {
  readonly arm: Arm
  readonly backends: readonly BackendAddress[]
  /** An address whose connections go to all backends by their weights, for a load without a balancer. */
  readonly entry?: URL | undefined
  /** A directory of its own, for its configuration and other files. */
  readonly folder: string
  readonly seed: number
  /** Whether the reference balancer times the steps of requests. */
  readonly timesSteps?: boolean | undefined
  /** A free port, for programs that must be given theirs. */
  readonly port: number
  /** The address to listen on, where the target is started on another host. */
  readonly address?: string | undefined
  readonly settings?: TargetSettings | undefined
  /** Whether the caller changes the configuration before it starts the target, which then has to check it. */
  readonly unchecked?: boolean | undefined
  /** Where it serves profiles of itself; undefined: nowhere. A target that cannot ignores it. */
  readonly admin?: AdminAccess | undefined
}

/** The user's settings of a target. For `url`: also how connections to it are made. */
export interface TargetSettings extends Transport {
  /** The user's own configuration, with `{placeholders}`, instead of the one that lb writes. */
  readonly template?: string | undefined
  /** For `url`: its address: see src/plan/target-url.ts. */
  readonly url?: string | undefined
  /** For `url`: its first process, whose costs are read. */
  readonly pid?: number | undefined
  /** For `command`: the shell command, with `{port}` and `{backends}`. */
  readonly command?: string | undefined
}

/** A target: what can be put under test. The reference balancer is one like all others. */
export interface Target {
  readonly name: string
  readonly summary: string
  /** Algorithms: the name in lb → the name in the target. */
  readonly algorithms: Readonly<Record<string, string>>
  /** Whether it can be given a number of workers although it has no algorithms: by `{workers}` in its command. */
  readonly takesWorkers?: boolean
  /** A setting that it requires. */
  readonly needs?: 'url' | 'command'
  /** Why it cannot run on this host, and how to install it, as `REASON: REMEDY`; undefined where it can. */
  unavailable(): Promise<string | undefined>
  /** Version of the program; undefined where there is none, or where it does not print it. */
  version(): Promise<string | undefined>
  /** The text of its configuration; undefined for targets without a configuration file. */
  configuration?(options: TargetOptions): string
  /** The command line that starts it; undefined for targets that start no third-party program. */
  commandLine?(options: TargetOptions): string
  /** Configuration warnings: settings of the user's own configuration that make a comparison unfair. */
  warnings?(options: TargetOptions): readonly ConfigWarning[]
  /**
   * Writes its configuration into `folder`, lets the program check it where it can, and
   * returns how to start it.
   * @throws {UsageError} it cannot be configured with these options
   */
  prepare(options: TargetOptions): Promise<Start>
}
