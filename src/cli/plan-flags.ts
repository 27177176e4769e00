import { boolean, option, string } from '@oclif/core/flags'
import { count, counts, percentage, rate, seconds } from './flags.ts'

/** `--seed`, of every command that draws random numbers. */
export const seedFlag = count({
  summary: 'Random seed; drawn and printed if omitted.',
  helpValue: 'N',
  min: 0,
})

/** `--dry-run`, of every command that follows a plan. */
export const dryRunFlag = boolean({
  summary: 'Print the planned trials and how long they take, then exit.',
})

/** `--output` for the result document. */
export const outputFlag = string({
  char: 'o',
  summary: 'Write the result document (JSON) to this file.',
  helpValue: 'FILE',
})

/** `--force` for one output file. */
export const forceFlag = boolean({ summary: 'Overwrite the output file.' })

/** Flags that change how the arms of a scenario are measured. */
export const planFlags = {
  cores: counts({
    char: 'c',
    summary: 'Worker counts of the balancer, one arm each; several give a scaling curve.',
    helpValue: 'N,…',
  }),
  connections: count({
    summary: 'Connections of the driver (load generator).',
    helpValue: 'N',
  }),
  duration: seconds({
    char: 'd',
    summary: 'Length of the measurement window of each trial.',
    helpValue: 'TIME',
  }),
  warmup: seconds({
    summary: 'Minimum warm-up; extended up to twice until throughput is steady.',
    helpValue: 'TIME',
    allowZero: true,
  }),
  trials: count({ summary: 'Trials of each arm in each phase.', helpValue: 'N' }),
  phase: option({
    summary: 'Phases to run: capacity (closed loop), latency (open loop), or both.',
    options: ['capacity', 'latency', 'both'] as const,
  })(),
  rate: rate({
    summary: "Request rate of the latency phase (default: 60 % of the slowest arm's capacity).",
    helpValue: 'REQ/S',
  }),
  'max-time': seconds({
    summary: 'Maximum time of the run; phases end early to stay within it.',
    helpValue: 'TIME',
  }),
  seed: seedFlag,
}

/** Flags that change which arms a scenario has, how requests arrive and when a phase ends. */
export const benchFlags = {
  ...planFlags,
  arrivals: option({
    summary: 'Spacing of requests in the latency phase: constant, or Poisson arrivals.',
    options: ['constant', 'poisson'] as const,
  })(),
  control: boolean({
    summary: 'Also measure the backends without a balancer (target direct).',
    allowNo: true,
  }),
  precision: percentage({
    summary: 'Run up to 40 blocks until the confidence intervals are at most ± this wide.',
    helpValue: 'N%',
  }),
  backends: count({ summary: 'Number of mock backends.', helpValue: 'N' }),
}
