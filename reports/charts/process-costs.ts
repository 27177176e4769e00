import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type { Measurement, ProcessCost, ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { ink } from '../layout/palette.ts'
import { median } from '../sections/median.ts'
import { armAxis } from './arm-axis.ts'
import { bestAndWorst } from './best-and-worst.ts'
import { type Chart, isNarrow } from './chart.ts'
import { type Role, roleColours, roles } from './role-colours.ts'
import { arms, isControl, markNotes, type ShownArm } from './shown-arms.ts'

/** The cost of one role of an arm: the estimates of the tables where there is one, otherwise medians of its trials. */
interface Cost {
  readonly name: string
  readonly role: Role
  /** CPU-seconds of a request, and the part of them that was spent in the kernel. */
  readonly cpu: number
  readonly system: number
  /** Share of the CPUs that it could use. */
  readonly busy: number
  readonly mean: number
  readonly peak: number
}

/** CPU time per request, by process. */
export function cpu(document: ResultDocument): Chart[] {
  const shown = byCost(arms(document), 'cpuPerRequest')
  const costs = shown.flatMap(costsOf)
  if (costs.length === 0) return []
  const micro = (seconds: number) => rounded(seconds / 1e-6)
  const values = costs.map(({ name, role, cpu: seconds, system, busy }) => ({
    ...{ name, role, order: roles.indexOf(role), micros: seconds / 1e-6 },
    text: `${name}, ${role}: ${micro(seconds)} µs of CPU per request, ${percent(system / seconds)} of it in the kernel; ${percent(busy)} of its CPUs`,
  }))
  return [
    {
      name: 'cpu',
      title: 'CPU per request, by process',
      topic: 'cost',
      finding: bestAndWorst(document, shown, 'cpuPerRequest', 'Target'),
      caption: `CPU time of each process per completed request.${markNotes(shown)}`,
      pointer: 'rows',
      figures: {
        head: ['arm', 'process', 'CPU (µs/req)', 'in the kernel', 'of its CPUs'],
        rows: costs.map(({ name, role, cpu: seconds, system, busy }) => [
          ...[name, role, micro(seconds), percent(system / seconds), percent(busy)],
        ]),
      },
      spec: (width) => ({
        width,
        height: (isNarrow(width) ? 46 : 34) * shown.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        mark: { type: 'bar', height: 18 },
        encoding: {
          y: armAxis(namesOf(shown), width),
          x: {
            field: 'micros',
            type: 'quantitative',
            title: 'CPU time, µs per request',
            axis: { tickCount: 4 },
          },
          color: { field: 'role', type: 'nominal', scale: roleColours },
          order: { field: 'order' },
          description: { field: 'text' },
        },
      }),
    },
  ]
}

/** Memory of each process: mean and peak. */
export function memory(document: ResultDocument): Chart[] {
  const shown = byCost(arms(document), 'rssMean')
  const costs = shown.flatMap(costsOf)
  if (costs.length === 0) return []
  const mega = 2 ** 20
  const values = costs.map(({ name, role, mean, peak }) => ({
    ...{ name, role, mean: mean / mega, peak: peak / mega },
    text: `${name}, ${role}: ${quantity(mean, 'bytes')} of memory, ${quantity(peak, 'bytes')} at its peak`,
  }))
  return [
    {
      name: 'memory',
      title: 'Memory, by process',
      topic: 'cost',
      finding: bestAndWorst(document, shown, 'rssMean', 'Target'),
      caption: `Resident memory of each process with its children: the bar is the mean over the window, the line the peak.${markNotes(shown)}`,
      pointer: 'rows',
      figures: {
        head: ['arm', 'process', 'mean (MiB)', 'peak (MiB)'],
        rows: costs.map(({ name, role, mean, peak }) => [
          ...[name, role, rounded(mean / mega), rounded(peak / mega)],
        ]),
      },
      spec: (width) => ({
        width,
        height: 48 * shown.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding: {
          y: armAxis(namesOf(shown), width),
          yOffset: { field: 'role', type: 'nominal', sort: [...roles] },
        },
        layer: [
          {
            mark: { type: 'bar' },
            encoding: {
              x: {
                field: 'mean',
                type: 'quantitative',
                title: 'memory, MiB',
                axis: { tickCount: 5 },
              },
              color: { field: 'role', type: 'nominal', scale: roleColours, sort: [...roles] },
              description: { field: 'text' },
            },
          },
          {
            mark: { type: 'tick', thickness: 2, aria: false, color: ink.text.light },
            encoding: { x: { field: 'peak', type: 'quantitative' } },
          },
        ],
      }),
    },
  ]
}

function namesOf(shown: readonly ShownArm[]): string[] {
  return shown.map(({ name }) => name)
}

/** The arm with the lowest cost first, the control last. */
function byCost(shown: readonly ShownArm[], metric: MetricName): ShownArm[] {
  const cost = (arm: ShownArm) =>
    isControl(arm)
      ? Number.POSITIVE_INFINITY
      : (arm.row.finding.metrics[metric]?.center ?? Number.MAX_VALUE)
  return shown.toSorted((a, b) => (cost(a) < cost(b) ? -1 : cost(a) > cost(b) ? 1 : 0))
}

/** The estimates of an arm that are a cost of a role. */
const estimates = {
  target: { cpu: 'cpuPerRequest', mean: 'rssMean', peak: 'rssPeak' },
  driver: { cpu: 'driverCpuPerRequest' },
  backends: { cpu: 'backendsCpuPerRequest' },
} as const satisfies Record<Role, Partial<Record<'cpu' | 'mean' | 'peak', MetricName>>>

function costsOf({ name, row, trials }: ShownArm): Cost[] {
  return roles.flatMap((role) => {
    const found = trials.flatMap((trial) => {
      const cost = trial.processes.find((one) => one.role === role)
      return cost ? [{ trial, cost }] : []
    })
    if (found.length === 0) return []
    const middle = (of: (cost: ProcessCost, trial: Measurement) => number) =>
      median(found.map(({ cost, trial }) => of(cost, trial)))
    const estimated = (cost: 'cpu' | 'mean' | 'peak') => {
      const metric = (estimates[role] as Partial<Record<typeof cost, MetricName>>)[cost]
      return metric && row.finding.metrics[metric]?.center
    }
    return [
      {
        ...{ name, role },
        cpu: estimated('cpu') ?? middle((cost, trial) => cpuSeconds(cost) / answered(trial)),
        system: middle((cost, trial) => cost.systemSeconds / answered(trial)),
        busy: middle((cost, trial) => cpuSeconds(cost) / trial.windowSeconds / cost.cpusGiven),
        mean: estimated('mean') ?? middle(({ rssMeanBytes }) => rssMeanBytes),
        peak: estimated('peak') ?? middle(({ rssPeakBytes }) => rssPeakBytes),
      },
    ]
  })
}

function cpuSeconds({ userSeconds, systemSeconds }: ProcessCost): number {
  return userSeconds + systemSeconds
}

function answered({ window }: Measurement): number {
  return Math.max(1, window.ok + window.non2xx)
}
