import { percent, quantity } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import type { Evidence, MemoryCourse, Observed } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** Growth from the first to the last third of a window that is more than warm-up: as a factor, and in bytes. */
const growth = { factor: 1.2, bytes: 32 * 2 ** 20 }

/** Bytes beyond which a balancer holds more than connections and buffers. */
const much = 2 ** 30

/** The target holds much memory, or more and more of it. */
export const highMemory: Symptom = {
  name: 'high-memory',
  title: 'high memory',
  examine(evidence) {
    const measured = evidence.observed.filter(({ memoryPeak }) => memoryPeak !== undefined)
    if (measured.length === 0) return { missing: 'memory of the target was not measured' }
    const peak = Math.max(...measured.map(({ memoryPeak = 0 }) => memoryPeak))
    return {
      found: `the target held at most ${quantity(peak, 'bytes')}`,
      leaves: measured.flatMap((one) => leavesOf(one, evidence)),
    }
  },
}

function leavesOf(one: Observed, { propose }: Evidence): Leaf[] {
  const { memory, subject, memoryPeak = 0, reasons } = one
  const swapped = reasons.some(({ reason }) => reason.code === 'swapped')
  const grown = memory.filter(grows)
  const [first] = grown
  if (first !== undefined && grown.length === memory.length) {
    const perSecond = (first.to - first.from) / first.seconds
    return [
      {
        ...{ name: 'memory-grows', subject, certainty: memory.length > 1 ? 'likely' : 'open' },
        says:
          memory.length > 1
            ? 'memory grew within every window: a leak, or a cache that is not full yet'
            : 'memory grew within the only window, which warm-up does as well',
        evidence: [
          `from ${quantity(first.from, 'bytes')} to ${quantity(first.to, 'bytes')} in ${quantity(first.seconds, 's')}`,
          `${quantity(perSecond, 'bytes')} each second`,
        ],
        advice: 'memory after garbage collection: a leak keeps its slope, a cache does not',
        command: propose.profile(
          propose.again(['--duration', '60s'], ['--trials', '2']),
          '--leaks',
        ),
      },
    ]
  }
  if (swapped && memoryPeak > 2 ** 28) {
    return [
      {
        ...{ name: 'memory-swapped', subject, certainty: 'likely' },
        says: 'the host swapped while the target held this memory',
        evidence: [`peak of the target ${quantity(memoryPeak, 'bytes')}`, ...swapWords(one)],
        advice: 'free memory on the host, or fewer workers',
        command: propose.host(),
      },
    ]
  }
  if (memoryPeak < much) return []
  return [
    {
      ...{ name: 'memory-high', subject, certainty: 'open' },
      says: 'the target holds much memory, and did not grow: the figures do not say for what',
      evidence: [`peak ${quantity(memoryPeak, 'bytes')}`],
      advice:
        'fewer connections: where memory falls with them, connections and their buffers hold it',
      command: propose.again(['--connections', '10'], ['--phase', 'capacity']),
    },
  ]
}

function grows({ from, to }: MemoryCourse): boolean {
  return to > growth.factor * from && to - from > growth.bytes
}

function swapWords({ reasons, trials }: Observed): string[] {
  const own = reasons.filter(({ reason }) => reason.code === 'swapped')
  return own.map((one) => `pages were swapped in ${percent(one.trials / trials)} of the trials`)
}
