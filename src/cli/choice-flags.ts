import { name, names } from './flags.ts'

const algorithms = {
  char: 'a',
  noun: 'algorithm',
  choices: async () => (await import('../algorithms/index.ts')).algorithms,
} as const
const targets = {
  char: 't',
  noun: 'target',
  choices: async () => (await import('../targets/index.ts')).targets,
} as const

/** `--algo` where several algorithms may be measured. */
export const algorithmsFlag = names({
  helpGroup: 'TARGET',
  ...algorithms,
  aliases: ['algorithms', 'algorithm'],
  summary: 'Algorithms to measure, separated by commas (default: those of the scenario).',
  helpValue: 'NAME,…|all',
})

/** `--algo` where all algorithms compete unless some are named. */
export const candidatesFlag = names({
  helpGroup: 'TARGET',
  ...algorithms,
  aliases: ['algorithms', 'algorithm'],
  summary: 'Algorithms to choose from, separated by commas (default: all).',
  helpValue: 'NAME,…|all',
})

const algorithm = { ...algorithms, helpValue: 'NAME' } as const

/** `--in-use`: the algorithm that others are compared with. */
export const inUseFlag = name({
  helpGroup: 'TARGET',
  noun: algorithms.noun,
  choices: algorithms.choices,
  summary:
    'Algorithm in use now, which is simulated and run in any case (default: the only one of the scenario, or round-robin).',
  helpValue: 'NAME',
})

/** `--algo` where there is one algorithm. */
export const algorithmFlag = name({
  helpGroup: 'TARGET',
  ...algorithm,
  summary: 'Balancing algorithm (see "lb list algorithms").',
  default: 'round-robin',
})

/** `--algo` where a file may name the algorithm. */
export const algorithmOverride = name({
  ...algorithm,
  helpGroup: 'BACKENDS',
  summary: 'Balancing algorithm (see "lb list algorithms"; default: round-robin).',
})

/** `--target` where several balancers may be measured. */
export const targetsFlag = names({
  helpGroup: 'TARGET',
  ...targets,
  aliases: ['targets'],
  summary:
    'Balancers to measure, separated by commas (see "lb targets"; default: those of the scenario).',
  helpValue: 'NAME,…',
})

/** `--target` where there is one balancer. */
export const targetFlag = name({
  helpGroup: 'TARGET',
  ...targets,
  summary: 'Balancer to measure (see "lb targets").',
  helpValue: 'NAME',
  default: 'reference',
})

/** `--target` where a file may name the balancer. */
export const targetOverride = name({
  helpGroup: 'TARGET',
  ...targets,
  summary: 'Balancer to load (see "lb targets"; default: the first of the scenario).',
  helpValue: 'NAME',
})

/** Report formats by name, and by the extension of their files: `markdown` or `md`. */
const formats = async () => {
  const { reports } = await import('../../reports/formats/index.ts')
  return reports.map(({ format, extension }) => ({
    name: format,
    aliases: [extension.replace(/^\./, '')],
  }))
}

/** `--format` without a default: the command chooses one. */
export const optionalFormatFlag = name({
  helpGroup: 'OUTPUT',
  char: 'f',
  noun: 'format',
  choices: formats,
  summary:
    'Report format (see "lb list formats"; default: by the extension of --output, or table).',
  helpValue: 'NAME',
})

/** `--format` of a command that prints a report. */
export const formatFlag = name({
  helpGroup: 'OUTPUT',
  char: 'f',
  noun: 'format',
  choices: formats,
  summary: 'Report format (see "lb list formats").',
  helpValue: 'NAME',
  default: 'table',
})
