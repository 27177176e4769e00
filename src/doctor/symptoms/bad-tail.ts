import { quantity } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import { cpuEvidence } from './cpu-evidence.ts'
import { hostEvidence } from './host-evidence.ts'
import type { Evidence, Observed } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** Seconds of p99 from which a tail is bad, with and without a control beside it. */
const bad = { withControl: 0.005, alone: 0.02 }

/** The slowest 1 % take far longer than the median, and than without a balancer. */
export const badTail: Symptom = {
  name: 'bad-tail',
  title: 'bad tail',
  examine(evidence) {
    const measured = evidence.observed.filter(
      ({ load, p50, p99 }) => load !== 'capacity' && p50 !== undefined && p99 !== undefined,
    )
    if (measured.length === 0) return { missing: 'no latency at a given rate was measured' }
    const worst = Math.max(...measured.map(({ p50 = 1, p99 = 0 }) => p99 / p50))
    return {
      found: `p99 is at most ${worst.toFixed(1)} times p50`,
      leaves: measured.filter(isBad).map((one) => leafOf(one, evidence)),
    }
  },
}

function isBad({ p50 = 0, p99 = 0, controlP99 }: Observed): boolean {
  if (p99 < 10 * p50) return false
  return controlP99 === undefined
    ? p99 >= bad.alone
    : p99 >= bad.withControl && (p99 >= 3 * controlP99 || p99 >= 10 * bad.withControl)
}

function leafOf(one: Observed, { propose }: Evidence): Leaf {
  const { subject, p50 = 0, p99 = 0, controlP99, cpu, driverLate, balance } = one
  const figure = `p50 ${quantity(p50, 's')}, p99 ${quantity(p99, 's')}${controlP99 === undefined ? '' : `, without a balancer p99 ${quantity(controlP99, 's')}`}`
  const host = hostEvidence(one)
  if (controlP99 !== undefined && controlP99 >= 0.5 * p99) {
    return {
      ...{ name: 'tail-backends', subject, certainty: 'shown' },
      says: 'the tail is there without a balancer, too',
      evidence: [figure, ...host],
      advice: 'look at the backends and at the host; a balancer can only avoid slow backends',
      command: propose.again(['--algo', 'round-robin,peak-ewma'], ['--phase', 'latency']),
    }
  }
  if (host.length > 0) {
    return {
      ...{ name: 'tail-host', subject, certainty: 'likely' },
      says: 'the host kept processes waiting, which shows in the tail first',
      evidence: [figure, ...host],
      advice: 'a quiet machine, CPUs without a quota',
      command: propose.host(),
    }
  }
  if (driverLate.length > 0) {
    return {
      ...{ name: 'tail-driver', subject, certainty: 'likely' },
      says: 'the driver sent some requests late, and its delay is part of the tail',
      evidence: [figure, ...driverLate],
      advice: 'a lower rate, or several drivers on CPUs of their own',
      command: propose.again(['--drivers', '2']),
    }
  }
  if (balance?.slowest !== undefined) {
    return {
      ...{ name: 'tail-slow-backend', subject, certainty: 'likely' },
      says: 'some backends are slower than others, and their requests are the tail',
      evidence: [
        figure,
        `backend ${balance.slowest.backends.map((i) => i + 1).join(', ')} is slowest and got ${(100 * balance.slowest.share).toFixed(0)} % of the requests`,
      ],
      advice: 'an algorithm that sees load or latency',
      command: propose.again(['--algo', 'round-robin,least-connections,peak-ewma']),
    }
  }
  if (cpu !== undefined && cpu.used >= 0.7 * cpu.given) {
    return {
      ...{ name: 'tail-queue', subject, certainty: 'likely' },
      says: 'the target is nearly full: bursts of arrivals wait for each other',
      evidence: [figure, ...cpuEvidence(one)],
      advice: 'a lower rate, or more workers',
      command: propose.capacity('p99<20ms'),
    }
  }
  return {
    ...{ name: 'tail-open', subject, certainty: 'open' },
    says: 'the target was not full and nothing disturbed it: pauses of its own, such as garbage collection, would look so',
    evidence: [figure, ...cpuEvidence(one)],
    advice:
      'other sizes of the heap’s generations: where the tail follows them, garbage collection makes it',
    command: propose.tune(
      propose.again(['--phase', 'latency'], ['--duration', '30s']),
      ...['young-generation', 'old-space'],
    ),
  }
}
