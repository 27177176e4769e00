import type { Verdict } from '../../result/document.ts'
import { backendBottleneck } from './backend-bottleneck.ts'
import type { Bottleneck } from './bottleneck.ts'
import { checks } from './checks.ts'
import { cpuBottleneck, cpuUsed } from './cpu-bottleneck.ts'
import { driverLateness } from './driver-lateness.ts'
import type { Evidence } from './evidence.ts'
import {
  alwaysRunnable,
  contendedCpu,
  driverStalled,
  otherPrograms,
  waitedLongest,
} from './waiting-bottleneck.ts'

/**
 * The verdict of a trial: its bottleneck, and whether it is a valid trial. An invalid trial, which failed a `fatal`
 * check (checks.ts), enters no estimate and is repeated (run/run.ts).
 */
export function judge(evidence: Evidence): Verdict {
  const failed = checks(evidence).flatMap(({ failed, fatal }) =>
    failed === undefined ? [] : [{ failed, fatal }],
  )
  return {
    ...bottleneckOf(evidence),
    valid: !failed.some(({ fatal }) => fatal),
    reasons: failed.map(({ failed: reason }) => reason),
  }
}

/**
 * The bottleneck of a trial, the part that had nothing left: the trial is driver-limited, target-limited,
 * backends-limited or host-limited, or `none`. The first that applies counts, in the order below; a late driver comes
 * first, since it hides the capacity of the target. The control may still turn `none` into driver or backends
 * (findings/control.ts), and an arm has the most frequent one of its trials (findings/analyse.ts).
 * reports/sections/bottlenecks.ts prints the word, and none for a target.
 */
export function bottleneckOf(evidence: Evidence): Bottleneck {
  return (
    driverLateness(evidence.measured) ??
    cpuBottleneck(evidence) ??
    driverStalled(evidence) ??
    contendedCpu(evidence) ??
    alwaysRunnable(evidence) ??
    backendBottleneck(evidence) ??
    otherPrograms(evidence) ??
    waitedLongest(evidence) ?? { bottleneck: 'none', reason: noBottleneck(evidence) }
  )
}

function noBottleneck(evidence: Evidence): Bottleneck['reason'] {
  const { trial, processes } = evidence.measured
  const used = Object.fromEntries(processes.map((cost) => [cost.role, cpuUsed(cost, evidence)]))
  return { code: 'no-bottleneck', values: { phase: trial.phase, ...used } }
}
