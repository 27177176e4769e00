import { seeded } from '../../kit/random.ts'
import { algorithmSettings } from '../config/algorithm-settings.ts'
import { backendAddress } from '../config/backend-address.ts'
import type { BalancerSettings } from '../config/config.ts'
import { backendValidation } from '../config/validate-backends.ts'
import { controlHealth, type HealthControl } from '../health/control.ts'
import type { HealthColumns } from '../health/health-memory.ts'
import { ejectionNotes, pauseNotes } from '../observe/pause-ring.ts'
import { sharedClock } from '../shared/clock.ts'
import type { Shared } from '../worker/shared-memory.ts'

/** Maximum seconds that a suspected backend has to respond, as long as an active check by default. */
const maxConfirmTimeout = 2

/**
 * Adds the configured backends to the shared memory and controls their health from then on. Runs on the
 * main thread, before any worker starts.
 *
 * @param previous health before the configuration was read again
 * @throws UsageError when the algorithm rejects these backends
 */
export function startHealth(
  settings: BalancerSettings,
  { health, table, pauses }: Shared,
  previous?: HealthColumns,
): HealthControl {
  const { backends, seed } = settings
  const { algorithm, parameters } = algorithmSettings(settings)
  const validate = backendValidation(algorithm, parameters)
  validate(
    backends.map(({ url }) => backendAddress(url).id),
    backends.map(({ weight }) => weight),
  )
  // The main thread has the place behind those of the workers.
  const notePause = pauses && pauseNotes(pauses, settings.workers)
  return controlHealth({
    memory: health,
    table,
    settings: settings.health,
    tls: settings.backendTls,
    resolver: settings.resolver,
    confirmTimeout: Math.min(settings.timeouts.connect, maxConfirmTimeout),
    backends,
    previous,
    validate,
    random: seeded(seed),
    now: sharedClock(),
    noteEjection: notePause && ejectionNotes(notePause),
  })
}
