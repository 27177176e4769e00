import { boolean, option, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { count, counts, percentage, rate, seconds } from './flags.ts'

/** `--seed`, of every command that draws random numbers. */
export const seedFlag = count({
  max: Number.MAX_SAFE_INTEGER,
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
  summary:
    'Write the result to this file: by its extension as report (.html, .md, .csv, .svg, .xml, .txt), otherwise as result document (JSON).',
  helpValue: 'FILE',
})

/** `--keep` and `--no-keep`: whether and where a result is stored besides --output. */
export const keepFlag = boolean({
  summary:
    'Also store the result in .lb/history (see "lb history"). Without it only as .lb/last.json; --no-keep: not at all.',
  allowNo: true,
})

/** `--force` for one output file. */
export const forceFlag = boolean({ summary: 'Overwrite the output file.' })

/** Flags that change how the arms of a scenario are measured. */
export const planFlags = {
  cores: counts({
    max: bounds.cores,
    char: 'c',
    summary: 'Numbers of workers; each is measured as its own arm. Several give a scaling curve.',
    helpValue: 'N,…',
  }),
  connections: count({
    max: bounds.connections,
    summary:
      'Connections of the driver (load generator). Closed loop: all kept busy. Open loop: used in turn; more are opened (up to 1,000) while all are busy.',
    helpValue: 'N',
  }),
  drivers: count({
    max: bounds.drivers,
    summary:
      'Processes of the driver; they divide connections and arrivals (default: by the CPUs of the host and the cost of a request).',
    helpValue: 'N',
  }),
  'backend-processes': count({
    max: bounds.drivers,
    summary: 'Processes of the mock backends; they divide the backends (default: likewise).',
    helpValue: 'N',
  }),
  duration: seconds({
    char: 'd',
    summary: 'Length of the measurement window of each trial, e.g. 5s, 500ms, 2m.',
    helpValue: 'TIME',
  }),
  warmup: seconds({
    summary: 'Minimum warm-up; up to twice as long if throughput is not steady.',
    helpValue: 'TIME',
    allowZero: true,
  }),
  trials: count({
    max: bounds.trials,
    summary: 'Trials of each arm in each phase.',
    helpValue: 'N',
  }),
  phase: option({
    summary: 'Phases to run: capacity (closed loop), latency (open loop), or both.',
    options: ['capacity', 'latency', 'both'] as const,
  })(),
  rate: rate({
    summary: "Request rate of the latency phase (default: 60 % of the slowest arm's capacity).",
    helpValue: 'REQ/S',
  }),
  driver: option({
    summary:
      'Load generator of the capacity phase: autocannon, lean (less CPU time per request), the programs wrk or h2load, or auto: autocannon, unless it would limit a target.',
    options: ['auto', 'autocannon', 'lean', 'wrk', 'h2load'] as const,
  })(),
  'max-time': seconds({
    max: bounds.runSeconds,
    summary: 'Maximum time of the run; phases end early to stay within it.',
    helpValue: 'TIME',
  }),
  seed: seedFlag,
}

/** Flags that change which arms a scenario has, how requests arrive and when a phase ends. */
export const benchFlags = {
  ...planFlags,
  arrivals: option({
    aliases: ['spacing'],
    summary: 'Spacing of requests in the latency phase: constant, or Poisson arrivals.',
    options: ['constant', 'poisson'] as const,
  })(),
  witness: option({
    summary:
      'Second load generator of the capacity phase, with trials of its own in each block: the report says whether both agree.',
    options: ['wrk', 'h2load'] as const,
  })(),
  control: boolean({
    summary: 'Also measure the backends without a balancer (target direct).',
    allowNo: true,
  }),
  precision: percentage({
    summary: 'End a phase when every confidence interval is within ± N% (8 to 40 blocks).',
    helpValue: 'N%',
  }),
  backends: count({ max: bounds.backends, summary: 'Number of mock backends.', helpValue: 'N' }),
}
