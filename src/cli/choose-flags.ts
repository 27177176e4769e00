import { boolean, custom, option, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { UsageError } from '../kit/errors.ts'
import { candidatesFlag } from './choice-flags.ts'
import { count, seconds } from './flags.ts'
import { simulateFlags } from './simulate-flags.ts'

const speed = custom<number>({
  async parse(typed, _context, { name }) {
    const value = /^\d*\.?\d+$/.test(typed) ? Number(typed) : Number.NaN
    if (value >= 0.001 && value <= 1000) return value
    throw new UsageError(
      `--${name} "${typed}" is not a number from 0.001 to 1000`,
      `use --${name} 2 for twice as many requests a second`,
    )
  },
})

const { backends, concurrency, queue } = simulateFlags

/** Flags of `lb choose`. */
export const chooseFlags = {
  log: string({
    helpGroup: 'LOAD',
    summary:
      'Access log whose arrivals and client addresses are simulated; .gz files are unpacked.',
    helpValue: 'FILE',
    required: true,
  }),
  'log-format': option({
    helpGroup: 'LOAD',
    summary:
      'Format of the log: nginx and Apache common or combined, HAProxy httplog, JSON of Caddy, Traefik or Envoy (default: found from its first lines).',
    options: ['combined', 'haproxy', 'caddy', 'traefik', 'envoy'] as const,
  })(),
  'allow-unparsed': boolean({
    helpGroup: 'LOAD',
    summary: 'Leave out lines that do not parse, even if they are more than 1 %.',
  }),
  speed: speed({
    helpGroup: 'LOAD',
    summary: 'Replay the log so many times as fast (default: 1).',
    helpValue: 'N',
  }),
  slo: string({
    helpGroup: 'OUTPUT',
    summary: "Objective to meet: a limit of p50, p99, p99.9 or errors, such as 'p99<20ms'.",
    helpValue: 'LIMIT',
  }),
  algo: candidatesFlag,
  backends,
  'service-time': simulateFlags['service-time'],
  concurrency,
  queue,
  timeout: simulateFlags.timeout,
  requests: count({
    helpGroup: 'TRUST',
    max: 10_000_000,
    summary: 'Requests of the log that are simulated, from its beginning.',
    helpValue: 'N',
    default: 100_000,
  }),
  replications: count({
    helpGroup: 'TRUST',
    max: bounds.trials,
    summary: 'Repetitions with other service times; comparisons can decide from 6 on.',
    helpValue: 'N',
    default: 10,
  }),
  horizon: seconds({
    helpGroup: 'TRUST',
    summary:
      'Simulate so many seconds of the replayed log only: also for a load that the backends cannot serve.',
    helpValue: 'TIME',
  }),
}
