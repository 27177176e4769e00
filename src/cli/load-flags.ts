import { custom, string } from '@oclif/core/flags'
import { UsageError } from '../kit/errors.ts'

const factor = custom<number>({
  async parse(typed, _context, { name }) {
    const value = /^\d*\.?\d+$/.test(typed) ? Number(typed) : Number.NaN
    if (value > 0 && value <= 1000) return value
    throw new UsageError(
      `--${name} "${typed}" is not a factor above 0 up to 1,000`,
      `use --${name} 0.1`,
    )
  },
})

/** Flags that describe the load of `lb load`. */
export const loadFlags = {
  stage: string({
    helpGroup: 'LOAD',
    summary:
      'Stage: TIME:LEVEL ramps to a level, TIME@LEVEL keeps it; a level is visits (100/s) or users ("100 users"). May be repeated; replaces the stages of the file.',
    helpValue: 'TIME:LEVEL',
    multiple: true,
    multipleNonGreedy: true,
  }),
  shape: string({
    helpGroup: 'LOAD',
    summary:
      'Ready stages: smoke, ramp, steps, spike, soak or knee, up to a level (default: the highest of the file, or 10/s).',
    helpValue: 'SHAPE[:LEVEL]',
    exclusive: ['stage'],
  }),
  check: string({
    helpGroup: 'LOAD',
    summary: "Check of every response, e.g. 'status is 200', 'time < 100ms'; may be repeated.",
    helpValue: 'CHECK',
    multiple: true,
    multipleNonGreedy: true,
  }),
  threshold: string({
    helpGroup: 'GATE',
    summary: "Condition that must hold, e.g. 'p99 < 100ms', 'checks > 99.9%'; may be repeated.",
    helpValue: 'CONDITION',
    multiple: true,
    multipleNonGreedy: true,
  }),
  only: string({
    helpGroup: 'LOAD',
    summary: 'Run only the journeys, or the stages, of this name; may be repeated.',
    helpValue: 'JOURNEY|STAGE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  env: string({
    helpGroup: 'LOAD',
    summary: 'Value of __ENV.NAME of a k6 script; may be repeated.',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'time-scale': factor({
    helpGroup: 'LOAD',
    summary:
      'Multiply the times of all stages and pauses, and the windows of thresholds, by this factor; rates stay.',
    helpValue: 'FACTOR',
    default: 1,
  }),
}
