import { plural } from '../../../src/kit/plural.ts'
import type { trialReasons } from '../../../src/result/reasons/trial-reasons.ts'
import {
  counts,
  cpuNames,
  factors,
  first,
  parts,
  range,
  roleWas,
  shares,
  times,
  type Wordings,
} from './wording.ts'

/** What a check of a trial found. */
export const trialWordings: Wordings<keyof typeof trialReasons> = {
  'driver-lost': (all) =>
    `${first(all).detail}: the trial lacks the requests of driver ${first(all).number} of ${first(all).of}`,
  'driver-differs': (all) =>
    `driver ${first(all).number} of ${first(all).of} measured other latencies than the others: p50 ${range(all, (one) => one.p50Seconds, times)}, theirs ${range(all, (one) => one.othersP50Seconds, times)}`,
  'knob-not-taken': (all) =>
    `the knob ${first(all).knob} did not take effect: ${first(all).what} is ${first(all).found}, not ${first(all).wanted}`,
  'no-success': (all) => `no request of ${range(all, (one) => one.requests, counts)} succeeded`,
  'requests-failed': (all) =>
    `${range(all, ({ failed, requests }) => failed / requests, parts)} of the requests failed (${failures(all)})`,
  'requests-not-conserved': (all) =>
    `driver, target and backends counted different numbers of requests (${range(all, apart, counts)} apart, allowed ${range(all, (one) => one.allowed, counts)})`,
  'littles-law': (all) =>
    `measurement inconsistent: throughput × latency is not the number of connections (off by ${range(all, ({ ratio }) => Math.abs(ratio - 1), shares)})`,
  'driver-saturated': (all) =>
    `the driver was saturated: it sent ${range(all, (one) => one.sentShare, shares)} of the planned requests`,
  'driver-late': (all) =>
    `the driver fell behind: median send delay ${range(all, (one) => one.p50Seconds, times)} (threshold ${range(all, (one) => one.allowedSeconds, times)})`,
  'driver-late-at-tail': (all) =>
    `the driver sent 1 % of the requests ${range(all, (one) => one.p99Seconds, times)} late or more (threshold ${range(all, (one) => one.allowedSeconds, times)}): p99 partly reflects the driver`,
  'queue-grew': (all) =>
    `the queue grew: ${range(all, ({ arrived, ended }) => (arrived - ended) / arrived, shares)} more requests arrived than ended`,
  'throughput-unsteady': () => 'throughput was not steady when the window opened',
  'cpu-accounting': (all) =>
    `${first(all).role} CPU time exceeds what its CPUs had (${range(all, (one) => one.usedSeconds, times)} of ${range(all, (one) => one.availableSeconds, times)}): the CPU accounting is wrong`,
  'target-starved-others': (all) =>
    `target used ${range(all, (one) => one.cpusUsed, factors)} of the ${plural(first(all).cpus, 'CPU')} that it shares: driver and backends had too little`,
  'run-queue-wait': (all) =>
    `other programs used the CPU${onNode(first(all))}: ${roleWas(first(all).role)} runnable but waited ${range(all, (one) => one.waitShare, shares)} of the window (${range(all, (one) => one.switches, counts)} preemptions)`,
  'timer-jitter': (all) =>
    `scheduling jitter of ${range(all, (one) => one.p999Seconds, times)} on ${cpuNames(first(all).cpus)} (threshold ${range(all, (one) => one.allowedSeconds, times)}): p99 partly reflects this machine`,
  'cpu-stolen': (all) =>
    `the hypervisor gave ${range(all, (one) => one.share, shares)} of the CPU time${onNode(first(all))} to other machines`,
  throttled: (all) =>
    `a CPU quota stopped the processes${onNode(first(all))} for ${range(all, (one) => one.seconds, times)}`,
  swapped: (all) =>
    `${first(all).node ?? 'the host'} swapped ${range(all, (one) => one.pages, counts)} memory pages`,
}

/** ` on n1`; empty of this host. */
function onNode({ node }: { readonly node?: string | undefined }): string {
  return node === undefined ? '' : ` on ${node}`
}

interface Failures {
  readonly errors: number
  readonly timeouts: number
  readonly non2xx: number
  readonly dropped: number
}

/** The kinds of failure that there were. */
function failures(all: readonly Failures[]): string {
  const kinds = [
    ['errors', (one: Failures) => one.errors],
    ['time-outs', (one: Failures) => one.timeouts],
    ['responses other than 2xx', (one: Failures) => one.non2xx],
    ['never sent', (one: Failures) => one.dropped],
  ] as const
  return kinds
    .filter(([, of]) => all.some((one) => of(one) > 0))
    .map(([name, of]) => `${range(all, of, counts)} ${name}`)
    .join(', ')
}

function apart({
  driver,
  target = driver,
  backends,
}: {
  readonly driver: number
  readonly target?: number | undefined
  readonly backends: number
}): number {
  return Math.max(Math.abs(driver - target), Math.abs(driver - backends))
}
