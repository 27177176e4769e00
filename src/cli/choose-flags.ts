import { boolean, custom, option, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { UsageError } from '../kit/errors.ts'
import { candidatesFlag, inUseFlag } from './choice-flags.ts'
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

const { backends, concurrency, queue, rate, load, arrivals } = simulateFlags

/** Flags of `lb choose`. */
export const chooseFlags = {
  log: string({
    helpGroup: 'LOAD',
    summary:
      'Access log whose arrivals and client addresses are simulated; .gz files are unpacked (default: the arrivals of the scenario).',
    helpValue: 'FILE',
  }),
  'log-format': option({
    helpGroup: 'LOAD',
    summary:
      'Format of the log: nginx and Apache common or combined, HAProxy httplog, JSON of Caddy, Traefik or Envoy (default: found from its first lines).',
    options: ['combined', 'haproxy', 'caddy', 'traefik', 'envoy'] as const,
    dependsOn: ['log'],
  })(),
  'allow-unparsed': boolean({
    helpGroup: 'LOAD',
    summary: 'Leave out lines that do not parse, even if they are more than 1 %.',
    dependsOn: ['log'],
  }),
  speed: speed({
    helpGroup: 'LOAD',
    summary: 'Replay the log so many times as fast (default: 1).',
    helpValue: 'N',
    dependsOn: ['log'],
  }),
  rate: { ...rate, exclusive: ['load', 'log'] },
  load: { ...load, exclusive: ['rate', 'log'] },
  arrivals: { ...arrivals, exclusive: ['log'] },
  clients: count({
    helpGroup: 'LOAD',
    max: 4_000_000,
    summary: 'Clients, whose addresses are the keys of hash algorithms.',
    helpValue: 'N',
    default: 1000,
    exclusive: ['log'],
  }),
  skew: string({
    helpGroup: 'LOAD',
    summary: 'Client k sends in proportion to 1/k^SKEW (Zipf); 0: all send as much.',
    helpValue: 'SKEW',
    default: '0',
    exclusive: ['log'],
  }),
  slo: string({
    helpGroup: 'OUTPUT',
    summary: "Objective to meet: a limit of p50, p99, p99.9 or errors, such as 'p99<20ms'.",
    helpValue: 'LIMIT',
  }),
  algo: candidatesFlag,
  'in-use': inUseFlag,
  backends,
  'service-time': simulateFlags['service-time'],
  concurrency,
  queue,
  timeout: simulateFlags.timeout,
  requests: count({
    helpGroup: 'TRUST',
    max: 10_000_000,
    summary:
      'Requests of the log that are simulated, from its beginning; without a log those of each replication (default: 100,000, or fewer at a low load).',
    helpValue: 'N',
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
      'Simulate so many seconds only, from empty queues: also for a load that the backends cannot serve.',
    helpValue: 'TIME',
  }),
  confirm: boolean({
    helpGroup: 'TRUST',
    summary:
      'Run the best two algorithms and the one in use on real processes; --no-confirm: simulate only.',
    allowNo: true,
    default: true,
  }),
  'max-time': seconds({
    helpGroup: 'TRUST',
    max: bounds.runSeconds,
    summary: 'Maximum time of the run on real processes.',
    helpValue: 'TIME',
    default: 90,
  }),
}
