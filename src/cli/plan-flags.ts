import { boolean, option, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { count, counts, percentage, rate, seconds } from './flags.ts'

/** What decides on a plan that a flag leaves open. */
const ofScenario = '(default: the scenario’s)'

/** `--seed`, of every command that draws random numbers. */
export const seedFlag = count({
  helpGroup: 'TRUST',
  max: Number.MAX_SAFE_INTEGER,
  summary: 'Random seed; drawn and printed if omitted.',
  helpValue: 'N',
  min: 0,
})

/** `--dry-run`, of every command that follows a plan. */
export const dryRunFlag = boolean({
  helpGroup: 'TARGET',
  summary: 'Print the planned trials and how long they take, then exit.',
})

/** `--output` for the result document. */
export const outputFlag = string({
  helpGroup: 'OUTPUT',
  char: 'o',
  summary:
    'Write the result to this file: by its extension as report (.html, .md, .csv, .svg, .xml, .txt), otherwise as result document (JSON).',
  helpValue: 'FILE',
})

/** `--keep` and `--no-keep`: whether and where a result is stored besides --output. */
export const keepFlag = boolean({
  helpGroup: 'OUTPUT',
  summary:
    'Also store the result in .lb/history (see "lb history"). Without it only as .lb/last.json; --no-keep: not at all.',
  allowNo: true,
})

/** `--force` for one output file. */
export const forceFlag = boolean({ helpGroup: 'OUTPUT', summary: 'Overwrite the output file.' })

/** Flags that change how the arms of a scenario are measured. */
export const planFlags = {
  cores: counts({
    helpGroup: 'TARGET',
    max: bounds.cores,
    char: 'c',
    summary:
      'Numbers of workers; each is measured as its own arm. Several give a scaling curve (default: the scenario’s).',
    helpValue: 'N,…',
  }),
  connections: count({
    helpGroup: 'LOAD',
    max: bounds.connections,
    summary:
      'Connections of the driver (load generator). Closed loop: all kept busy. Open loop: used in turn; more are opened (up to 1,000) while all are busy (default: the scenario’s).',
    helpValue: 'N',
  }),
  drivers: count({
    helpGroup: 'LOAD',
    max: bounds.drivers,
    summary:
      'Processes of the driver; they divide connections and arrivals (default: by the CPUs of the host and the cost of a request).',
    helpValue: 'N',
  }),
  'backend-processes': count({
    helpGroup: 'TARGET',
    max: bounds.drivers,
    summary: 'Processes of the mock backends; they divide the backends (default: likewise).',
    helpValue: 'N',
  }),
  duration: seconds({
    helpGroup: 'TRUST',
    char: 'd',
    summary: `Length of the measurement window of each trial, e.g. 5s, 500ms, 2m ${ofScenario}.`,
    helpValue: 'TIME',
  }),
  warmup: seconds({
    helpGroup: 'TRUST',
    summary: `Minimum warm-up; longer, up to a maximum, if throughput is not steady ${ofScenario}.`,
    helpValue: 'TIME',
    allowZero: true,
  }),
  trials: count({
    helpGroup: 'TRUST',
    max: bounds.trials,
    summary: `Trials of each arm in each phase ${ofScenario}.`,
    helpValue: 'N',
  }),
  phase: option({
    helpGroup: 'LOAD',
    summary:
      'Phases to run: capacity (closed loop), latency (open loop), or both (default: the scenario’s).',
    options: ['capacity', 'latency', 'both'] as const,
  })(),
  rate: rate({
    helpGroup: 'LOAD',
    summary: "Request rate of the latency phase (default: 60 % of the slowest arm's capacity).",
    helpValue: 'REQ/S',
  }),
  driver: option({
    helpGroup: 'LOAD',
    summary:
      'Load generator of the capacity phase: autocannon, lean (less CPU time per request), the programs wrk or h2load, or auto: autocannon, unless it would limit a target (default: the scenario’s, or auto).',
    options: ['auto', 'autocannon', 'lean', 'wrk', 'h2load'] as const,
  })(),
  'max-time': seconds({
    helpGroup: 'TRUST',
    max: bounds.runSeconds,
    summary: `Maximum time of the run; phases end early to stay within it ${ofScenario}.`,
    helpValue: 'TIME',
  }),
  seed: seedFlag,
}

/** Flags that change which arms a scenario has, how requests arrive and when a phase ends. */
export const benchFlags = {
  ...planFlags,
  arrivals: option({
    aliases: ['spacing'],
    helpGroup: 'LOAD',
    summary:
      'Spacing of requests in the latency phase: constant, or Poisson arrivals (default: the scenario’s).',
    options: ['constant', 'poisson'] as const,
  })(),
  witness: option({
    helpGroup: 'TRUST',
    summary:
      'Second load generator of the capacity phase, with trials of its own in each block: the report says whether both agree.',
    options: ['wrk', 'h2load'] as const,
  })(),
  control: boolean({
    helpGroup: 'TARGET',
    summary: `Also measure the backends without a balancer (target direct) ${ofScenario}.`,
    allowNo: true,
  }),
  precision: percentage({
    helpGroup: 'TRUST',
    summary: 'End a phase when every confidence interval is within ± N% (8 to 40 blocks).',
    helpValue: 'N%',
  }),
  backends: count({
    helpGroup: 'TARGET',
    max: bounds.backends,
    summary: `Number of mock backends ${ofScenario}.`,
    helpValue: 'N',
  }),
}
