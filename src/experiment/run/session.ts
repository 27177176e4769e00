import type { LoadObserver } from '../../driver/fleet/drive-fleet.ts'
import { type Engine, type EngineBeds, localEngine } from '../../engine/engine.ts'
import { describeHost } from '../../host/describe-host.ts'
import { type PlacementHost, placementHost } from '../../lab/cores.ts'
import type { Lab } from '../../lab/lab.ts'
import { type SpareProcesses, spareProcesses } from '../../lab/spare-processes.ts'
import { openTempDir, type TempDir } from '../../lab/temp-dir.ts'
import type { Host, Measurement } from '../../result/document.ts'
import { type Noise, readNoise } from '../../store/noise-store.ts'
import { keptMeters } from './kept-meters.ts'
import { runTrial, type TrialOptions } from './trial.ts'
import { openTrialLab, type TrialLabOptions } from './trial-lab.ts'

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
  /** What starts the processes of trials. */
  readonly engine: Engine
  /** Drivers and backends that are kept from trial to trial. */
  readonly beds: EngineBeds
  /** Where the process of the next target is started ahead. */
  readonly spares: SpareProcesses
  /**
   * Runs one trial.
   * @throws {ProcessError} a process could not be started, or died
   */
  runTrial(options: TrialOptions): Promise<Measurement>
  /**
   * Starts the processes of several trials, each of which gets them as its `lab`.
   * @throws {ProcessError} a process could not be started, or died
   */
  openLab(options: TrialLabOptions): Promise<Lab>
}

/** The signal that ends a session, and who follows its loads; tests replace its trials. */
interface SessionOptions
  extends Pick<Session, 'signal'>,
    Partial<Pick<Session, 'runTrial' | 'openLab'>> {
  readonly observer?: LoadObserver | undefined
  /** Processes of this host, unless it is given. */
  readonly engine?: Engine | undefined
}

/** Opens a session, with real trials unless a test replaces them. */
export async function openSession({
  observer,
  engine = localEngine,
  ...options
}: SessionOptions): Promise<Session> {
  const placement = await placementHost()
  const host = await describeHost(placement.available.count)
  const noise = await readNoise(host.fingerprint)
  await using opened = new AsyncDisposableStack()
  const tempDir = opened.use(await openTempDir())
  const beds = opened.use(engine.beds({ tempDir, signal: options.signal }))
  const spares = opened.use(spareProcesses(tempDir))
  const meters = opened.use(keptMeters(tempDir))
  const kept = opened.move()
  return {
    ...{ host, placement, noise, tempDir, engine, beds, spares },
    runTrial: (trial) => runTrial(trial, { beds, meters, spares, observer }),
    openLab: (lab) => openTrialLab(lab, { beds, spares }),
    ...options,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
