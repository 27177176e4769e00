import type { TempDir } from '../lab/temp-dir.ts'
import { type TestBeds, testBeds } from '../lab/test-beds.ts'
import type { EngineName } from './engine-names.ts'

/** The session that an engine serves. */
interface EngineSession {
  readonly tempDir: Pick<TempDir, 'path'>
  readonly signal: AbortSignal
}

/** A node, as results have it. */
export interface EngineNode {
  readonly name: string
  /** Drivers that it has. */
  readonly drivers: number
  /** Whether it has the backends, and the target. */
  readonly backends?: true
  readonly target?: true
  /** CPUs that processes may use there. */
  readonly cpus: number
  /** Milliseconds that its clock is ahead of that of this host, and the maximum error of that. */
  readonly clockOffsetMs: number
  readonly clockBoundMs: number
  /** Its seconds in each second of the clock of this host, and the maximum error of that; once they were read. */
  readonly clockRate?: number
  readonly clockRateBound?: number
}

/** Test beds of an engine, and the nodes that it has used so far: none for processes of this host. */
export interface EngineBeds extends TestBeds {
  readonly nodes: readonly EngineNode[]
  /** Reads how fast the clocks of the nodes ran, for `nodes`, after a load. */
  readClocks(): Promise<void>
}

/**
 * An engine places and starts the drivers, and backends and a target: on this host, or under agents on nodes. It has the interface
 * of test beds: a lease launches them, they serve calls and send messages, a lost one has exited, and the end of the session
 * stops them.
 */
export interface Engine {
  readonly name: EngineName
  /** Whether it starts backends, and the reference balancer, where its drivers can reach them. */
  readonly starts: Readonly<Record<'backends' | 'target', boolean>>
  /** Test beds whose processes the engine starts. */
  beds(session: EngineSession): EngineBeds
}

/** Processes of this host. */
export const localEngine: Engine = {
  name: 'local',
  starts: { backends: true, target: true },
  beds: ({ tempDir }) => ({ ...testBeds(tempDir), nodes: [], readClocks: async () => {} }),
}
