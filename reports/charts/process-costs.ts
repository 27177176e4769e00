import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type { Measurement, ProcessCost, ResultDocument } from '../../src/result/document.ts'
import { ink } from '../layout/palette.ts'
import { median } from '../sections/median.ts'
import { type Chart, chartWidth } from './chart.ts'
import { type Role, roleColours, roles } from './role-colours.ts'
import { arms, markNotes, type ShownArm } from './shown-arms.ts'

/** The cost of one role of an arm: medians of its trials. */
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
  const shown = arms(document)
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
      caption: `CPU time of each process per completed request; medians of the trials.${markNotes(shown)}`,
      figures: {
        head: ['arm', 'process', 'CPU (µs/req)', 'in the kernel', 'of its CPUs'],
        rows: costs.map(({ name, role, cpu: seconds, system, busy }) => [
          ...[name, role, micro(seconds), percent(system / seconds), percent(busy)],
        ]),
      },
      spec: {
        width: chartWidth,
        height: 30 * shown.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        mark: { type: 'bar', height: 18 },
        encoding: {
          y: armAxis(shown),
          x: {
            field: 'micros',
            type: 'quantitative',
            title: 'CPU time, µs per request',
            axis: { tickCount: 5 },
          },
          color: { field: 'role', type: 'nominal', scale: roleColours },
          order: { field: 'order' },
          description: { field: 'text' },
        },
      },
    },
  ]
}

/** Memory of each process: mean and peak. */
export function memory(document: ResultDocument): Chart[] {
  const shown = arms(document)
  const costs = shown.flatMap(costsOf)
  if (costs.length === 0) return []
  const mega = 2 ** 20
  const values = costs.map(({ name, role, mean, peak }) => ({
    ...{ name, role, mean: mean / mega, peak: peak / mega },
    text: `${name}, ${role}: ${quantity(mean, 'bytes')} of memory, ${quantity(peak, 'bytes')} at its peak`,
  }))
  const encoding = {
    y: armAxis(shown),
    yOffset: { field: 'role', type: 'nominal', sort: [...roles] },
  } as const
  return [
    {
      name: 'memory',
      title: 'Memory, by process',
      caption: `Resident memory of each process with its children: the bar is the mean over the window, the line the peak; medians of the trials.${markNotes(shown)}`,
      figures: {
        head: ['arm', 'process', 'mean (MiB)', 'peak (MiB)'],
        rows: costs.map(({ name, role, mean, peak }) => [
          ...[name, role, rounded(mean / mega), rounded(peak / mega)],
        ]),
      },
      spec: {
        width: chartWidth,
        height: 46 * shown.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding,
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
      },
    },
  ]
}

function armAxis(shown: readonly ShownArm[]) {
  const sort = shown.map(({ name }) => name)
  return { field: 'name', type: 'nominal', sort, title: null } as const
}

function costsOf({ name, trials }: ShownArm): Cost[] {
  return roles.flatMap((role) => {
    const found = trials.flatMap((trial) => {
      const cost = trial.processes.find((one) => one.role === role)
      return cost ? [{ trial, cost }] : []
    })
    if (found.length === 0) return []
    const middle = (of: (cost: ProcessCost, trial: Measurement) => number) =>
      median(found.map(({ cost, trial }) => of(cost, trial)))
    return [
      {
        ...{ name, role },
        cpu: middle((cost, trial) => cpuSeconds(cost) / answered(trial)),
        system: middle((cost, trial) => cost.systemSeconds / answered(trial)),
        busy: middle((cost, trial) => cpuSeconds(cost) / trial.windowSeconds / cost.cpusGiven),
        mean: middle(({ rssMeanBytes }) => rssMeanBytes),
        peak: middle(({ rssPeakBytes }) => rssPeakBytes),
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
