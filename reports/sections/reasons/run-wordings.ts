import { plural } from '../../../src/kit/plural.ts'
import { quantity } from '../../../src/kit/units.ts'
import { machineText } from '../../../src/result/machine-text.ts'
import type { ReasonValues } from '../../../src/result/reason.ts'
import type { runReasons } from '../../../src/result/reasons/run-reasons.ts'
import { placement } from './placement-wording.ts'
import { factors, first, listed, range, rates, type Wordings } from './wording.ts'

/** Wordings of the warnings about a run. */
export const runWordings: Wordings<keyof typeof runReasons> = {
  interrupted: (all) =>
    `interrupted: ${first(all).measured} of ${first(all).planned} trials were measured`,
  'run-failed': (all) => `the run ended early: ${first(all).detail}`,
  'out-of-time': (all) => {
    const { phase, blocks, planned } = first(all)
    const wide =
      blocks === 1 ? ', which gives no interval' : blocks < 3 ? ', which gives a wide interval' : ''
    return `the ${phase} phase reached --max-time after ${blocks} of ${plural(planned, 'block')}${wide}: raise --max-time, or measure fewer arms`
  },
  'rate-lowered': (all) =>
    `latency was measured at ${range(all, (one) => one.rate, rates)} instead of ${range(all, (one) => one.wantedRate, rates)}: the driver could not go faster here`,
  'source-build': () =>
    'the processes ran from TypeScript sources, which takes more memory than compiled code',
  'whole-window-with-faults': () =>
    'the figures of each arm are over the full window, faults included; requests received by backends were not checked against responses, since a retried request is received twice',
  'faults-seen-once': () =>
    'each fault happened in one trial: the spread of its times from trial to trial is unknown',
  'host-speed-varied': (all) =>
    `CPU speed varied up to ${range(all, (one) => one.factor, factors)}× between trials (shared or throttled machine)`,
  'instructions-not-counted': (all) => `instructions were not counted: ${first(all).detail}`,
  'hosts-not-watched': () =>
    'the processes ran on nodes: CPU steal, other programs and timer jitter there were not read',
  'nodes-partly-watched': () =>
    'the processes ran on nodes: timer jitter and CPU speed there were not read',

  'algorithm-missing': () => 'the target does not have this algorithm',

  placement: (all) => placement(first(all)),

  'driver-chosen': (all) => driverChosen(first(all)),

  'response-field': (all) =>
    `${first(all).field} is ${first(all).through}, and ${first(all).direct} without the target`,
  'response-body': () => 'the body differs',
  'no-response': (all) => `no response: ${first(all).detail}`,

  'config-compresses': (all) => `it compresses (${setting(first(all))})`,
  'config-logs-requests': (all) => `it logs each request (${setting(first(all))})`,
  'config-closes-connections': (all) =>
    `it opens a backend connection for each request (${setting(first(all))})`,
  'config-seldom-shares-connections': (all) =>
    `clients rarely share backend connections (${setting(first(all))})`,
  'config-http-1.0': (all) => `it speaks HTTP/1.0 to backends (${setting(first(all))})`,
  'config-workers': (all) =>
    `${first(all).setting} is not ${first(all).workers} as for the other targets: write {workers}`,

  'host-differs': (all) =>
    `the hosts differ (${machineText(first(all).base)}; ${machineText(first(all).head)})`,
  'cpus-differ': (all) =>
    `the number of usable CPUs differs (${first(all).base}; ${first(all).head})`,
  'build-differs': () => 'one ran compiled and one from sources',
  'plan-differs': (all) => `the plans differ in ${first(all).field}`,
  'separate-runs': () =>
    'the runs were made at different times, so changes of the host between them are part of every difference; "lb ci" measures both at once',
  'rates-differ': (all) => {
    const { base, head } = first(all)
    return `latency was measured at ${quantity(base, 'req/s')} and at ${quantity(head, 'req/s')} and is not compared: measure both with --rate ${Math.round(base)}, or use --force`
  },
  'only-in-baseline': (all) => `only in the baseline: ${first(all).arms.join(', ')}`,
  'not-in-baseline': (all) => `not in the baseline: ${first(all).arms.join(', ')}`,

  'values-hidden': (all) =>
    `secrets are not stored: to run this again, replace [hidden] in the value of ${listed(first(all).flags)}`,

  'version-1-text': (all) => first(all).text,
}

function setting({ setting: name, state }: ReasonValues<'config-compresses'>): string {
  return `${name} is ${state}`
}

function driverChosen({ driver, cause, arm }: ReasonValues<'driver-chosen'>): string {
  const why = {
    requested: 'as requested',
    'fast-enough': 'each target is its own bottleneck with it',
    limits: `autocannon would limit ${arm}`,
    able: 'autocannon cannot connect as the target requires',
    journeys: 'each user begins its next visit at once, and makes no pauses',
  }[cause]
  const not = notCounted[driver]
  return `driver of the capacity phase: ${driver} (${why}${not === undefined ? '' : `; ${not}`})`
}

/** What external programs do not count, which their figures therefore leave out. */
const notCounted: Readonly<Partial<Record<ReasonValues<'driver-chosen'>['driver'], string>>> = {
  wrk: 'it does not count requests without a response, counts status 3xx as success, and its latencies include all statuses',
  h2load: 'it logs each request, and times out connections, not requests',
}
