import { percent, quantity, rounded } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import { cpuEvidence } from './cpu-evidence.ts'
import { hostEvidence } from './host-evidence.ts'
import type { Evidence, Observed } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** Median in seconds that is high without a control beside it: of trials, and of the steps of a load test. */
const high = { latency: 0.1, test: 0.5, capacity: Number.POSITIVE_INFINITY }

/** Median below which nothing is high. */
const low = 0.005

/** The median latency is high. In a closed loop it follows from the number of connections, and says nothing. */
export const highLatency: Symptom = {
  name: 'high-latency',
  title: 'high latency',
  examine(evidence) {
    const measured = evidence.observed.filter(
      ({ load, p50 }) => load !== 'capacity' && p50 !== undefined,
    )
    if (measured.length === 0) return { missing: 'no latency at a given rate was measured' }
    const highest = Math.max(...measured.map(({ p50 = 0 }) => p50))
    return {
      found: `p50 at most ${quantity(highest, 's')}`,
      leaves: measured.filter(isHigh).map((one) => leafOf(one, evidence)),
    }
  },
}

function isHigh({ load, p50 = 0, controlP50, missedLimits }: Observed): boolean {
  if (p50 >= high[load] || missedLimits.length > 0) return true
  return controlP50 !== undefined && p50 >= low && p50 >= 3 * controlP50
}

/** The first leaf whose evidence is there: what delays requests before the target, behind it, in it, around it. */
function leafOf(one: Observed, { propose }: Evidence): Leaf {
  const { subject, p50 = 0, controlP50 = 0, driverLate } = one
  const alone = controlP50 === 0 ? '' : `, without a balancer ${quantity(controlP50, 's')}`
  const figure = [`p50 ${quantity(p50, 's')}${alone}`, ...one.missedLimits].join('; ')
  if (driverLate.length > 0) {
    return {
      ...{ name: 'latency-driver', subject, certainty: 'shown' },
      says: 'the driver was late, and its delay is part of this latency',
      evidence: [figure, ...driverLate],
      advice: 'a lower rate, or several drivers on CPUs of their own',
      command: propose.again(['--drivers', '2']),
    }
  }
  const backends = backendsEvidence(one)
  if (controlP50 >= 0.5 * p50 || backends.length > 0) {
    return {
      ...{ name: 'latency-backends', subject, certainty: 'shown' },
      says: 'the backends are slow or full: they take this long without a balancer, too',
      evidence: [figure, ...backends],
      advice: 'more or faster backends; where only some are slow, an algorithm that avoids them',
      command: propose.again(['--algo', 'round-robin,peak-ewma'], ['--phase', 'latency']),
    }
  }
  const queue = queueEvidence(one)
  if (queue.length > 0) {
    return {
      ...{ name: 'latency-queue', subject, certainty: 'shown' },
      says: 'requests wait in a queue: the rate is above what the target can do',
      evidence: [figure, ...queue],
      advice: 'a lower rate, or more workers',
      command: propose.capacity('p99<100ms'),
    }
  }
  const host = hostEvidence(one)
  if (host.length > 0) {
    return {
      ...{ name: 'latency-host', subject, certainty: 'likely' },
      says: 'the host kept processes waiting',
      evidence: [figure, ...host],
      advice: 'a quiet machine: the check of the host says what disturbs it',
      command: propose.host(),
    }
  }
  return {
    ...{ name: 'latency-open', subject, certainty: 'open' },
    says: 'no process was full and the host was quiet: the time passes in waiting that this result does not show',
    evidence: [figure, ...cpuEvidence(one)],
    advice: 'compare with the same load without a balancer',
    command: propose.again(['--target', 'direct'], ['--phase', 'latency']),
  }
}

function backendsEvidence({ reasons }: Observed): string[] {
  return reasons.flatMap(({ reason }) => {
    switch (reason.code) {
      case 'backend-at-capacity': {
        const { backend, rate, maxRate } = reason.values
        return [`backend ${backend} served ${rounded(rate)} of at most ${rounded(maxRate)} req/s`]
      }
      case 'backends-slow':
        return [
          `${percent(reason.values.serviceShare)} of the mean time is the service time of the backends`,
        ]
      default:
        return []
    }
  })
}

function queueEvidence(one: Observed): string[] {
  const { cpu, reasons } = one
  const isFull = cpu !== undefined && cpu.used >= 0.85 * cpu.given
  const grown = reasons.flatMap(({ reason }) =>
    reason.code === 'queue-grew'
      ? [`${reason.values.arrived} requests arrived and ${reason.values.ended} ended`]
      : [],
  )
  return [...(isFull ? cpuEvidence(one) : []), ...grown]
}
