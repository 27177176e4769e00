import { describeHost } from '../../host/describe-host.ts'
import { type PlacementHost, placementHost } from '../../lab/cores.ts'
import { openTempDir, type TempDir } from '../../lab/temp-dir.ts'
import type { Host } from '../../result/document.ts'
import { type Noise, readNoise } from '../../store/noise-store.ts'
import { runTrial } from './trial.ts'

/** The surroundings that all trials of one command share: the host, a temporary folder, and the signal that ends them. */
export interface Session extends AsyncDisposable {
  readonly host: Host
  /** CPUs that processes can be placed on. */
  readonly placement: PlacementHost
  /** Noise floor of the host; undefined where `lb selftest` has not measured it. */
  readonly noise: Noise | undefined
  /** Holds configurations and logs; removed at the end, unless something in it explains a failure. */
  readonly tempDir: TempDir
  /** When it aborts, the current trial is discarded; earlier trials are kept. */
  readonly signal: AbortSignal
  readonly runTrial: typeof runTrial
}

/** Opens a session, with real trials unless a test replaces them. */
export async function openSession(
  options: Pick<Session, 'signal'> & Partial<Pick<Session, 'runTrial'>>,
): Promise<Session> {
  const placement = await placementHost()
  const host = await describeHost(placement.available.count)
  const noise = await readNoise(host.fingerprint)
  const tempDir = await openTempDir()
  return {
    ...{ host, placement, noise, tempDir, runTrial, ...options },
    [Symbol.asyncDispose]: () => tempDir[Symbol.asyncDispose](),
  }
}
