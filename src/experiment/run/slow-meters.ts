import type { MergedReport } from '../../driver/fleet/merge-reports.ts'
import { bootId } from '../../kit/boot-id.ts'
import type { Lab } from '../../lab/lab.ts'
import { processFamily } from '../../meter/process-family.ts'
import { meterWaits } from '../../meter/waits.ts'
import type { Slow } from '../../result/schemas/slow.ts'
import { decode } from '../../stats/histogram/histogram.ts'
import { slowOf } from '../slow/slow-of.ts'
import type { StageBin } from '../slow/stage-bins.ts'

/** Meters of what may make a request slow, while a window is open. */
export interface SlowMeters {
  open(): void
  close(): void
  /** The causes of the slowest requests and of the stalls; undefined where no driver of this host knows its requests. */
  causes(report: SlowestReport): Promise<Slow | undefined>
}

interface SlowestReport extends Pick<MergedReport, 'slow' | 'latency' | 'windowSeconds'> {
  /** Responses of all drivers, in ms from when the bins of the first one began. */
  readonly bins: readonly StageBin[]
  /** See `SlowFacts`. */
  readonly neighbours?: number | undefined
}

const roles = ['target', 'driver', 'backends'] as const

/** Meters of the processes of a lab. */
export function slowMeters(lab: Pick<Lab, 'pids' | 'pauses' | 'queueWaits'>): SlowMeters {
  const waits = meterWaits(
    new Map(roles.map((role) => [role, () => processFamily(...lab.pids[role])] as const)),
  )
  return {
    open: waits.open,
    close: waits.close,
    async causes({ slow, latency, windowSeconds, bins, neighbours }) {
      const boot = bootId()
      const times = decode(latency)
      const reports = slow.filter((one) => one.boot === boot)
      const [target, backends] = await Promise.all([lab.pauses(), lab.queueWaits()])
      return slowOf({
        reports,
        responses: times.count,
        medianMs: times.percentile(50) / 1e3,
        bins: reports.length === slow.length ? bins : [],
        neighbours,
        windowMs: windowSeconds * 1e3,
        seen: { target, backends, waits: waits.waits() },
      })
    },
  }
}
