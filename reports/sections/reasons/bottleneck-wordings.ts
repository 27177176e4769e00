import { plural } from '../../../src/kit/plural.ts'
import type { ReasonValues } from '../../../src/result/reason.ts'
import type { bottleneckReasons } from '../../../src/result/reasons/bottleneck-reasons.ts'
import {
  counts,
  factors,
  first,
  listed,
  range,
  rates,
  roleWas,
  shares,
  times,
  type Wordings,
} from './wording.ts'

/** Wordings of the reasons for a bottleneck. */
export const bottleneckWordings: Wordings<keyof typeof bottleneckReasons> = {
  'cpu-saturated': (all) =>
    `${first(all).role} used ${range(all, (one) => one.usedShare, shares)} of its ${plural(first(all).cpus, 'CPU')}`,
  'thread-saturated': (all) =>
    `the busiest thread of ${first(all).role} used ${range(all, (one) => one.threadShare, shares)} of a CPU, all threads together ${range(all, (one) => one.usedShare, shares)} of ${plural(first(all).cpus, 'CPU')}: its work is not spread evenly`,
  'shared-cpus-saturated': (all) => {
    const { roles, cpus, largest } = first(all)
    return `${listed(roles)} shared ${plural(cpus, 'CPU')} and used ${range(all, (one) => one.usedShare, shares)} of ${cpus === 1 ? 'it' : 'them'}; ${largest} used the largest share`
  },
  'driver-busy': (all) =>
    `the driver used ${range(all, (one) => one.usedShare, shares)} of its CPU; above ${range(all, (one) => one.allowedShare, shares)} its own queue is part of the latency`,
  'driver-preempted': (all) =>
    `the driver had work for ${range(all, (one) => one.busyShare, shares)} of the window and ran for ${range(all, (one) => one.ranShare, shares)} of it (${range(all, (one) => one.switches, counts)} preemptions)`,
  'driver-stalled': (all) =>
    `${driverName(first(all))} was stalled for ${range(all, (one) => one.stalledShare, shares)} of the window and ran for ${range(all, (one) => one.ranShare, shares)} of it (${range(all, (one) => one.switches, counts)} preemptions)`,
  'cpu-contended': (all) =>
    `${first(all).role} ran for ${range(all, (one) => one.ranShare, shares)} of the window and waited for a CPU ${range(all, (one) => one.waitShare, shares)} of it, while other programs used the CPU (${range(all, (one) => one.switches, counts)} preemptions)`,
  'thread-always-runnable': (all) =>
    `${first(all).role} used ${range(all, (one) => one.usedShare, shares)} of its CPU time; its busiest thread ran for ${range(all, (one) => one.ranShare, shares)} of the window and waited for a CPU ${range(all, (one) => one.waitShare, shares)} of it`,
  'backend-at-capacity': (all) =>
    `backend ${first(all).backend} served ${range(all, (one) => one.rate, rates)} of the ${range(all, (one) => one.maxRate, rates)} that it can`,
  'backends-slow': (all) =>
    `${range(all, (one) => Math.min(1, one.serviceShare), shares)} of the mean latency (${range(all, (one) => one.meanSeconds, times)}) is the configured service time of the backends`,
  'other-programs': (all) =>
    `other programs used ${range(all, (one) => one.usedShare, shares)} of the ${plural(first(all).cpus, 'CPU')}, so no CPU time was left`,
  'waited-for-cpu': (all) =>
    `${roleWas(first(all).role)} runnable but waited for a CPU ${range(all, (one) => one.waitShare, shares)} of the window, while other programs used ${range(all, (one) => one.othersCpus, factors)} CPUs`,
  'near-control': (all) =>
    `${range(all, (one) => one.rate, rates)} is within 10 % of the ${range(all, (one) => one.controlRate, rates)} without a balancer, where ${first(all).bottleneck === 'driver' ? 'the driver is the bottleneck' : 'the backends are the bottleneck'}`,
  'no-bottleneck': (all) => {
    const roles = (['target', 'driver', 'backends'] as const)
      .filter((role) => all.some((one) => one[role] !== undefined))
      .map((role) => `${role} ${range(all, (one) => one[role], shares)}`)
    return first(all).phase === 'latency'
      ? `no CPU was saturated (${roles.join(', ')}): the rate was below capacity`
      : `no CPU was saturated (${roles.join(', ')}): try more --connections`
  },
}

/** `driver 2 of 3`; `the driver` where there is only one. */
function driverName({ number, of }: Pick<ReasonValues<'driver-stalled'>, 'number' | 'of'>): string {
  return number === undefined ? 'the driver' : `driver ${number} of ${of}`
}
