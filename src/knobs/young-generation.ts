import type { Knob } from './knob.ts'

/** Memory that is filled before the garbage collector runs. */
export const youngGeneration: Knob = {
  name: 'young-generation',
  aliases: ['gogc'],
  advice: 'Give the heap more room, so that garbage is collected less often.',
  source: 'Node: --max-semi-space-size; Go: GOGC',
  moves: ['cpuPerRequest', 'latencyP99', 'rssMean'],
  settings: {
    reference: {
      ...{ default: '6', alternatives: ['32'], accepts: { from: 1, to: 1024, unit: 'MiB' } },
      turn: (mebibytes) => ({
        config: { memory: { youngGeneration: Number(mebibytes) } },
        readBack: [{ from: 'workers', what: 'youngGeneration', is: mebibytes }],
      }),
    },
    caddy: {
      ...{ default: '100', alternatives: ['400'], accepts: { from: 1, to: 10_000, unit: '%' } },
      turn: (percent) => ({
        env: { GOGC: percent },
        readBack: [{ from: 'environment', what: 'GOGC', is: percent }],
      }),
    },
  },
}
