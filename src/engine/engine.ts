import type { TempDir } from '../lab/temp-dir.ts'
import { type TestBeds, testBeds } from '../lab/test-beds.ts'
import type { EngineName } from './engine-names.ts'

/** The session that an engine serves. */
interface EngineSession {
  readonly tempDir: Pick<TempDir, 'path'>
  readonly signal: AbortSignal
}

/**
 * An engine places and starts the drivers: on this host, or under agents on nodes. It has the interface of test beds: a lease
 * launches them, they serve calls and send messages, a lost one has exited, and the end of the session stops them.
 */
export interface Engine {
  readonly name: EngineName
  /** Test beds whose drivers the engine starts. */
  beds(session: EngineSession): TestBeds
}

/** Drivers as processes of this host. */
export const localEngine: Engine = {
  name: 'local',
  beds: ({ tempDir }) => testBeds(tempDir),
}
